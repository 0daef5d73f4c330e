"""What libraries log, as log lines of the product."""

import logging
from typing import Any

import structlog


class StructuredHandler(logging.Handler):
    """Passes on what libraries log, as our own log lines."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log one record."""
        more: dict[str, Any] = {"exc_info": record.exc_info} if record.exc_info else {}
        structlog.get_logger(record.name).log(record.levelno, record.getMessage(), **more)
