"""Runs in people's words: what started a run, its state, and how it ended."""

from dashboard.shared import badges, times
from dashboard.shared.markdown import plain
from syncer.core.plan import Status
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import REJECTED, Run

_TRIGGERS: dict[str, str] = {
    Trigger.SCHEDULE: "Schedule",
    Trigger.SYNC: "Sync now",
    Trigger.NIGHTLY: "Nightly check",
    Trigger.BACKFILL: "Read everything again",
    Trigger.DRY_RUN: "Dry run",
    Trigger.TEST: "Test",
    Trigger.RETRY: "Retry",
    Trigger.UNDO: "Undo",
}
_WRITTEN = (Status.INSERTED, Status.UPDATED, Status.UPSERTED, Status.DEACTIVATED)


def trigger(name: str) -> str:
    """What started a run."""
    return _TRIGGERS.get(name, name)


def state(run: Run) -> str:
    """The state of a run (`badges.RUN_STATES`), where a rejected run is not merely cancelled."""
    return badges.REJECTED if run.code == REJECTED else run.state


def written(run: Run) -> int:
    """How many records the run wrote or deactivated, in all directions. A record that was written in both
    directions counts twice."""
    return _total(run, *_WRITTEN)


def failed(run: Run) -> int:
    """How many records failed in the run."""
    return _total(run, Status.FAILED)


def outcome(run: Run) -> str:
    """How a run ended, as Markdown."""
    if run.state == RunState.DONE and run.trigger == Trigger.DRY_RUN:
        return f"The dry run {run.id} is done. Nothing was written."
    numbers = "nothing had to be written"
    if written(run) or failed(run):
        numbers = f"{written(run):,} written, {failed(run):,} failed"
    if run.state == RunState.DONE:
        return f"Run {run.id} is done: {numbers}, in {times.duration(run.seconds)}."
    sentences: dict[RunState, str] = {
        RunState.FAILED: f"Run {run.id} failed.",
        RunState.WAITING: f"Run {run.id} waits for approval ({numbers}).",
        RunState.CANCELLED: f"Run {run.id} was cancelled ({numbers}).",
        RunState.SKIPPED: "It was not begun.",
    }
    sentence = sentences.get(run.state, f"Run {run.id} is going on.")
    return f"{sentence} {plain(run.reason, longest=600)}".strip()


def _total(run: Run, *statuses: Status) -> int:
    return sum(counts.get(status, 0) for counts in run.counts.values() for status in statuses)
