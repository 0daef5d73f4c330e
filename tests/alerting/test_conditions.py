"""What is worth an alert: a waiting run, a lost sign-in, a limit, records that fail for a day."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from syncer.alerting import deliver
from syncer.configuration.suspension import NOTHING, SuspendedField, Suspension
from syncer.configuration.versions import ConfigStore
from syncer.connections.connection_state import ConnectionState
from syncer.connectors.errors import LimitReached, ReconnectNeeded
from syncer.core.preferences import ExportMode
from syncer.core.records import Kind, System
from syncer.core.trust.standstill import Pause
from syncer.infra.database import key_value
from syncer.infra.settings.environment import Settings
from syncer.journal import runs, schedule
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from syncer.sync.holds import store
from syncer.sync.holds.store import Origin
from syncer.sync.pull import findings
from syncer.sync.pull.findings import Findings
from syncer.sync.suspensions import SUSPENDED
from tests.alerting.steps import FAILED, NOW, PAIRS, connect, fail, run
from tests.support.documents import document
from tests.support.listeners import Hook
from tests.support.world import World


def waiting(engine: Engine) -> Run:
    made = runs.begin(engine, Trigger.SCHEDULE, 1)
    made.state, made.reason = RunState.WAITING, "This run would do a lot at once: 900 records to change."
    runs.save(engine, made)
    return made


def test_a_waiting_run_is_told_once_however_often_its_numbers_are_refreshed(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    first = waiting(engine)
    for _ in range(3):
        deliver.after_run(engine, settings, first)
    assert hook.alerts == [("guard_waiting", f"run {first.id} waits")]
    assert f"--approve {first.id}" in hook.posted[0]["sentence"]


def test_each_waiting_run_is_told_and_that_none_waits_any_more(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    first = waiting(engine)
    deliver.after_run(engine, settings, first)
    first.state = RunState.CANCELLED
    runs.save(engine, first)
    second = waiting(engine)
    deliver.after_run(engine, settings, second)
    second.state = RunState.DONE
    runs.save(engine, second)
    deliver.after_run(engine, settings, second)
    assert hook.alerts == [
        ("guard_waiting", f"run {first.id} waits"),
        ("guard_waiting", f"run {second.id} waits"),
        ("guard_waiting", "good"),
    ]


def test_what_is_suspended_is_told_once_and_that_it_is_back(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    field = SuspendedField(Kind.CONTACT, "user-dob", "Birthdate", "user-dob and Birthdate are suspended.")
    for found in (Suspension((field,)), Suspension((field,)), NOTHING):
        with engine.begin() as connection:
            key_value.write(connection, SUSPENDED, found.to_json())
        deliver.after_run(engine, settings, run())
    assert hook.alerts == [("suspended", "user-dob and Birthdate"), ("suspended", "good")]
    assert "are suspended." in hook.posted[0]["sentence"]


def test_a_hold_is_told_once_the_day_before_it_ends(engine: Engine, settings: Settings, hook: Hook) -> None:
    end = NOW + timedelta(days=3)
    with engine.begin() as connection:
        number = store.begin(connection, Origin.PERSON, "Ann", NOW, reason="the student's wish", until=end)
    for hours in (0, 47, 49, 60):
        deliver.after_run(engine, settings, run(), now=NOW + timedelta(hours=hours))
    assert hook.alerts == [("holds_ending", str(number))]
    told = hook.posted[0]["sentence"]
    assert f"hold {number} by Ann" in told
    assert "wish" not in told
    store.end_overdue(engine, end)
    deliver.after_run(engine, settings, run(), now=end)
    assert hook.alerts[1:] == [("holds_ending", "good")]


def test_a_lost_sign_in_is_one_alert_of_its_own(engine: Engine, settings: Settings, hook: Hook) -> None:
    connect(
        engine, state=ConnectionState.RECONNECT_NEEDED, message="Salesforce ended the sign-in. Connect again."
    )
    lost = ReconnectNeeded(
        System.SALESFORCE, "Salesforce ended the sign-in. Connect again.", code="reconnect_needed"
    )
    for _ in range(2):
        deliver.after_run(engine, settings, run(RunState.FAILED, reason=lost.sentence, fault=lost))
    assert hook.alerts == [("reconnect_needed:salesforce", "reconnect needed")]
    assert hook.posted[0]["sentence"].startswith("Salesforce ended the sign-in. Connect again.")
    connect(engine)
    deliver.after_run(engine, settings, FAILED)
    assert hook.alerts[1:] == [("run_failing", "failing")]
    deliver.after_run(engine, settings, run())
    assert sorted(hook.alerts[2:]) == [("reconnect_needed:salesforce", "good"), ("run_failing", "good")]


def test_a_feature_token_that_element451_refuses_is_told_as_such(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    connect(engine, System.ELEMENT451)
    lost = ReconnectNeeded(
        System.ELEMENT451, "Element451 no longer accepts the feature token.", code="HTTP 401"
    )
    deliver.after_run(engine, settings, run(RunState.FAILED, reason=lost.sentence, fault=lost))
    assert hook.alerts == [("reconnect_needed:element451", "reconnect needed")]


def test_a_system_that_somebody_disconnected_is_no_alert(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    connect(engine, state=ConnectionState.DISCONNECTED)
    gone = ReconnectNeeded(
        System.SALESFORCE, "Salesforce is not connected yet. Connect it first.", code="not_connected"
    )
    deliver.after_run(engine, settings, run(RunState.FAILED, reason=gone.sentence, fault=gone))
    assert hook.posted == []


def test_a_limit_is_told_with_the_time_when_the_sync_goes_on(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    until = NOW + timedelta(hours=2)
    connect(engine, paused_until=until)
    limit = LimitReached(System.SALESFORCE, "The daily limit is used up.", until=until)
    deliver.after_run(engine, settings, run(RunState.FAILED, reason=limit.sentence, fault=limit), now=NOW)
    assert hook.alerts == [("limit_reached:salesforce", "limit reached")]
    assert "until 2026-09-01 10:00 UTC" in hook.posted[0]["sentence"]
    deliver.after_run(engine, settings, run(), now=until + timedelta(minutes=5))
    assert hook.alerts[1:] == [("limit_reached:salesforce", "good")]


@pytest.fixture
def configured(engine: Engine) -> Engine:
    ConfigStore(engine).store(document())
    return engine


def test_a_record_that_fails_for_a_day_is_told_by_its_cause_and_without_its_values(
    configured: Engine, settings: Settings, hook: Hook
) -> None:
    fail(configured, "Ann Smith", NOW - timedelta(hours=23))
    deliver.after_run(configured, settings, run(), now=NOW)
    assert hook.posted == []
    deliver.after_run(configured, settings, run(), now=NOW + timedelta(hours=2))
    assert hook.alerts == [("records_failing", "failing")]
    assert (
        "One record has been failing for more than a day: FIELD_CUSTOM_VALIDATION_EXCEPTION (1)"
        in hook.posted[0]["sentence"]
    )
    assert "Ann" not in str(hook.posted)


def test_more_records_that_fail_are_told_once_a_day(
    configured: Engine, settings: Settings, hook: Hook
) -> None:
    for hours in range(0, 60, 2):
        fail(configured, f"record {hours}", NOW - timedelta(hours=30 - hours))
        deliver.after_run(configured, settings, run(), now=NOW + timedelta(hours=hours))
    assert [body["since"] for body in hook.posted] == ["2026-09-01T08:00:00Z"] * 3
    for _ in range(2):
        deliver.after_run(configured, settings, run(), now=NOW + timedelta(days=5))
    assert len(hook.posted) == 4
    deliver.after_run(configured, settings, run(), now=NOW + timedelta(days=9))
    assert len(hook.posted) == 4


def test_once_no_record_fails_for_a_day_that_is_told_too(
    configured: Engine, settings: Settings, hook: Hook
) -> None:
    fail(configured, "one", NOW - timedelta(days=2))
    deliver.after_run(configured, settings, run(), now=NOW)
    with configured.begin() as connection:
        connection.execute(update(PAIRS).values(failing=False, failing_since=None, failures=None))
    deliver.after_run(configured, settings, run(), now=NOW)
    assert hook.alerts == [("records_failing", "failing"), ("records_failing", "good")]


def test_records_of_an_object_that_is_no_longer_synced_alert_nobody(
    configured: Engine, settings: Settings, hook: Hook
) -> None:
    fail(configured, "one", NOW - timedelta(days=2), entity="Lead")
    deliver.after_run(configured, settings, run(), now=NOW)
    assert hook.posted == []


def test_a_record_that_salesforce_refuses_runs_into_its_alert_by_itself(
    configured: Engine, settings: Settings, hook: Hook
) -> None:
    world = World(configured)
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    world.salesforce.faults.refuse(world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})[1])
    for _ in range(2):
        deliver.after_run(configured, settings, world.sync(), now=world.clock.now)
        world.later(25 * 60)
    assert hook.alerts == [("records_failing", "failing")]
    world.salesforce.faults.refusals.clear()
    deliver.after_run(configured, settings, world.sync(), now=world.clock.now)
    assert hook.alerts[1:] == [("records_failing", "good")]


def test_missed_changes_are_told_above_a_tenth_of_a_percent(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    found = Findings()
    found.saw(System.SALESFORCE, 2000)
    for _ in range(2):
        found.missed(System.SALESFORCE, ["Phone"])
    findings.save(engine, found, NOW)
    deliver.after_run(engine, settings, run(RunState.DONE))
    assert hook.alerts == []
    found.missed(System.SALESFORCE, ["Phone"])
    findings.save(engine, found, NOW + timedelta(days=1))
    deliver.after_run(engine, settings, run(RunState.DONE))
    assert hook.alerts == [("changes_missed", "changes missed")]
    assert "3 of 2,000 in Salesforce" in hook.posted[0]["sentence"]


def test_a_pause_is_told_although_no_run_comes_and_once_more_when_it_is_over(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    ConfigStore(engine).store(document())
    with engine.begin() as connection:
        schedule.pause(connection, Pause.of(NOW + timedelta(hours=6), "Ann", NOW))
    for minutes in (15, 30):
        deliver.after_no_run(engine, settings, now=NOW + timedelta(minutes=minutes))
    deliver.after_run(engine, settings, run(), now=NOW + timedelta(hours=6))
    assert hook.alerts == [
        ("schedule_paused", "paused until 2026-09-01 14:00 UTC"),
        ("schedule_paused", "good"),
    ]
    assert "by Ann" in hook.posted[0]["sentence"]
