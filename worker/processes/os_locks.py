"""Processes that never outlive the one that started them, and locks that the kernel gives back when their
holder dies."""

import ctypes
import fcntl
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1  # prctl(2)
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(parent: int, number: signal.Signals) -> None:
    """To be called in a new child: have the kernel send it ``number`` when its parent, the process
    ``parent``, dies. Linux only.

    The parent must have started it from its main thread, since the kernel means the thread. A parent that
    died before is noticed too.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)


def tied_to_us(number: signal.Signals) -> Callable[[], None]:
    """What `subprocess.Popen` should do in a child before it begins (``preexec_fn``): see
    `end_with_parent`."""
    parent = os.getpid()
    return lambda: end_with_parent(parent, number)


class FileLock:
    """A lock on a file in a folder, held by this process and whoever inherits its descriptor; gone when they
    are."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def take(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take the lock, alone or together with others; False where somebody else holds it and we do not
        ``wait``. Raises OSError."""
        if self._file is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = open(  # noqa: SIM115  it stays open as long as the lock is held
                os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0
            )
        how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(self._file, how)
        except BlockingIOError:
            self.release()
            return False
        return True

    def descriptor(self) -> int:
        """The descriptor of a lock that was taken, for a child that shall hold it too."""
        if self._file is None:
            raise ValueError("the lock was not taken")
        return self._file.fileno()

    def release(self) -> None:
        """Give our part of the lock back. Harmless where it is not ours."""
        if self._file is not None:
            self._file.close()
            self._file = None
