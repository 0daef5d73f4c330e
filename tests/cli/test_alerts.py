"""``alerts``."""

from datetime import UTC, datetime

import pytest

from syncer.alerting import alert_store
from syncer.alerting.conditions import Condition
from syncer.application.container import Application
from tests.cli.conftest import Command
from tests.support.listeners import webhook

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nobody_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALERT_WEBHOOK_URL", "ALERT_EMAIL_TO", "ALERT_EMAIL_FROM", "SMTP_URL"):
        monkeypatch.delenv(name, raising=False)


def test_without_settings_it_says_that_alerts_go_nowhere_and_how_to_change_that(command: Command) -> None:
    assert "Set ALERT_WEBHOOK_URL" in command("alerts").out
    assert command("alerts", "--json").json == {"ways": [], "alerts": [], "tried": []}
    tried = command("alerts", "--try")
    assert (tried.status, tried.out) == (2, "")
    assert "Set ALERT_WEBHOOK_URL" in tried.err


def test_the_ways_are_tried_on_demand_and_their_secrets_are_not_shown(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with webhook() as hook:
        monkeypatch.setenv("ALERT_WEBHOOK_URL", hook.url)
        assert command("alerts").status == 0
        assert hook.posted == []
        answer = command("alerts", "--try")
        assert (answer.status, hook.alerts) == (0, [("test", "good")])
        assert "Tried webhook: delivered" in answer.out
        hook.status = 404
        answer = command("alerts", "--try", "--json")
    assert answer.status == 1
    assert answer.json["tried"] == [
        {"way": "webhook", "delivered": False, "problem": "127.0.0.1 answered HTTP 404."}
    ]
    assert "hunter2" not in answer.out


def test_what_stands_is_listed_worst_first(command: Command) -> None:
    with Application.from_environment() as application, application.database.begin() as connection:
        for states in (("failing", "limit reached"), ("good", "limit reached")):
            named = zip(("run_failing", "limit_reached:salesforce"), states, strict=True)
            alert_store.update_alerts(
                connection,
                [Condition(name, state, f"About {name}.") for name, state in named],
                ["webhook"],
                NOW,
            )
    lines = command("alerts").out.splitlines()[1:]
    assert lines == [
        (
            "limit_reached:salesforce: limit reached since 2026-09-01 08:00 UTC. About"
            " limit_reached:salesforce. (still to be told by webhook)"
        ),
        "run_failing: good since 2026-09-01 08:00 UTC",
    ]
    shown = command("alerts", "--json").json["alerts"]
    assert [(alert["name"], alert["state"], alert["untold"]) for alert in shown] == [
        ("limit_reached:salesforce", "limit reached", ["webhook"]),
        ("run_failing", "good", []),
    ]
