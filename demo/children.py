"""Child processes that never outlive this one: stopped when told, and by the kernel when this process is
killed."""

import ctypes
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 5.0
"""Seconds that a child has to stop by itself."""
_PR_SET_PDEATHSIG = 1  # prctl(2)
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def child(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    errors: int | None = None,
    output: IO[str] | int = subprocess.PIPE,
    patience: float = 0,
) -> Iterator[subprocess.Popen[str]]:
    """Run ``python ARGUMENTS`` in the repository's folder, with pipes for input and (by default) output. It
    is stopped at the end of the block; ``patience``: how many seconds it may take for that (default:
    `PATIENCE`).

    It has a session of its own, so that Ctrl-C reaches this process alone, which then stops its children in
    order.
    """
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=errors,
        text=True,
        start_new_session=True,
        preexec_fn=_die_with_parent,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(patience or PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block as Ctrl-C does: by an exception, so that everything opened in it
    is closed."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
