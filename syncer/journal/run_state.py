"""The states of a run and what may start one, in the words of the database, the command line and the
dashboard."""

from enum import StrEnum


class RunState(StrEnum):
    """The state of a run. ``FAILED`` is the run itself, not a record of it."""

    DONE = "done"
    FAILED = "failed"
    WAITING = "waiting"
    """Stopped by the guard before its first write, until somebody approves or rejects it (rule 19)."""
    RUNNING = "running"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    """Never begun, because another run was going on or the connection was paused."""


class Trigger(StrEnum):
    """What started a run."""

    SYNC = "sync"
    SCHEDULE = "schedule"
    NIGHTLY = "nightly"
    BACKFILL = "backfill"
    DRY_RUN = "dry run"
    TEST = "test"
    RETRY = "retry"
    UNDO = "undo"


WHOLE_RUNS = (Trigger.SYNC, Trigger.SCHEDULE, Trigger.NIGHTLY, Trigger.BACKFILL)
"""What starts a run over everything that is due. The others (dry run, test, retry) say nothing about how the
sync is doing."""
WRITING_RUNS = (*WHOLE_RUNS, Trigger.TEST, Trigger.RETRY, Trigger.UNDO)
"""What starts a run that may write, and so has log entries."""
OPEN_STATES = (RunState.RUNNING, RunState.WAITING)
"""The states of a run that has not ended."""


def group(trigger: Trigger) -> tuple[Trigger, ...]:
    """The triggers of which one run waits at most: all that begin whole runs, Retry, or undo."""
    return WHOLE_RUNS if trigger in WHOLE_RUNS else (trigger,)
