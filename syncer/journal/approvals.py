"""Approval and rejection of the waiting run. An approval covers what somebody was shown: the settings and the
numbers (rule 19)."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from syncer.core.guard import ChangeCounts, approval_covers
from syncer.infra.database import key_value
from syncer.journal import runs, schedule_pause
from syncer.journal.run_state import RunState
from syncer.journal.runs import RUNS, Run

APPROVAL = "approval"
"""The key of what was approved and is not done yet. It stays until a run of this size is done, even if one is
killed on the way."""


class NotWaiting(Exception):
    """The run that somebody approved does not wait (any more); ``str()`` says so. Nothing was approved, and
    nothing done."""

    def __init__(self, run: int) -> None:
        super().__init__(
            f"Run {run} does not wait for an approval any more: it was answered meanwhile, or ended. Nothing"
            " was done."
        )


def approve(
    engine: Engine, run: int, version: int | None = None, numbers: dict[str, Any] | None = None
) -> None:
    """Approve the waiting ``run`` as somebody saw it: by the settings ``version`` and with these ``numbers``
    (as from `guard.ChangeCounts.to_json`); by default as it waits now. A tick may have refreshed it since
    they looked. Raises `NotWaiting`."""
    with engine.begin() as connection:
        found = _lock_waiting(connection, run)
        if found is None:
            raise NotWaiting(run)
        approved = {
            "version": version or found.version,
            "numbers": runs.without_examples(numbers or found.numbers),
        }
        key_value.write(connection, APPROVAL, approved)


def why_not_approved(engine: Engine, version: int, numbers: ChangeCounts) -> str | None:
    """None where a run of these numbers, by the settings ``version``, was approved; else why what was
    approved does not cover it, as a sentence, empty where nothing was."""
    with engine.begin() as connection:
        approved = key_value.read(connection, APPROVAL)
    if not approved:
        return ""
    if approved.get("version") != version:
        return "The settings were changed since it was approved: look at it again."
    if not approval_covers(numbers, approved.get("numbers") or {}):
        return "It would do more than what was approved, or something else: look at it again."
    return None


def clear(connection: Connection) -> None:
    """Forget the approval: what it covered is done, or was rejected."""
    key_value.write(connection, APPROVAL, {})


def reject(engine: Engine, run: int) -> Run | None:
    """End a waiting run: nothing is written, its pairs stay due, and the schedule pauses. None where that run
    does not wait."""
    with engine.begin() as connection:
        found = _lock_waiting(connection, run)
        if found is None:
            return None
        _end_waiting(connection, found, "Rejected. Nothing was written; its records stay due.", runs.REJECTED)
        clear(connection)
        schedule_pause.pause_after_rejection(connection, run, found.version)
    return found


def _lock_waiting(connection: Connection, run: int) -> Run | None:
    """The run of this number if it waits for approval; nobody else can change it until the transaction
    ends."""
    waits = select(RUNS).where(RUNS.c.id == run, RUNS.c.state == RunState.WAITING).with_for_update()
    row = connection.execute(waits).mappings().first()
    return runs.from_row(row) if row else None


def _end_waiting(connection: Connection, run: Run, reason: str, code: str) -> None:
    """End a run that was found by `_lock_waiting`: it wrote nothing more."""
    run.state, run.reason, run.code = RunState.CANCELLED, reason, code
    run.numbers, run.ended_at = runs.without_examples(run.numbers), datetime.now(UTC)
    ended = ("state", "reason", "code", "numbers", "ended_at")
    columns = {name: getattr(run, name) for name in ended} | {"progress": None}
    connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(columns))
    run.saved_state = run.state
