"""SIGTERM ends the dashboard within a time, whatever its event loop is busy with."""

import os
import signal
import threading
from types import FrameType

PATIENCE = 10.0
"""Seconds in which the server may end in order."""


def end_in_any_case() -> None:
    """Let the next SIGTERM end this process in any case, besides what it does already. To be called by the
    main thread, once the server listens to it."""
    before = signal.getsignal(signal.SIGTERM)

    def on_signal(number: int, frame: FrameType | None) -> None:
        end = threading.Timer(PATIENCE, os._exit, [1])
        end.daemon = True
        end.start()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, on_signal)
