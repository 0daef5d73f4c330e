"""Structured log lines on standard error: readable on a terminal, JSON elsewhere. Standard output belongs to
what a command answers.

Every line of a run carries the run's number, those from other threads too: a process does one run at a time
(rule 18).
"""

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from syncer.core.text import visible_lines

_ROOT = Path(__file__).resolve().parents[2]
_MOST_FRAMES = 8
_under_way: list[int] = []


def configure() -> None:
    """Send every log line of this program to standard error, from INFO on."""
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _with_run,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if terminal else "iso", utc=not terminal),
            structlog.processors.format_exc_info,
            *([_visible] if terminal else []),
            (
                structlog.dev.ConsoleRenderer()
                if terminal
                else structlog.processors.JSONRenderer(ensure_ascii=False)
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(
            sys.stderr
        ),  # as it is when the line is said: it may have been replaced since
    )


@contextmanager
def of_run(run: int) -> Iterator[None]:
    """Every log line inside carries ``run``. A run may be done inside another (a Test between two batches):
    then the inner one's number."""
    _under_way.append(run)
    try:
        with structlog.contextvars.bound_contextvars(run=run):
            yield
    finally:
        _under_way.pop()


def _with_run(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Lines of other threads (the lease's heart, the senders) have no context of their own: they belong to
    the run that goes on."""
    if "run" not in line and _under_way:
        line["run"] = _under_way[-1]
    return line


def _visible(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Nothing in a value is obeyed by the terminal."""
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = visible_lines(value)
    return line


def frames_of(error: BaseException) -> list[str]:
    """Where ``error`` came from, for a log line that leaves its text out, because that may hold somebody's
    values."""
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(path: str) -> str:
    file = Path(path)
    return str(file.relative_to(_ROOT)) if file.is_relative_to(_ROOT) else file.name
