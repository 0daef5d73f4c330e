"""Which moments of the schedule have had their run. What a wrong clock dated does not count (rule 23): where
that was ahead and was put back, the same moments come again."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Engine, or_, select

from syncer.core.trust.clocks import TRUSTED
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import RUNS


def slot_taken(engine: Engine, slot: int, now: datetime | None = None) -> bool:
    """Whether the slot of the schedule that began at this second (since 1970) has had its run. One whose
    process died does not count."""
    begins = datetime.fromtimestamp(slot, UTC)
    return _any(engine, [RUNS.c.slot == slot, RUNS.c.started_at >= begins - TRUSTED], now)


def done_since(engine: Engine, trigger: Trigger, second: int, now: datetime | None = None) -> bool:
    """Whether a run of this trigger began at ``second`` (since 1970) or later, and was not cut short by the
    death of its process."""
    began = datetime.fromtimestamp(second, UTC)
    return _any(engine, [RUNS.c.trigger == trigger, RUNS.c.started_at >= began], now)


def _any(engine: Engine, which: list[ColumnElement[bool]], now: datetime | None) -> bool:
    latest = (now or datetime.now(UTC)) + TRUSTED
    over = RUNS.c.state != RunState.RUNNING, RUNS.c.code != "PROCESS_ENDED", RUNS.c.started_at <= latest
    with engine.connect() as connection:
        found = connection.execute(select(RUNS.c.id, RUNS.c.started_at).where(*which, *over)).all()
        return any(not _was_put_back(connection, row.id, row.started_at, latest) for row in found)


def _was_put_back(connection: Connection, run: int, started_at: datetime, latest: datetime) -> bool:
    """Whether a later run is dated earlier, or ahead of our clock: it was put back since this one began."""
    misdated = or_(RUNS.c.started_at < started_at - TRUSTED, RUNS.c.started_at > latest)
    later = select(RUNS.c.id).where(RUNS.c.id > run, misdated).limit(1)
    return connection.execute(later).first() is not None
