"""What is kept, and for how long: log entries past their retention go, and with them what belongs to
their time (runs, plans of dry runs, answers to requests). A batch at a time; the rest goes the next time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, ColumnElement, Engine, Table, and_, delete, exists, func, select

from syncer.infra.database.compaction import compact
from syncer.infra.database.hold_tables import HoldRow
from syncer.infra.database.request_table import RequestRow
from syncer.infra.database.tables import PlannedRow, SendingRow, ShownRow, table
from syncer.journal import log
from syncer.journal.log import ENTRIES
from syncer.journal.run_state import OPEN_STATES, Trigger
from syncer.journal.runs import RUNS

BATCH = 1000
"""Rows that are deleted in one transaction: others write to the database meanwhile."""
_HOLDS, _PLANNED, _SENDING = table(HoldRow), table(PlannedRow), table(SendingRow)
_SHOWN, _REQUESTS = table(ShownRow), table(RequestRow)


def look_after(engine: Engine, days: int, now: datetime | None = None) -> None:
    """Delete what is older than ``days``, and give back the room that it took."""
    now = now or datetime.now(UTC)
    log.delete_old(engine, days, now=now)
    delete_old_runs(engine, days, now)
    compact(engine)


def delete_old_runs(engine: Engine, days: int, now: datetime, batch: int = BATCH) -> int:
    """Delete the runs that began more than ``days`` ago, plans of dry runs, and requests that were answered
    then; returns how many runs.

    What is still of use stays: runs that go on or wait, that have entries, notes of what was sent, or holds;
    and the newest of each trigger and state, by which is told how the sync was doing last. So no number is
    ever given again.
    """
    until = now - timedelta(days=days)
    old = select(RUNS.c.id).where(RUNS.c.started_at < until)
    _delete(engine, _PLANNED, _PLANNED.c.id, _PLANNED.c.run.in_(old), batch)
    _delete(engine, _REQUESTS, _REQUESTS.c.id, _REQUESTS.c.answered_at < until, batch)
    with engine.connect() as connection:
        newest = select(func.max(RUNS.c.id)).group_by(RUNS.c.trigger, RUNS.c.state)
        kept = set(connection.execute(newest.where(RUNS.c.trigger != Trigger.DRY_RUN)).scalars())
        kept.add(connection.execute(select(func.max(RUNS.c.id))).scalar_one())
    needed = (
        exists().where(ENTRIES.c.run == RUNS.c.id),
        exists().where(_SENDING.c.run == RUNS.c.id),
        exists().where(_SHOWN.c.run == RUNS.c.id),
        exists().where(_HOLDS.c.run == RUNS.c.id, _HOLDS.c.ended_at.is_(None)),
    )
    which = and_(
        RUNS.c.started_at < until,
        RUNS.c.state.not_in(OPEN_STATES),
        RUNS.c.id.not_in(kept),
        *(~each for each in needed),
    )
    return _delete(engine, RUNS, RUNS.c.id, which, batch)


def _delete(engine: Engine, rows: Table, number: Column[int], which: ColumnElement[bool], batch: int) -> int:
    deleted = 0
    while True:
        with engine.begin() as connection:
            some = select(number).where(which).limit(batch)
            done = connection.execute(delete(rows).where(number.in_(some))).rowcount
        deleted += done
        if done < batch:
            return deleted
