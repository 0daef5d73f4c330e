"""The overview: when the next run comes or why none does, and what is due and fails."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from syncer.application.overview import Overview, read_overview
from syncer.configuration.versions import ConfigStore
from syncer.connections.connection_state import ConnectionState
from syncer.connections.connection_store import ConnectionView
from syncer.core.records import System
from syncer.infra.database.lease import RUN, Lease
from syncer.infra.database.tables import PairRow, VersionRow, table
from syncer.journal import api_usage, runs
from syncer.journal.approvals import reject
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import RUNS
from tests.support.documents import document
from tests.support.rows import filled_row

NOW = datetime(2026, 9, 1, 8, 7, tzinfo=UTC)
SLOT = datetime(2026, 9, 1, 8, tzinfo=UTC)


DAY_BEFORE = NOW - timedelta(days=1)


def views(
    state: str = ConnectionState.CONNECTED,
    paused_until: datetime | None = None,
    connected_at: datetime = DAY_BEFORE,
) -> dict[System, ConnectionView | None]:
    return {
        system: ConnectionView(system, "https://x", state, "", {}, connected_at, paused_until)
        for system in System
    }


def seen(
    engine: Engine, connections: dict[System, ConnectionView | None] | None = None, now: datetime = NOW
) -> Overview:
    return read_overview(
        engine, ConfigStore(engine).current(), views() if connections is None else connections, now
    )


@pytest.fixture
def configured(engine: Engine) -> Engine:
    ConfigStore(engine).store(document())
    with engine.begin() as connection:
        connection.execute(update(table(VersionRow)).values(created_at=NOW - timedelta(days=1)))
    return engine


def tick(engine: Engine, at: datetime, state: RunState = RunState.DONE) -> None:
    run = runs.begin(engine, Trigger.SCHEDULE, 1, slot=int(at.timestamp()))
    run.state = state
    runs.save(engine, run)
    with engine.begin() as connection:
        connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(started_at=at))


def test_the_next_run_is_the_next_tick_of_the_interval(configured: Engine) -> None:
    assert seen(configured).schedule.next_run == SLOT + timedelta(minutes=15)
    ConfigStore(configured).store(document(interval_minutes=60))
    assert seen(configured).schedule.next_run == SLOT + timedelta(hours=1)


def test_a_pause_for_a_limit_moves_the_next_run_to_the_tick_after_it(configured: Engine) -> None:
    assert seen(
        configured, views(paused_until=NOW + timedelta(hours=2))
    ).schedule.next_run == SLOT + timedelta(hours=2, minutes=15)
    assert seen(
        configured, views(paused_until=NOW - timedelta(hours=2))
    ).schedule.next_run == SLOT + timedelta(minutes=15)


def test_without_both_connections_no_run_comes(configured: Engine) -> None:
    half: dict[System, ConnectionView | None] = views() | {System.SALESFORCE: None}
    assert (seen(configured, half).schedule.next_run, seen(configured, half).schedule.standstill) == (
        None,
        "Salesforce must be connected first.",
    )
    assert (
        seen(configured, views(ConnectionState.RECONNECT_NEEDED)).schedule.standstill
        == "Element451 and Salesforce must be connected first."
    )


def test_after_a_rejected_run_no_run_comes_until_a_setting_changes(configured: Engine) -> None:
    run = runs.begin(configured, Trigger.SCHEDULE, 1)
    run.state = RunState.WAITING
    runs.save(configured, run)
    assert seen(configured).waiting
    reject(configured, run.id)
    assert f"since run {run.id} was rejected" in seen(configured).schedule.standstill
    ConfigStore(configured).store(document(interval_minutes=30))
    assert seen(configured).schedule.next_run == SLOT + timedelta(minutes=30)


LATE = NOW + timedelta(minutes=46)


def test_missed_ticks_are_noticed(configured: Engine) -> None:
    tick(configured, SLOT)
    assert (seen(configured).schedule.last_tick, seen(configured).schedule.overdue) == (SLOT, False)
    assert seen(configured, now=LATE).schedule.overdue
    assert not seen(configured, views(paused_until=LATE + timedelta(hours=1)), now=LATE).schedule.overdue


def test_it_is_noticed_that_no_tick_ever_came(configured: Engine) -> None:
    assert seen(configured, now=LATE).schedule.overdue


@pytest.mark.parametrize("just_now", ["a run", "a setting", "a sign-in", "the end of a pause"])
def test_ticks_are_not_missed_where_none_could_come(configured: Engine, just_now: str) -> None:
    tick(configured, SLOT - timedelta(days=2))
    lately = LATE - timedelta(minutes=5)
    connections = views()
    if just_now == "a run":
        tick(configured, lately)
    elif just_now == "a setting":
        with configured.begin() as connection:
            connection.execute(update(table(VersionRow)).values(created_at=lately))
    elif just_now == "a sign-in":
        connections = views(connected_at=lately)
    else:
        connections = views(paused_until=lately)
    assert not seen(configured, connections, now=LATE).schedule.overdue


def test_no_tick_is_missed_while_a_long_run_goes_on_but_when_its_process_died(configured: Engine) -> None:
    tick(configured, SLOT, RunState.RUNNING)
    with Lease(configured, RUN):
        found = seen(configured, now=LATE)
        assert found.running
        assert not found.schedule.overdue
    found = seen(configured, now=LATE)
    assert found.running is None
    assert found.schedule.overdue


def test_a_test_between_two_batches_does_not_hide_the_run_that_goes_on(configured: Engine) -> None:
    whole = runs.begin(configured, Trigger.SCHEDULE, 1)
    runs.begin(configured, Trigger.TEST, 1, single=True)
    with Lease(configured, RUN):
        found = seen(configured).running
        assert found
        assert found.id == whole.id


def test_the_waiting_run_is_under_way_while_its_numbers_are_read_anew(configured: Engine) -> None:
    run = runs.begin(configured, Trigger.SCHEDULE, 1)
    run.state = RunState.WAITING
    runs.save(configured, run)
    with Lease(configured, RUN):
        assert seen(configured).running is None
        with configured.begin() as connection:
            runs.save_progress(connection, run, "planning contacts", 10, 20)
        assert (seen(configured).running or run).progress == {
            "phase": "planning contacts",
            "done": 10,
            "total": 20,
        }
        runs.save(configured, run)
        assert seen(configured).running is None


def test_a_test_or_a_dry_run_is_not_the_last_run(configured: Engine) -> None:
    tick(configured, SLOT)
    for trigger in (Trigger.TEST, Trigger.RETRY, Trigger.DRY_RUN):
        run = runs.begin(configured, trigger, 1)
        run.state = RunState.DONE
        runs.save(configured, run)
    last = seen(configured).last
    assert last
    assert last.trigger == "schedule"


def test_a_skipped_tick_is_not_the_last_run(configured: Engine) -> None:
    tick(configured, SLOT)
    tick(configured, SLOT + timedelta(minutes=15), RunState.SKIPPED)
    last = seen(configured).last
    assert last
    assert (last.id, last.state) == (1, "done")


def pair(**columns: Any) -> dict[str, Any]:
    return filled_row(table(PairRow), kind="contact", entity="Contact", **columns)


def failure(code: str, cause: str = "lasting") -> dict[str, Any]:
    return {"cause": cause, "code": code, "reason": "", "tries": 1}


def test_what_is_due_what_waits_and_what_fails_is_counted(configured: Engine) -> None:
    fails = {"failing": True, "due": True}
    rows = [
        *[pair(due=True) for _ in range(3)],
        pair(),
        pair(
            **fails,
            try_after=NOW + timedelta(hours=1),
            failures={"export": failure("A"), "import": failure("B", "passing")},
        ),
        pair(**fails, try_after=NOW - timedelta(hours=1), failures={"export": failure("A")}),
        pair(**fails, failures={"export": failure("A")}) | {"entity": "Lead"},
    ]
    with configured.begin() as connection:
        connection.execute(insert(table(PairRow)), rows)
    found = seen(configured)
    assert (found.due, found.later, found.failing) == (4, 1, 2)
    assert [(cause.code, cause.cause, cause.failures) for cause in found.causes] == [
        ("A", "lasting", 2),
        ("B", "passing", 1),
    ]


def test_the_calls_of_the_day_are_those_of_the_last_24_hours(configured: Engine) -> None:
    run = runs.begin(configured, Trigger.SYNC, 1)
    run.state, run.calls = RunState.DONE, {"salesforce": 70, "element451": 1}
    runs.save(configured, run)
    real = datetime.now(UTC)
    assert seen(configured, now=real).calls_today == 70
    assert seen(configured, now=real + timedelta(hours=25)).calls_today == 0


def test_salesforces_own_count_is_kept_as_it_was_told_last(engine: Engine) -> None:
    api_usage.save(engine, None)
    assert api_usage.load(engine) is None
    api_usage.save(engine, (1, 100))
    api_usage.save(engine, (2, 100), NOW)
    assert api_usage.load(engine) == api_usage.Usage(2, 100, NOW)


def test_ticks_that_a_wrong_clock_dated_ahead_do_not_hide_that_none_comes(configured: Engine) -> None:
    """No stored moment in the future is trusted (rule 23)."""
    tick(configured, SLOT + timedelta(days=40))
    schedule = seen(configured).schedule
    assert (schedule.last_tick, schedule.overdue) == (None, True)
    assert seen(configured, now=SLOT + timedelta(days=40, minutes=2)).schedule.overdue is False
