"""What tests and rehearsals can do to the sandbox besides calling its two systems."""

import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests

from tests.sandbox.client import Org
from tests.support.sandbox import ROOT, RunningSandbox, running_sandbox


def test_every_reply_carries_the_date_of_the_sandboxes_clock(sandbox: RunningSandbox) -> None:
    sandbox.clock(now="2031-05-06T07:08:09Z")
    for path in ("/services/data", "/v2/mappings", "/_sandbox/clock"):
        date = parsedate_to_datetime(requests.get(sandbox.url + path, timeout=10).headers["Date"])
        assert timedelta(0) <= date - datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC) < timedelta(seconds=20)


def test_the_clock_advances_and_runs_on(sandbox: RunningSandbox) -> None:
    before = datetime.fromisoformat(sandbox.clock())
    after = datetime.fromisoformat(sandbox.clock(advance=900))
    assert timedelta(seconds=900) <= after - before < timedelta(seconds=920)
    assert datetime.fromisoformat(sandbox.clock()) > after


def test_a_reset_forgets_rows_journal_counters_faults_knobs_and_time(
    org: Org, sandbox: RunningSandbox
) -> None:
    org.create(LastName="Gone")
    sandbox.fault("html503", times=-1)
    sandbox.options(delay_ms=1)
    sandbox.clock(now="2040-01-01T00:00:00Z")
    sandbox.reset()
    assert sandbox.records("Contact") == []
    assert sandbox.journal() == []
    assert sandbox.counters() == {"calls": {}, "records": {}}
    assert sandbox.options()["delay_ms"] == 0
    assert sandbox.clock() < "2040"
    assert requests.get(f"{sandbox.url}/services/data", timeout=10).status_code == 200


def test_a_reset_can_fill_both_systems_with_a_school(sandbox: RunningSandbox) -> None:
    sandbox.reset(contacts=30, conversations=5)
    assert len(sandbox.records("Contact")) > 10
    assert len(sandbox.records("contact", system="element451")) > 10


def test_a_reset_can_fill_both_systems_with_people_in_step_and_people_can_change_many_at_once(
    sandbox: RunningSandbox,
) -> None:
    sandbox.reset(contacts=30, in_step=True)
    here, there = sandbox.records("contact", system="element451"), sandbox.records("Contact")
    assert {row["user-elementid"]: row["user-identities-salesforceid"] for row in here} == {
        row["Element451_ID__c"]: row["Id"] for row in there
    }
    new = sandbox.create_many("Contact", [{"LastName": "One"}, {"LastName": "Two"}])
    sandbox.edit_many("Contact", [{"Id": id, "Description": "many"} for id in new])
    sandbox.edit_element451("contact", {row["user-elementid"]: {"user-first-name": "Many"} for row in here})
    assert {row["Id"] for row in sandbox.records("Contact") if row["Description"] == "many"} == set(new)
    assert {row["user-first-name"] for row in sandbox.records("contact", system="element451")} == {"Many"}
    with pytest.raises(ValueError, match="REQUIRED_FIELD_MISSING"):
        sandbox.create_many("Contact", [{"LastName": "Three"}, {"FirstName": "Nobody"}])
    assert len(sandbox.records("Contact")) == 32


def test_a_control_used_wrongly_says_what_is_wrong(sandbox: RunningSandbox) -> None:
    with pytest.raises(ValueError, match="no option is called speed"):
        sandbox.options(speed=1)
    with pytest.raises(ValueError, match="delay_ms needs a int"):
        sandbox.options(delay_ms="fast")
    with pytest.raises(ValueError, match="refresh_policy is one of Infinite"):
        sandbox.options(refresh_policy="Sometimes")
    with pytest.raises(ValueError, match="action is one of"):
        sandbox.fault("explode")
    with pytest.raises(ValueError, match="no object is called Person"):
        sandbox.records("Person")
    with pytest.raises(ValueError, match="zone"):
        sandbox.clock(now="2026-01-01T00:00:00")


def test_the_journal_tells_who_wrote_what_in_order(org: Org, sandbox: RunningSandbox) -> None:
    made = org.create(LastName="Ånström", FirstName=" Åsa ")
    sandbox.edit("Contact", made, FirstName="Eva")
    lines = sandbox.journal()
    assert [(line["operation"], line["by"], line["fields"]) for line in lines] == [
        ("create", "api", {"LastName": "Ånström", "FirstName": "Åsa"}),
        ("update", "person", {"FirstName": "Eva"}),
    ]
    assert {line["id"] for line in lines} == {made}
    assert org.read(made, "CreatedById") != {
        "CreatedById": org.read(made, "LastModifiedById")["LastModifiedById"]
    }
    assert [line["fields"] for line in sandbox.journal(after=lines[0]["sequence"])] == [{"FirstName": "Eva"}]


def test_counters_count_a_composite_call_once_and_its_records_all(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.reset_counters()
    body = {"records": [{"attributes": {"type": "Contact"}, "LastName": f"L{number}"} for number in range(3)]}
    part = {"method": "POST", "url": "/services/data/v66.0/composite/sobjects", "body": body}
    org.post("composite", {"compositeRequest": [{**part, "referenceId": "a"}, {**part, "referenceId": "b"}]})
    org.query("SELECT Id FROM Contact")
    assert sandbox.counters() == {
        "calls": {"salesforce": {"composite": 1, "query": 1, "total": 2}},
        "records": {"salesforce": {"read": 6, "written": 6}},
    }


def test_records_are_listed_with_every_field_deleted_ones_too(org: Org, sandbox: RunningSandbox) -> None:
    gone, kept = org.create(LastName="Gone"), org.create(LastName="Kept", DoNotCall=True)
    sandbox.delete("Contact", gone)
    rows = {row["Id"]: row for row in sandbox.records("Contact")}
    assert rows[gone]["IsDeleted"] is True
    assert rows[kept]["DoNotCall"] is True
    assert sandbox.records("Contact", fields=["LastName"]) == [{"LastName": "Gone"}, {"LastName": "Kept"}]
    assert set(rows[kept]) >= {"hed__Race__c", "Element451_ID__c", "MailingAddress", "SystemModstamp"}


def test_the_sandbox_listens_on_loopback_only() -> None:
    command = [sys.executable, "-m", "sandbox", "--host", "192.0.2.1", "--port", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "loopback only" in done.stderr


def test_a_taken_port_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "sandbox", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "in use" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_it_stops_within_a_second_or_two_though_a_connection_is_kept_alive(number: signal.Signals) -> None:
    with running_sandbox() as sandbox, requests.Session() as session:
        session.get(f"{sandbox.url}/services/data", timeout=10)
        started = time.monotonic()
        sandbox.process.send_signal(number)
        assert sandbox.process.wait(5) == 0
        assert time.monotonic() - started < 2


def test_a_delay_and_callbacks_can_be_given_at_the_start_and_outlive_a_reset() -> None:
    callback = "http://127.0.0.1:7777/back"
    with running_sandbox(delay_ms=20, callbacks=[callback]) as sandbox:
        sandbox.reset()
        assert sandbox.options()["delay_ms"] == 20
        assert sandbox.sign_in(callback=callback)["token_type"] == "Bearer"


def test_a_world_kept_in_a_file_is_there_again_after_a_restart(tmp_path: Path) -> None:
    database = str(tmp_path / "world.sqlite")
    with running_sandbox(database=database) as first:
        made = Org(first).create(LastName="Lasting")
    with running_sandbox(database=database) as second:
        assert Org(second).read(made, "LastName") == {"LastName": "Lasting"}
