"""What somebody wants to know at a glance, read from the database alone: when the next run comes, what is
due, what fails, what the day cost.

Nothing is asked of either system, and nothing of Redis: whether a worker is alive is the worker's to say
(`worker.health`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from syncer.configuration.document import Document
from syncer.configuration.suspension import NOTHING, Suspension
from syncer.connections.connection_state import ConnectionState
from syncer.connections.connection_store import ConnectionView
from syncer.core.records import System
from syncer.core.trust.clocks import TRUSTED
from syncer.core.trust.standstill import Standstill, StandstillCause
from syncer.infra.database.tables import VersionRow, table
from syncer.journal import api_usage, run_queries, runs, schedule
from syncer.journal.api_usage import Usage
from syncer.journal.run_state import WHOLE_RUNS, RunState, Trigger
from syncer.journal.runs import RUNS, Run
from syncer.sync import failures, suspensions
from syncer.sync.failures import CauseCount

VERSIONS = table(VersionRow)
MISSED = 3
"""So many intervals without a tick, and nobody seems to be at work."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """``next_run``: when the next tick is due, None while the schedule stands still without an end
    (``standstill`` says why it stands still). ``last_tick``: the last one that had its run. ``overdue``:
    ticks were missed, so that probably no scheduler or worker is alive. ``rejected``: the run since whose
    rejection the schedule pauses. ``stands``: what a person decided, or has yet to."""

    interval_seconds: int
    last_tick: datetime | None
    next_run: datetime | None
    standstill: str
    overdue: bool
    rejected: int | None = None
    stands: Standstill | None = None

    @property
    def live(self) -> bool:
        """Whether somebody said that runs may be started by the clock."""
        return self.stands is None or self.stands.cause is not StandstillCause.NOT_LIVE

    @property
    def paused(self) -> Standstill | None:
        """The pause that somebody asked for, if one is in force."""
        return self.stands if self.stands and self.stands.cause is StandstillCause.PAUSED else None

    @property
    def every(self) -> str:
        """The interval in words; a whole number of minutes, but in trials."""
        minutes, seconds = divmod(self.interval_seconds, 60)
        return (
            f"{self.interval_seconds} seconds"
            if seconds
            else "minute"
            if minutes == 1
            else f"{minutes} minutes"
        )


@dataclass(frozen=True, slots=True)
class Overview:
    """``last`` is the last whole run that ended or waits; ``running`` the run under way; ``due`` what the
    next run takes on; ``later`` the failed ones whose time has not come; ``suspended`` what stands still
    while the rest goes on (rule 22); ``waiting``, ``waiting_retry`` and ``waiting_undo`` wait for
    approval."""

    last: Run | None
    running: Run | None
    progress: dict[str, object] | None
    waiting: Run | None
    schedule: Schedule
    due: int
    later: int
    failing: int
    causes: list[CauseCount]
    calls_today: int
    usage: Usage | None
    suspended: Suspension = NOTHING
    waiting_retry: Run | None = None
    waiting_undo: Run | None = None

    @property
    def all_waiting(self) -> list[Run]:
        """The runs that wait for approval."""
        return [run for run in (self.waiting, self.waiting_retry, self.waiting_undo) if run]

    @property
    def suspect_fields(self) -> list[dict[str, Any]]:
        """The fields whose blanks wait, as `guard.FieldRead.to_json` keeps them (rule 6)."""
        return [each for run in self.all_waiting for each in (run.numbers or {}).get("suspects", [])]


def read_overview(
    engine: Engine,
    current: tuple[int, Document] | None,
    views: dict[System, ConnectionView | None],
    now: datetime | None = None,
    interval_seconds: int | None = None,
) -> Overview:
    """How everything stands. ``current``: the configuration in force with its version; ``views``: both
    connections; ``interval_seconds``: what the environment says instead of the configuration's interval."""
    now = now or datetime.now(UTC)
    document = current[1] if current else None
    ended = (RUNS.c.trigger.in_(WHOLE_RUNS), RUNS.c.state.not_in((RunState.RUNNING, RunState.SKIPPED)))
    with engine.connect() as connection:
        newest = (
            connection.execute(select(RUNS).where(*ended).order_by(RUNS.c.id.desc()).limit(1))
            .mappings()
            .first()
        )
        due, later = failures.due(connection, document, now) if document else (0, 0)
        causes = failures.by_cause(connection, document) if document else []
        records = failures.records(connection, document) if document else 0
    running = runs.in_progress(engine)
    return Overview(
        last=runs.from_row(newest) if newest else None,
        running=running,
        progress=running.progress if running else None,
        waiting=runs.waiting(engine, WHOLE_RUNS),
        waiting_retry=runs.waiting(engine, [Trigger.RETRY]),
        waiting_undo=runs.waiting(engine, [Trigger.UNDO]),
        schedule=_schedule(engine, current, views, now, running, interval_seconds),
        due=due,
        later=later,
        failing=records,
        causes=causes,
        calls_today=run_queries.salesforce_calls_within(engine, now, timedelta(days=1)),
        usage=api_usage.load(engine),
        suspended=suspensions.current(engine),
    )


def _schedule(
    engine: Engine,
    current: tuple[int, Document] | None,
    views: dict[System, ConnectionView | None],
    now: datetime,
    running: Run | None,
    interval_seconds: int | None,
) -> Schedule:
    with engine.connect() as connection:
        # What a wrong clock dated ahead says nothing about when ticks came (rule 23).
        latest = now + TRUSTED
        slots = select(func.max(RUNS.c.slot)).where(RUNS.c.slot <= int(latest.timestamp()))
        slot: int | None = connection.execute(slots).scalar_one()
        stands = schedule.standstill(connection, current[0], now) if current else None
        began_again = schedule.began_again(connection)
        lately = [
            connection.execute(select(func.max(column)).where(column <= latest)).scalar_one()
            for column in (RUNS.c.started_at, VERSIONS.c.created_at)
        ]
    last = datetime.fromtimestamp(slot, UTC) if slot is not None else None
    if current is None:
        return Schedule(interval_seconds or 900, last, None, "Nothing is configured yet.", False)
    every = interval_seconds or int(current[1]["preferences"]["interval_minutes"]) * 60
    apart = timedelta(seconds=every)
    if unusable := _why_unusable(views):
        return Schedule(every, last, None, unusable, False, stands=stands)
    if stands and stands.until is None:
        return Schedule(every, last, None, stands.sentence, False, stands.run, stands)
    limits = [view.paused_until for view in views.values() if view and view.paused_until]
    paused = max(filter(None, [*limits, stands.until if stands else None]), default=None)
    start = max(now, paused or now)
    following = datetime.fromtimestamp(
        (start.timestamp() // apart.total_seconds() + 1) * apart.total_seconds(), UTC
    )
    # Ticks could come since the last of these: a run of any sort, a changed setting, a new sign-in, the end
    # of a pause.
    happened = (last, *lately, *began_again, *(view.connected_at for view in views.values() if view))
    since = max((*(at for at in happened if at and at <= latest), *filter(None, [paused])), default=None)
    overdue = since is None or now - since > MISSED * apart
    why = stands.sentence if stands else ""
    return Schedule(every, last, following, why, not running and overdue, stands=stands)


def _why_unusable(views: dict[System, ConnectionView | None]) -> str:
    """Which connection keeps every run from beginning, as a sentence; empty where none does."""
    closed = [view for view in views.values() if view and view.state == ConnectionState.KEY_MISSING]
    if closed:
        return closed[0].message
    stopped = [system.label for system, view in views.items() if view is None or not view.usable]
    return f"{' and '.join(stopped)} must be connected first." if stopped else ""
