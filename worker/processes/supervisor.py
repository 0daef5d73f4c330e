"""Runs several commands of ours as children, starts again what dies, and leaves nothing when it ends, however
it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from worker.processes.os_locks import tied_to_us

STOP_SECONDS = 30.0
"""What a child may take to finish the batch in hand; then it is killed, which costs only time."""
LOOK_EVERY = 0.1
_SHORTEST_PAUSE, _LONGEST_PAUSE, _HEALTHY_AFTER = 0.1, 30.0, 5.0
_log = structlog.get_logger(__name__)


@dataclass
class Child:
    """A command to keep running. ``command`` gives the arguments after ``python`` for each start; ``died`` is
    told of each end."""

    name: str
    command: Callable[[], Sequence[str]]
    died: Callable[[], None] = lambda: None
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    next_start: float = 0.0
    pause: float = field(default=_SHORTEST_PAUSE)


class Supervisor:
    """Must be used from the main thread: it handles signals, and its children are tied to it (Linux)."""

    def __init__(self, children: Sequence[Child], look: Callable[[], None] = lambda: None) -> None:
        """``look`` is called at every look at the children; it must be quick and raise nothing."""
        self._children, self._look = children, look
        self._leaving = False

    def run(self) -> None:
        """Keep the children running until SIGTERM, SIGHUP or Ctrl-C, then stop them, first asking, then
        insisting."""
        before = {
            number: signal.signal(number, self._leave)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        }
        try:
            while not self._leaving:
                for child in self._children:
                    self._see_to(child)
                self._look()
                time.sleep(LOOK_EVERY)
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _leave(self, *_: object) -> None:
        self._leaving = True

    def _see_to(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.next_start:
                child.process, child.started = _start(child.command()), now
            return
        status = child.process.poll()
        if status is None:
            return
        child.process = None
        child.pause = (
            _SHORTEST_PAUSE if now - child.started >= _HEALTHY_AFTER else min(child.pause * 2, _LONGEST_PAUSE)
        )
        child.next_start = now + child.pause
        _log.warning(
            "died, will be started again", process=child.name, status=status, seconds=round(child.pause, 1)
        )
        child.died()

    def _stop(self) -> None:
        running = [child.process for child in self._children if child.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _start(arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl-C reaches the supervisor alone, which then stops its children in order. Where
    # the supervisor is killed, the kernel asks them to stop.
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=tied_to_us(signal.SIGTERM),
    )
