"""What stands after a run, well or not: the sync, the sign-ins, the guard, the limits, the records. Nothing
here holds a student's value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from syncer.configuration.versions import ConfigStore
from syncer.connections.connection_state import ConnectionState
from syncer.connectors.errors import LimitReached, ReconnectNeeded
from syncer.core.records import System
from syncer.core.text import counted
from syncer.infra.database.tables import ConnectionRow, table
from syncer.journal import runs
from syncer.journal.run_state import WHOLE_RUNS, RunState
from syncer.journal.runs import Run
from syncer.sync import failures

GOOD = "good"
RUN_FAILING, RECONNECT, GUARD, LIMIT, RECORDS = (
    "run_failing",
    "reconnect_needed",
    "guard_waiting",
    "limit_reached",
    "records_failing",
)
TOO_LONG = timedelta(days=1)
"""A record that fails for longer is worth an alert; while more join, one a day."""

_CONNECTIONS = table(ConnectionRow)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one thing stands: ``state`` is `GOOD` or says what is wrong. ``fresh``: since when there is more of
    the same to tell."""

    name: str
    state: str
    sentence: str
    fresh: datetime | None = None


def judge(engine: Engine, run: Run, now: datetime) -> list[Standing]:
    """How things stand after ``run``; what it says nothing about is left out, and stays as it was."""
    whole = run.trigger in WHOLE_RUNS
    went_well = whole and run.state in (RunState.DONE, RunState.WAITING)
    found = [*_connections(engine, run, went_well, now), _guard(engine)]
    if went_well:
        found.append(Standing(RUN_FAILING, GOOD, f"The sync works again: run {run.id} was {run.state}."))
    elif whole and run.state == RunState.FAILED and not isinstance(run.fault, ReconnectNeeded | LimitReached):
        found.append(
            Standing(
                RUN_FAILING,
                "failing",
                f"Run {run.id} failed. {run.reason} What it did not do stays due, and every run tries again.",
            )
        )
    return [*found, *_records(engine, now)]


def _connections(engine: Engine, run: Run, went_well: bool, now: datetime) -> Iterator[Standing]:
    """Sign-ins and limits. A disconnected system is somebody's wish, and no alert."""
    with engine.connect() as connection:
        columns = (
            _CONNECTIONS.c.system,
            _CONNECTIONS.c.state,
            _CONNECTIONS.c.message,
            _CONNECTIONS.c.paused_until,
        )
        rows = connection.execute(select(*columns)).all()
    for row in rows:
        system, fault = (
            System(row.system),
            run.fault if run.fault and run.fault.system == row.system else None,
        )
        lost = (
            fault.sentence
            if isinstance(fault, ReconnectNeeded) and row.state == ConnectionState.CONNECTED
            else ""
        )
        if row.state == ConnectionState.RECONNECT_NEEDED or lost:
            yield Standing(
                f"{RECONNECT}:{system.value}",
                "reconnect needed",
                f"{row.message or lost} Nothing is synced until then, and nothing is lost.",
            )
        elif went_well:
            yield Standing(f"{RECONNECT}:{system.value}", GOOD, f"{system.label} is connected.")
        until = fault.until if isinstance(fault, LimitReached) else row.paused_until
        if until and until > now:
            sentence = (
                f"{system.label} allows no more calls for now. The sync pauses until {until:%Y-%m-%d %H:%M}"
                " UTC and then goes on."
            )
            yield Standing(f"{LIMIT}:{system.value}", "limit reached", sentence)
        elif went_well:
            yield Standing(f"{LIMIT}:{system.value}", GOOD, f"{system.label} allows calls again.")


def _guard(engine: Engine) -> Standing:
    waiting = runs.waiting(engine)
    if waiting is None:
        return Standing(GUARD, GOOD, "No run waits for approval any more.")
    answer = f"Look at it, then: python -m syncer sync --approve {waiting.id}, or --reject {waiting.id}."
    return Standing(
        GUARD,
        f"run {waiting.id} waits",
        f"Run {waiting.id} waits for approval; nothing was written. {waiting.reason} {answer}",
    )


def _records(engine: Engine, now: datetime) -> Iterator[Standing]:
    current = ConfigStore(engine).current()
    if current is None:
        return
    with engine.connect() as connection:
        records, newest = failures.long_failing(connection, current[1], now - TOO_LONG)
        if not records:
            yield Standing(RECORDS, GOOD, "No record has been failing for a day any more.")
            return
        causes = failures.by_cause(connection, current[1], now - TOO_LONG)[:5]
    what = counted(records, "record has", "records have", one="One record has")
    why = ", ".join(f"{cause.code or cause.cause} ({cause.failures:,})" for cause in causes)
    sentence = f"{what} been failing for more than a day: {why}. See: python -m syncer logs --status failed"
    yield Standing(RECORDS, "failing", sentence, newest + TOO_LONG if newest else None)
