"""Alerts: one per change of state and one when it is good again, over a real webhook, whatever fails on the
way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update
from structlog.testing import capture_logs

from syncer.alerting import alert_store, deliver
from syncer.configuration.versions import ConfigStore
from syncer.connections.connection_state import ConnectionState
from syncer.connectors.errors import LimitReached, ReconnectNeeded, Unreachable
from syncer.core.preferences import ExportMode
from syncer.core.records import System
from syncer.infra.database.engine import put
from syncer.infra.database.tables import ConnectionRow, PairRow, table
from syncer.infra.settings.environment import Settings
from syncer.journal import runs
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from tests.support.documents import document
from tests.support.listeners import Hook, mail_server, webhook
from tests.support.world import World

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
PAIRS, CONNECTIONS = table(PairRow), table(ConnectionRow)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with webhook() as hook:
        yield hook


@pytest.fixture
def settings(hook: Hook, tmp_path: Path) -> Settings:
    return Settings.from_environment(
        {"ALERT_WEBHOOK_URL": hook.url, "DATA_DIR": str(tmp_path), "PUBLIC_URL": "https://sync.school.edu"}
    )


def run(
    state: RunState = RunState.DONE, number: int = 1, trigger: Trigger = Trigger.SCHEDULE, **more: Any
) -> Run:
    return Run(number, trigger, 1, NOW, state, **more)


FAILED = run(
    RunState.FAILED,
    reason="Salesforce could not be reached.",
    code="TIMEOUT",
    fault=Unreachable(System.SALESFORCE, "Salesforce could not be reached."),
)


def connect(
    engine: Engine,
    system: System = System.SALESFORCE,
    state: str = ConnectionState.CONNECTED,
    message: str = "",
    paused_until: datetime | None = None,
) -> None:
    row: dict[str, Any] = {
        "system": system.value,
        "address": "https://x",
        "account": {},
        "secrets": b"",
        "state": state,
        "message": message,
    }
    with engine.begin() as connection:
        put(connection, CONNECTIONS, row | {"connected_at": NOW, "paused_until": paused_until})


def fail(
    engine: Engine,
    name: str,
    since: datetime,
    entity: str = "Contact",
    code: str = "FIELD_CUSTOM_VALIDATION_EXCEPTION",
) -> None:
    failure = {"export": {"cause": "lasting", "code": code, "reason": f"{name} does not fit", "tries": 3}}
    row = PairRow(
        kind="contact", entity=entity, element_id=name, failing=True, failing_since=since, failures=failure
    )
    with engine.begin() as connection:
        connection.execute(insert(PAIRS), [row.model_dump(exclude={"id"})])


def test_a_failing_sync_is_told_once_and_so_is_that_it_works_again(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    for number in (1, 2, 3):
        deliver.after_run(
            engine, settings, replace(FAILED, id=number), now=NOW + timedelta(minutes=15 * number)
        )
    assert hook.alerts == [("run_failing", "failing")]
    for number in (4, 5):
        deliver.after_run(engine, settings, run(number=number))
    assert hook.alerts == [("run_failing", "failing"), ("run_failing", "good")]
    deliver.after_run(engine, settings, FAILED)
    assert len(hook.posted) == 3


def test_an_alert_says_what_is_wrong_since_when_and_where_to_look(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    deliver.after_run(engine, settings, FAILED, now=NOW)
    body = hook.posted[0]
    assert set(body) == {"type", "alert", "state", "since", "sentence", "link", "text"}
    assert (body["type"], body["since"], body["link"]) == (
        "alert",
        "2026-09-01T08:00:00Z",
        "https://sync.school.edu",
    )
    assert "Run 1 failed. Salesforce could not be reached." in body["sentence"]
    assert body["sentence"] in body["text"]


def test_a_sync_that_works_tells_nobody(engine: Engine, settings: Settings, hook: Hook) -> None:
    connect(engine)
    deliver.after_run(engine, settings, run())
    assert hook.posted == []
    assert alert_store.read(engine) == []


@pytest.mark.parametrize("trigger", [Trigger.TEST, Trigger.RETRY, Trigger.DRY_RUN])
def test_a_test_or_a_dry_run_says_nothing_about_the_sync(
    engine: Engine, settings: Settings, hook: Hook, trigger: Trigger
) -> None:
    deliver.after_run(engine, settings, replace(FAILED, trigger=trigger))
    assert hook.posted == []
    deliver.after_run(engine, settings, FAILED)
    deliver.after_run(engine, settings, run(trigger=trigger))
    assert hook.alerts == [("run_failing", "failing")]


@pytest.mark.parametrize("state", [RunState.CANCELLED, RunState.SKIPPED])
def test_a_run_that_was_stopped_or_skipped_changes_nothing(
    engine: Engine, settings: Settings, hook: Hook, state: RunState
) -> None:
    deliver.after_run(engine, settings, FAILED)
    deliver.after_run(engine, settings, run(state))
    assert hook.alerts == [("run_failing", "failing")]


def test_an_alert_that_nobody_took_fails_no_run_and_comes_after_the_next(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    for hook.status in (500, 302):
        with capture_logs() as lines:
            deliver.after_run(engine, settings, FAILED)
        assert [(line["event"], line["way"], line["reason"]) for line in lines] == [
            ("alert not delivered, will be tried again", "webhook", f"127.0.0.1 answered HTTP {hook.status}.")
        ]
    hook.status = 200
    deliver.after_run(engine, settings, FAILED)
    deliver.after_run(engine, settings, FAILED)
    assert hook.alerts == [("run_failing", "failing")]


def test_where_nobody_listens_the_log_says_so_without_the_secret_address(
    engine: Engine, tmp_path: Path
) -> None:
    settings = Settings.from_environment(
        {"ALERT_WEBHOOK_URL": "http://127.0.0.1:9/services/hunter2", "DATA_DIR": str(tmp_path)}
    )
    with capture_logs() as lines:
        deliver.after_run(engine, settings, FAILED)
    assert "could not be reached" in str(lines)
    assert "hunter2" not in str(lines)


def test_who_never_heard_of_the_trouble_is_not_told_that_it_is_over(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    hook.status = 503
    deliver.after_run(engine, settings, FAILED)
    hook.status = 200
    deliver.after_run(engine, settings, run())
    assert hook.posted == []
    assert [(alert.state, alert.untold) for alert in alert_store.read(engine)] == [("good", ())]


def test_a_way_that_works_is_not_told_twice_because_the_other_one_fails(
    engine: Engine, hook: Hook, tmp_path: Path
) -> None:
    with mail_server() as box:
        given = {
            "ALERT_WEBHOOK_URL": hook.url,
            "ALERT_EMAIL_TO": "it@school.edu",
            "ALERT_EMAIL_FROM": "sync@school.edu",
            "DATA_DIR": str(tmp_path),
        }
        settings = Settings.from_environment(given | {"SMTP_URL": f"smtp://127.0.0.1:{box.port}"})
        box.refused = frozenset({"it@school.edu"})
        deliver.after_run(engine, settings, FAILED)
        assert (len(hook.posted), len(box.mails)) == (1, 0)
        box.refused = frozenset()
        deliver.after_run(engine, settings, FAILED)
        assert (len(hook.posted), len(box.mails)) == (1, 1)


def test_a_way_that_the_settings_no_longer_name_is_not_waited_for(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    hook.status = 500
    deliver.after_run(engine, settings, FAILED)
    assert [alert.untold for alert in alert_store.read(engine)] == [("webhook",)]
    deliver.after_run(engine, Settings.from_environment({}), FAILED)
    assert [alert.untold for alert in alert_store.read(engine)] == [()]


def test_who_sets_a_webhook_while_something_is_wrong_is_told_of_it(
    engine: Engine, settings: Settings, hook: Hook
) -> None:
    deliver.after_run(engine, Settings.from_environment({}), FAILED)
    for _ in range(2):
        deliver.after_run(engine, settings, FAILED)
    assert hook.alerts == [("run_failing", "failing")]


def test_a_mistake_of_ours_while_alerting_fails_no_run(engine: Engine, settings: Settings) -> None:
    with engine.begin() as connection:
        connection.execute(alert_store.ALERTS.delete())
        alert_store.ALERTS.drop(connection)
    with capture_logs() as lines:
        deliver.after_run(engine, settings, FAILED)
    assert [line["event"] for line in lines] == ["alerts failed"]


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
