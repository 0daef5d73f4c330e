"""``status``."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from syncer.alerting import alert_store
from syncer.alerting.conditions import Condition
from syncer.application.container import Application
from syncer.cli import status
from syncer.configuration.suspension import SuspendedField, Suspension
from syncer.core.records import Kind
from syncer.infra.database import key_value
from syncer.infra.database.lease import RUN, Lease
from syncer.infra.database.tables import PairRow, table
from syncer.journal import api_usage, runs
from syncer.journal.run_state import RunState, Trigger
from syncer.sync.suspensions import SUSPENDED
from tests.cli.conftest import Command
from tests.support.documents import document
from tests.support.rows import filled_row
from tests.support.sandbox import RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN


def test_a_fresh_installation_says_that_nothing_is_there_yet(command: Command) -> None:
    assert command("status").out.splitlines() == [
        "Element451: not connected",
        "Salesforce: not connected",
        "Configuration: none yet",
        "Running: nothing",
        "Next run: none. Nothing is configured yet.",
        "Due: 0",
        "Failing: 0",
        "Salesforce calls in 24 hours: 0 by the sync",
        "Queue: no previews, tests or retries wait",
    ]
    assert command("status", "--json").json == {
        "connections": {"element451": None, "salesforce": None},
        "configuration": None,
        "running": None,
        "running_run": None,
        "last_run": None,
        "waiting_run": None,
        "waiting_retry": None,
        "waiting_undo": None,
        "suspect_fields": [],
        "schedule": {
            "interval_seconds": 900,
            "last_tick": None,
            "next_run": None,
            "standstill": "Nothing is configured yet.",
            "overdue": False,
            "rejected": None,
            "stands": None,
        },
        "due": 0,
        "failing": {"records": 0, "tried_later": 0, "causes": []},
        "suspended": {"fields": [], "creations": [], "kinds": []},
        "api_calls": {
            "used_by_us": 0,
            "allowed_to_us": None,
            "used_by_all": None,
            "limit": None,
            "as_of": None,
        },
        "alerts": [],
        "queue": {"waiting": 0},
    }


def test_what_is_there_is_shown_without_secrets(
    command: Command, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_SALESFORCE_HOSTS", sandbox.url.removeprefix("http://"))
    with Application.from_environment() as application:
        application.connections.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
        application.configuration.store(document())
        with Lease(application.database, RUN):
            shown = command("status", "--json").json
            assert f"Element451: connected, {sandbox.url}/v2" in command("status").out
    assert shown["connections"]["element451"]["state"] == "connected"
    assert (shown["configuration"]["id"], shown["configuration"]["author"]) == (1, "command line")
    assert "(process " in shown["running"]
    assert FEATURE_TOKEN not in str(shown)


def test_a_run_under_way_is_shown_with_how_far_it_is(command: Command) -> None:
    with Application.from_environment() as application:
        run = runs.begin(application.database, Trigger.SCHEDULE, 1)
        with application.database.begin() as connection:
            runs.save_progress(connection, run, "writing contacts", 1200, 50_000)
        with Lease(application.database, RUN):
            assert f"Running: run {run.id} (schedule) by " in command("status").out
            assert ", writing contacts 1,200 of 50,000" in command("status").out
            assert command("status", "--json").json["running_run"] == {
                "run": run.id,
                "trigger": "schedule",
                "progress": {"phase": "writing contacts", "done": 1200, "total": 50_000},
            }
        assert "Running: nothing" in command("status").out


def test_what_fails_is_shown_by_cause_with_the_calls_of_the_day_and_the_alerts(command: Command) -> None:
    now = datetime.now(UTC)
    with Application.from_environment() as application:
        application.configuration.store(document())
        failure = {"export": {"cause": "lasting", "code": "REQUIRED_FIELD_MISSING", "reason": "", "tries": 2}}
        pair = filled_row(
            table(PairRow),
            kind="contact",
            entity="Contact",
            failing=True,
            failures=failure,
            due=True,
            try_after=now + timedelta(hours=3),
        )
        with application.database.begin() as connection:
            connection.execute(insert(table(PairRow)), [pair])
            alert_store.update_alerts(
                connection, [Condition("run_failing", "failing", "Run 7 failed.")], [], now
            )
        run = runs.begin(application.database, Trigger.SYNC, 1)
        run.state, run.calls = RunState.DONE, {"salesforce": 1234, "element451": 5}
        runs.save(application.database, run)
        api_usage.save(application.database, (9000, 100_000))
    out = command("status").out
    assert "Due: 0\nFailing: 1, 1 of them tried later: REQUIRED_FIELD_MISSING (lasting) 1\n" in out
    assert (
        "Salesforce calls in 24 hours: 1,234 by the sync (its share is 50,000), 9,000 of 100,000 by all"
        " as of " in out
    )
    assert "Alert: run_failing, failing since " in out
    shown = command("status", "--json").json
    assert shown["failing"] == {
        "records": 1,
        "tried_later": 1,
        "causes": [{"cause": "lasting", "code": "REQUIRED_FIELD_MISSING", "failures": 1}],
    }
    assert (shown["last_run"]["run"], shown["api_calls"]["used_by_us"], shown["alerts"][0]["name"]) == (
        run.id,
        1234,
        "run_failing",
    )


def test_what_is_suspended_is_named(command: Command) -> None:
    sentence = "user-dob and Birthdate are suspended. Element451 has no field “user-dob”."
    suspended = Suspension((SuspendedField(Kind.CONTACT, "user-dob", "Birthdate", sentence),))
    with Application.from_environment() as application, application.database.begin() as connection:
        key_value.write(connection, SUSPENDED, suspended.to_json())
    assert f"Suspended: {sentence}\n" in command("status").out
    (field,) = command("status", "--json").json["suspended"]["fields"]
    assert field == {
        "kind": "contact",
        "element451": "user-dob",
        "salesforce": "Birthdate",
        "sentence": sentence,
        "asked": False,
    }


def test_other_programs_may_add_what_they_know(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        status, "STATUS_SECTIONS", [lambda application: ("queue", {"waiting": 2}, "Queue: 2 jobs wait")]
    )
    assert command("status").out.endswith("Queue: 2 jobs wait\n")
    assert command("status", "--json").json["queue"] == {"waiting": 2}


def test_a_suspect_field_is_named(command: Command) -> None:
    suspect = {"kind": "contact", "system": "element451", "element451": "user-phone", "salesforce": "Phone"}
    with Application.from_environment() as application:
        run = runs.begin(application.database, Trigger.SCHEDULE, 1)
        run.state, run.numbers = RunState.WAITING, {"suspects": [suspect | {"read": 12, "emptied": 11}]}
        runs.save(application.database, run)
    assert command("status", "--json").json["suspect_fields"] == [suspect | {"read": 12, "emptied": 11}]
    assert "user-phone (Phone) came back empty from element451 for 11 of 12" in command("status").out


def test_it_says_that_a_school_is_not_live_yet_and_who_paused_the_schedule(
    command: Command, allowed: None, sandbox: RunningSandbox
) -> None:
    with Application.from_environment() as application:
        application.configuration.store(document(), based_on=0)
    assert "Not live yet" in command("status").out
    assert command("status", "--json").json["schedule"]["stands"]["cause"] == "not live yet"
    assert command("go-live").status == 0
    assert command("pause", "--hours", "25").status == 2
    assert command("pause", "--hours", "2").status == 0
    stands = command("status", "--json").json["schedule"]["stands"]
    assert (stands["cause"], stands["by"].endswith("(command line)")) == ("paused", True)
    assert "Paused until" in command("status").out
    assert command("resume", "--json").json == {"resumed": True}
    assert command("status", "--json").json["schedule"]["stands"] is None
