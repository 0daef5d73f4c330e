"""``doctor``: both systems at once, and what it says when something does not hold."""

from pathlib import Path

import pytest

from syncer.application import doctor
from syncer.application.commands import Commands
from syncer.application.container import Application
from syncer.application.doctor_report import CHECKS
from syncer.connections import element451_settings
from syncer.core.permissions import Actor, NotPermitted, Role
from syncer.core.records import System
from syncer.core.trust.verdict import State
from syncer.infra.database.lease import RUN, Lease
from tests.cli.conftest import Command
from tests.support.documents import document
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN, answer_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def school(command: Command, sandbox: RunningSandbox, allowed: None) -> str:
    """Both systems are connected and in step; gives the Element ID of a contact that is paired."""
    sandbox.reset(contacts=40, conversations=0, in_step=1)
    with Application.from_environment() as application:
        connections = application.connections
        connections.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
        started = connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET)
        connections.finish_salesforce(answer_of(started.authorize_url))
        modes = {"mode": "update_existing_and_import_new", "scope": "all"}
        application.configuration.store(document(sync_conversations=False, export=modes))
        Commands(application).sync()
    slug = "user-identities-salesforceid"
    rows = sandbox.records("contact", system="element451", fields=["user-elementid", slug])
    return next(str(row["user-elementid"]) for row in rows if row.get(slug))


def test_on_the_sandbox_everything_is_proved_and_kept(
    command: Command, school: str, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    answer = command("doctor", "--write", school, "--report", str(tmp_path / "report.txt"), "--json")
    assert [found for found in answer.json if found["state"] != "proved"] == []
    expected = [(system.value, check.name) for system in System for check in CHECKS[system]]
    assert [(found["system"], found["check"]) for found in answer.json] == expected
    assert answer.status == 0
    with Application.from_environment() as application:
        kept = doctor.last(application.database)
        assert doctor.due(application.database) == []
    assert [verdict.to_json() for one in kept.values() for verdict in one.verdicts] == answer.json
    report = (tmp_path / "report.txt").read_text("utf-8")
    people = sandbox.records("contact", system="element451", fields=["user-email-address", "user-last-name"])
    values = {str(value) for row in people for value in row.values()}
    assert not [value for value in values if len(value) > 3 and value in report]


def test_what_only_writing_proves_is_not_proved_before_and_stays_proved_after(
    command: Command, school: str
) -> None:
    writing = {check.name for system in System for check in CHECKS[system] if check.writes}

    def states() -> dict[str, str]:
        found = command("doctor", "--json").json
        return {one["check"]: one["state"] for one in found if one["check"] in writing}

    assert states() == dict.fromkeys(writing, "not proved")
    command("doctor", "--write", school)
    assert states() == dict.fromkeys(writing, "proved")


def test_what_is_disproved_is_said_with_what_to_do_and_fails(
    command: Command, school: str, sandbox: RunningSandbox
) -> None:
    sandbox.options(element451_since="ignored")
    sandbox.field("Contact", "Element451_ID__c", unique=False)
    found = {(one["system"], one["check"]): one for one in command("doctor", "--json").json}
    wrong = {key for key, one in found.items() if one["state"] == "disproved"}
    assert wrong == {("element451", "changed since"), ("salesforce", "unique IDs")}
    assert all(found[key]["remedy"] for key in wrong)
    answer = command("doctor")
    assert answer.status == 1
    assert "disproved   changed since: " in answer.out


@pytest.mark.usefixtures("allowed")
def test_connecting_has_the_system_examined_at_once(command: Command, sandbox: RunningSandbox) -> None:
    sandbox.fault("status", path="conversations/export", status=404, body={"message": "None."}, times=-1)
    connect = ("connect", "element451", "--api-url", f"{sandbox.url}/v2", "--feature-token", FEATURE_TOKEN)
    said = command(*connect, "--json")
    assert said.status == 0
    disproved = [found["check"] for found in said.json["doctor"] if found["state"] == "disproved"]
    assert disproved == ["conversations"]
    assert "scope to “all”" in command(*connect).out


def test_what_was_connected_since_is_due(command: Command, school: str, sandbox: RunningSandbox) -> None:
    with Application.from_environment() as application:
        assert doctor.due(application.database) == list(System)
        doctor.examine_what_is_due(application)
        assert doctor.due(application.database) == []
        application.connections.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
        assert doctor.due(application.database) == [System.ELEMENT451]


def test_without_a_connection_it_says_so(command: Command) -> None:
    answer = command("doctor", "--json")
    assert (answer.status, answer.json["code"]) == (1, "not_connected")


def test_it_writes_beside_no_run_and_for_nobody_who_may_not_test(command: Command, school: str) -> None:
    with Application.from_environment() as application:
        with Lease(application.database, RUN):
            assert command("doctor", "--write", school, "--json").status == 3
            assert command("doctor", "--json").status == 0
        viewer = application.acting_as(Actor("viewer@school.edu", Role.VIEWER))
        with pytest.raises(NotPermitted):
            doctor.examine(viewer, test_contact=school)


def test_a_contact_that_is_held_is_no_test_contact(
    command: Command, school: str, sandbox: RunningSandbox
) -> None:
    assert command("hold", school, "--reason", "A special case").status == 0
    lines = len(sandbox.journal())
    answer = command("doctor", "--write", school, "--json")
    assert (answer.status, "is held" in answer.json["error"]) == (1, True)
    assert len(sandbox.journal()) == lines


def test_a_hidden_record_that_the_sync_knows_is_named(
    command: Command, school: str, sandbox: RunningSandbox
) -> None:
    [hidden, *_] = [str(row["Id"]) for row in sandbox.records("Contact", fields=["Id"])]
    sandbox.hide("Contact", hidden)
    [found] = [one for one in command("doctor", "--json").json if one["state"] == State.DISPROVED]
    assert (found["check"], hidden in found["found"]) == ("visibility", True)


@pytest.mark.usefixtures("allowed")
def test_what_differs_is_set_with_the_connection_and_stays_when_it_is_made_anew(
    command: Command, sandbox: RunningSandbox
) -> None:
    sandbox.reset(contacts=5, conversations=5)
    sandbox.options(element451_words="other")
    connect = ("connect", "element451", "--api-url", f"{sandbox.url}/v2", "--feature-token", FEATURE_TOKEN)
    wrong = {found["check"] for found in command(*connect, "--json").json["doctor"] if found["remedy"]}
    assert "conversations" in wrong
    words = ["conversations_path=talks/export", "conversation_id=talk-id", "contact_stamp=user-changed-at"]
    words += ["conversation_contact=talk-user-elementid", "conversation_stamp=talk-updated-at"]
    settings = [part for word in words for part in ("--set", word)]
    for arguments in ([*connect, *settings], [*connect]):
        said = command(*arguments, "--json").json["doctor"]
        assert [found["check"] for found in said if found["state"] == State.DISPROVED] == []
    assert command(*connect, "--set", "read_size=51").status == 2
    with Application.from_environment() as application:
        assert element451_settings.read(application.database).changed == dict(
            word.split("=") for word in words
        )
