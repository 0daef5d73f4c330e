"""How a process that works on a job hears that it shall stop: it finishes the batch in hand and leaves."""

import os
import signal
import threading
import time

STOPPING = threading.Event()
"""Set when this process was asked to stop; given to `syncer.application.commands.Commands`."""
PATIENCE = 25.0
"""Seconds from the signal until the process ends in any case, so that nobody waits for longer than half a
minute."""


def listen() -> None:
    """From now on, SIGTERM sets `STOPPING`; SIGINT is left to the parent, which hears it too.

    A thread waits for the signal: a handler would run in the middle of whatever the main thread is doing,
    which may hold the event's own lock.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    threading.Thread(target=_wait, name="stopping", daemon=True).start()


def _wait() -> None:
    signal.sigwait({signal.SIGTERM})
    STOPPING.set()
    time.sleep(PATIENCE)
    os._exit(1)  # as good as SIGKILL, which costs only time
