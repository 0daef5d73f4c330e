"""Moves the clock of the process that it is imported in, which Python does before anything else where this
folder is on PYTHONPATH: by the seconds in the file that CLOCK_AHEAD names, whenever somebody asks.

Python and all libraries ask for the time here; those that measure how long something takes
(``time.monotonic``) go on as on a machine whose clock is put right. The database and Redis keep their own
time, as on machines of their own.
"""

import ctypes
import gc
import mmap
import os
import struct
import time
from datetime import UTC, datetime, tzinfo
from typing import Any

_time = time.time
_time_ns = time.time_ns


def _move_clock(file: str) -> None:
    with open(file, "rb") as opened:
        held = mmap.mmap(opened.fileno(), 8, access=mmap.ACCESS_READ)

    def ahead() -> float:
        (seconds,) = struct.unpack("d", held[:8])
        return float(seconds)

    def moved() -> float:
        return _time() + ahead()

    def moved_ns() -> int:
        return _time_ns() + int(ahead() * 1e9)

    def now(kind: type[datetime], tz: tzinfo | None = None) -> datetime:
        return kind.fromtimestamp(moved(), tz)

    def utcnow(kind: type[datetime]) -> datetime:
        return kind.fromtimestamp(moved(), UTC).replace(tzinfo=None)

    time.time, time.time_ns = moved, moved_ns
    # What is written in C takes no new attribute by the usual way.
    attributes: dict[str, Any] = gc.get_referents(vars(datetime))[0]
    attributes |= {"now": classmethod(now), "utcnow": classmethod(utcnow)}
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime))


if "CLOCK_AHEAD" in os.environ:
    _move_clock(os.environ["CLOCK_AHEAD"])
