"""The jobs. They take numbers and short names only, and read everything else from the database."""

from syncer.application import doctor
from syncer.journal.run_queries import done_since
from syncer.journal.run_state import Trigger
from syncer.journal.undoable import Undoing
from worker.job_runner import answer, answer_requests, patiently, too_late


def tick(slot: int) -> None:
    """The scheduled run of a slot, which is told by the second at which it begins."""
    patiently(lambda commands: too_late(commands, slot) or commands.tick(slot))


def nightly(slot: int) -> None:
    """The nightly run of a slot (see `tick`), which looks for what the increments missed."""
    patiently(
        lambda commands: (
            done_since(commands.application.database, Trigger.NIGHTLY, slot) or commands.nightly()
        )
    )


def serve(request: int) -> None:
    """Whatever was asked for single records, this request among it, unless the run that goes on does so
    first."""
    answer_requests(request)


def sync(ticket: str) -> None:
    """Sync now."""
    answer(ticket, Trigger.SYNC, lambda commands: commands.sync())


def backfill(ticket: str) -> None:
    """A run that reads everything again."""
    answer(ticket, Trigger.BACKFILL, lambda commands: commands.backfill())


def dry_run(ticket: str) -> None:
    """A run that stops before its first write; its counts stand in the run."""
    answer(ticket, Trigger.DRY_RUN, lambda commands: commands.dry_run(lambda plan: None))


def examine() -> None:
    """Prove what is assumed of the connected systems."""
    patiently(lambda commands: doctor.examine(commands.application))


def examine_connected() -> None:
    """The same of the systems that were connected since that was done last."""
    patiently(lambda commands: doctor.examine_what_is_due(commands.application))


def undo(ticket: str, run: int) -> None:
    """What a run overwrote is to be put back: that waits until somebody approves it."""
    answer(ticket, Trigger.UNDO, lambda commands: commands.undo(Undoing(run=run)))


def undo_version(ticket: str, version: int) -> None:
    """The same of all runs under a version of the settings."""
    answer(ticket, Trigger.UNDO, lambda commands: commands.undo(Undoing(version=version)))


def put_back(ticket: str, entry: int, field: str | None = None) -> None:
    """What one log entry wrote is put back at once, or that one field of it: somebody confirmed it."""
    answer(ticket, Trigger.UNDO, lambda commands: commands.put_back(entry, field))


def approve(ticket: str, run: int) -> None:
    """The waiting run goes on."""
    answer(ticket, Trigger.SYNC, lambda commands: commands.approve(run, agreed=True))
