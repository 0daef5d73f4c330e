"""Alerts: one per change of state and one when it is good again, over a real webhook, whatever fails on the
way."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from syncer.alerting import alert_store, deliver
from syncer.infra.settings.environment import Settings
from syncer.journal.run_state import RunState, Trigger
from tests.alerting.steps import FAILED, NOW, connect, run
from tests.support.listeners import Hook, mail_server


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
    assert [(alert.state, alert.pending) for alert in alert_store.read(engine)] == [("good", ())]


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
    assert [alert.pending for alert in alert_store.read(engine)] == [("webhook",)]
    deliver.after_run(engine, Settings.from_environment({}), FAILED)
    assert [alert.pending for alert in alert_store.read(engine)] == [()]


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
