"""Reading the runs: newest first, filtered, page by page; the last whole ones, for a chart; and which moments
of the schedule have had theirs. Each query has an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, or_, select

from syncer.core.trust.clocks import TRUSTED
from syncer.infra.database.engine import reading
from syncer.journal.run_state import WHOLE_RUNS, RunState, Trigger
from syncer.journal.runs import RUNS, Run, from_row

ENDED = (RunState.DONE, RunState.FAILED, RunState.CANCELLED)


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs: of a trigger, in a state, older than the run ``before``; with ``skipped``, also those that
    did not take place. None: all."""

    trigger: Trigger | None = None
    state: RunState | None = None
    before: int | None = None
    skipped: bool = True


@dataclass(frozen=True, slots=True)
class RunPage:
    """Some runs, newest first. ``next`` is the ``before`` of the page that follows, None on the last."""

    runs: list[Run]
    next: int | None


def page(engine: Engine, criteria: RunFilter, limit: int = 25) -> RunPage:
    """The newest ``limit`` of these runs."""
    with reading(engine).connect() as connection:
        found = [from_row(row) for row in connection.execute(statement(criteria, limit + 1)).mappings()]
    return RunPage(found[:limit], found[limit - 1].id if len(found) > limit else None)


def statement(criteria: RunFilter, limit: int) -> Select[Any]:
    """The query behind a page."""
    query = select(RUNS).order_by(RUNS.c.id.desc()).limit(limit)
    if criteria.trigger is not None:
        query = query.where(RUNS.c.trigger == criteria.trigger)
    if criteria.state is not None:
        query = query.where(RUNS.c.state == criteria.state)
    if criteria.before is not None:
        query = query.where(RUNS.c.id < criteria.before)
    if not criteria.skipped:
        query = query.where(RUNS.c.state != RunState.SKIPPED)
    return query


def recent(engine: Engine, limit: int = 30) -> list[Run]:
    """The last whole runs that ended, oldest first."""
    query = (
        select(RUNS)
        .where(RUNS.c.trigger.in_(WHOLE_RUNS), RUNS.c.state.in_(ENDED))
        .order_by(RUNS.c.id.desc())
        .limit(limit)
    )
    with reading(engine).connect() as connection:
        newest_first = [from_row(row) for row in connection.execute(query).mappings()]
    return newest_first[::-1]


def last_good(engine: Engine, now: datetime) -> datetime | None:
    """When the last whole run that was done ended; None where there is none. What a wrong clock dated ahead
    of ``now`` is passed over (rule 23)."""
    query = (
        select(RUNS.c.ended_at)
        .where(
            RUNS.c.trigger.in_(WHOLE_RUNS),
            RUNS.c.state == RunState.DONE,
            RUNS.c.ended_at <= now + TRUSTED,
        )
        .order_by(RUNS.c.id.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        return connection.execute(query).scalar_one_or_none()


def ever_tried_out(engine: Engine) -> bool:
    """Whether a dry run or a Test was ever done: somebody has seen what would happen."""
    return _ever_done(engine, (Trigger.DRY_RUN, Trigger.TEST))


def ever_synced(engine: Engine) -> bool:
    """Whether a whole run was ever done."""
    return _ever_done(engine, WHOLE_RUNS)


def _ever_done(engine: Engine, triggers: Sequence[Trigger]) -> bool:
    query = select(RUNS.c.id).where(RUNS.c.trigger.in_(triggers), RUNS.c.state == RunState.DONE).limit(1)
    with reading(engine).connect() as connection:
        return connection.execute(query).first() is not None


def salesforce_calls_within(engine: Engine, now: datetime, period: timedelta) -> int:
    """Salesforce calls of all runs that began within the ``period`` before ``now``. Runs that a wrong clock
    dated ahead are left out (rule 23)."""
    within = RUNS.c.started_at >= now - period, RUNS.c.started_at <= now + TRUSTED
    with engine.connect() as connection:
        found = connection.execute(select(RUNS.c.calls).where(*within)).scalars()
        return sum((calls or {}).get("salesforce", 0) for calls in found)


def slot_taken(engine: Engine, slot: int, now: datetime | None = None) -> bool:
    """Whether the slot of the schedule that began at this second (since 1970) has had its run. One whose
    process died does not count, nor what a wrong clock dated (rule 23): where that was ahead and was put
    back, the same slots come again."""
    begins = datetime.fromtimestamp(slot, UTC)
    return _any_counts(engine, [RUNS.c.slot == slot, RUNS.c.started_at >= begins - TRUSTED], now)


def done_since(engine: Engine, trigger: Trigger, second: int, now: datetime | None = None) -> bool:
    """Whether a run of this trigger began at ``second`` (since 1970) or later, and was not cut short by the
    death of its process. What a wrong clock dated does not count."""
    began = datetime.fromtimestamp(second, UTC)
    return _any_counts(engine, [RUNS.c.trigger == trigger, RUNS.c.started_at >= began], now)


def _any_counts(engine: Engine, which: list[ColumnElement[bool]], now: datetime | None) -> bool:
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
