"""The conditions that people are alerted to, evaluated after a run: the sync, the sign-ins, the guard, the
limits, the records. No sentence here holds a student's value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, select

from syncer.configuration.versions import ConfigStore
from syncer.connections.connection_state import ConnectionState
from syncer.connectors.errors import Fault, LimitReached, ReconnectNeeded
from syncer.connectors.response_headers import MAX_RETRY_AFTER
from syncer.core.records import System
from syncer.core.text import counted
from syncer.core.trust.clocks import is_credible
from syncer.core.trust.standstill import StandstillCause
from syncer.infra.database.tables import ConnectionRow, table
from syncer.journal import runs, schedule
from syncer.journal.run_state import WHOLE_RUNS, RunState
from syncer.journal.runs import Run
from syncer.sync import failures, suspensions
from syncer.sync.holds import listing
from syncer.sync.pull import findings

GOOD = "good"
RUN_FAILING = "run_failing"
RECONNECT = "reconnect_needed"
GUARD = "guard_waiting"
LIMIT = "limit_reached"
RECORDS = "records_failing"
SUSPENDED = "suspended"
MISSED = "changes_missed"
HOLDS = "holds_ending"
PAUSED = "schedule_paused"
ENDS_SOON = timedelta(days=1)
"""So long before its end a hold is worth an alert."""
TOO_LONG = timedelta(days=1)
"""A record that fails for longer is worth an alert; while more of them come, one alert a day."""
_CAUSES_SHOWN = 5
_CONNECTIONS = table(ConnectionRow)


@dataclass(frozen=True, slots=True)
class Condition:
    """``state`` is `GOOD` or says what is wrong. ``news_since``: since when there is more of the same to
    report."""

    name: str
    state: str
    sentence: str
    news_since: datetime | None = None


def evaluate(engine: Engine, run: Run, now: datetime) -> list[Condition]:
    """The conditions after ``run``. What it says nothing about is left out, and stays as it was."""
    found = [*_of_run(run), *_of_connections(engine, run, now), _of_guard(engine), _of_holds(engine, now)]
    found += [*_of_records(engine, now), _of_suspended(engine), *_of_the_check(engine)]
    return [*found, of_schedule(engine, now)]


def of_schedule(engine: Engine, now: datetime) -> Condition:
    """Whether somebody paused the schedule. That a school is not live yet is no alert, nor what follows from
    a rejection: whoever rejected knows."""
    current = ConfigStore(engine).current()
    with engine.connect() as connection:
        stands = schedule.standstill(connection, current[0] if current else 0, now)
    if stands is None or stands.cause is not StandstillCause.PAUSED:
        return Condition(PAUSED, GOOD, "The schedule is not paused any more.")
    sentence = f"{stands.sentence}. Nothing is synced by the clock until then, and nothing is lost."
    return Condition(PAUSED, f"paused until {stands.until:%Y-%m-%d %H:%M} UTC", sentence)


def _of_run(run: Run) -> Iterator[Condition]:
    if _went_well(run):
        yield Condition(RUN_FAILING, GOOD, f"The sync works again: run {run.id} was {run.state}.")
    elif (
        run.trigger in WHOLE_RUNS
        and run.state == RunState.FAILED
        and not isinstance(run.fault, ReconnectNeeded | LimitReached)  # these have their own conditions
    ):
        yield Condition(
            RUN_FAILING,
            "failing",
            f"Run {run.id} failed. {run.reason} What it did not do stays due, and every run tries again.",
        )


def _went_well(run: Run) -> bool:
    return run.trigger in WHOLE_RUNS and run.state in (RunState.DONE, RunState.WAITING)


def _of_connections(engine: Engine, run: Run, now: datetime) -> Iterator[Condition]:
    """Sign-ins and limits. That a system is disconnected is somebody's wish, and no alert."""
    columns = ("system", "state", "message", "paused_until")
    with engine.connect() as connection:
        rows = connection.execute(select(*(_CONNECTIONS.c[name] for name in columns))).all()
    for row in rows:
        fault = run.fault if run.fault and run.fault.system == row.system else None
        yield from _of_sign_in(row, fault, _went_well(run))
        yield from _of_limit(row, fault, _went_well(run), now)


def _of_sign_in(row: Row[Any], fault: Fault | None, went_well: bool) -> Iterator[Condition]:
    system = System(row.system)
    name = f"{RECONNECT}:{system.value}"
    lost = (
        fault.sentence
        if isinstance(fault, ReconnectNeeded) and row.state == ConnectionState.CONNECTED
        else ""
    )
    if row.state == ConnectionState.RECONNECT_NEEDED or lost:
        sentence = f"{row.message or lost} Nothing is synced until then, and nothing is lost."
        yield Condition(name, "reconnect needed", sentence)
    elif went_well:
        yield Condition(name, GOOD, f"{system.label} is connected.")


def _of_limit(row: Row[Any], fault: Fault | None, went_well: bool, now: datetime) -> Iterator[Condition]:
    system = System(row.system)
    name = f"{LIMIT}:{system.value}"
    until = fault.until if isinstance(fault, LimitReached) else row.paused_until
    if until and until > now and is_credible(until, now, MAX_RETRY_AFTER):
        sentence = (
            f"{system.label} allows no more calls for now. The sync pauses until {until:%Y-%m-%d %H:%M}"
            " UTC and then goes on."
        )
        yield Condition(name, "limit reached", sentence)
    elif went_well:
        yield Condition(name, GOOD, f"{system.label} allows calls again.")


def _of_guard(engine: Engine) -> Condition:
    waiting = runs.waiting(engine)
    if waiting is None:
        return Condition(GUARD, GOOD, "No run waits for approval any more.")
    answer = f"Look at it, then: python -m syncer sync --approve {waiting.id}, or --reject {waiting.id}."
    return Condition(
        GUARD,
        f"run {waiting.id} waits",
        f"Run {waiting.id} waits for approval. {waiting.reason} {answer}",
    )


def _of_holds(engine: Engine, now: datetime) -> Condition:
    """The holds that end within a day (rule 20): told once of each."""
    ending = listing.ending(engine, now, now + ENDS_SOON)
    if not ending:
        return Condition(HOLDS, GOOD, "No hold ends within a day any more.")
    told = "; ".join(f"hold {one.id} by {one.placed_by} on {one.until:%Y-%m-%d %H:%M} UTC" for one in ending)
    what = counted(len(ending), "hold ends", "holds end", one="One hold ends")
    sentence = (
        f"{what} within a day: {told}. What it keeps as it is will be synced again. To see what that does:"
        " python -m syncer release HOLD --dry-run"
    )
    return Condition(HOLDS, ", ".join(str(one.id) for one in ending), sentence)


def _of_suspended(engine: Engine) -> Condition:
    """What stands still while the rest goes on (rule 22): told once, and again where it is something else."""
    found = suspensions.current(engine)
    if not found:
        return Condition(SUSPENDED, GOOD, "Nothing is suspended any more.")
    what = " ".join(found.sentences)
    return Condition(SUSPENDED, ", ".join(found.names), f"{what} Everything else goes on.")


def _of_the_check(engine: Engine) -> Iterator[Condition]:
    """What the nightly check of the increments found (rule 23)."""
    found = findings.latest(engine)
    if not found:
        return
    if not findings.worth_an_alert(found):
        yield Condition(MISSED, GOOD, "The nightly check found hardly any missed change.")
        return
    numbers = " and ".join(
        f"{found[system.value]['differed']:,} of {found[system.value]['seen']:,} in {system.label}"
        for system in System
    )
    yield Condition(
        MISSED,
        "changes missed",
        f"The check for missed changes found records that differ from what was known: {numbers}. They are due"
        " now. If it happens again, tell whoever runs this installation: one of the systems may"
        " answer wrongly.",
        datetime.fromisoformat(found["at"]),
    )


def _of_records(engine: Engine, now: datetime) -> Iterator[Condition]:
    current = ConfigStore(engine).current()
    if current is None:
        return
    with engine.connect() as connection:
        records, newest = failures.long_failing(connection, current[1], now - TOO_LONG)
        if not records:
            yield Condition(RECORDS, GOOD, "No record has been failing for a day any more.")
            return
        causes = failures.by_cause(connection, current[1], now - TOO_LONG)[:_CAUSES_SHOWN]
    what = counted(records, "record has", "records have", one="One record has")
    why = ", ".join(f"{cause.code or cause.cause} ({cause.failures:,})" for cause in causes)
    sentence = f"{what} been failing for more than a day: {why}. See: python -m syncer logs --status failed"
    yield Condition(RECORDS, "failing", sentence, newest + TOO_LONG if newest else None)
