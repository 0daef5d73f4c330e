"""What is assumed of Salesforce, tried on the imitation org: everything holds there, and of an org that
breaks one assumption exactly that one is disproved."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from syncer.connectors.salesforce.examination.checks import CHECKS, READING, Expected, ExpectedObject
from syncer.core.trust.verdict import State
from tests.connectors.salesforce.sandbox_client import client_of
from tests.support.sandbox import RunningSandbox

FIELDS = frozenset({"FirstName", "LastName", "Title", "Email"})
ID = "Element451_ID__c"
CONTACT = ExpectedObject("Contact", ID, FIELDS | {ID, "Id"}, FIELDS | {ID}, FIELDS | {ID})
TALK = "E451_Conversation__c"
CONVERSATION = ExpectedObject(TALK, "Conversation_ID__c", frozenset({"Conversation_ID__c"}))
Break = Callable[[RunningSandbox, str], object]
BROKEN: dict[str, Break] = {
    "API version": lambda sandbox, _: sandbox.alter("/services/data$", drop=True),
    "unique IDs": lambda sandbox, _: sandbox.field("Contact", ID, unique=False),
    "rights": lambda sandbox, _: sandbox.field("Contact", "Title", read_only=True),
    "visibility": lambda sandbox, id: sandbox.hide("Contact", id),
    "clock": lambda sandbox, _: sandbox.options(salesforce_date_off=3600),
    "limits": lambda sandbox, _: sandbox.options(daily_api_limit=500),
    "changes": lambda sandbox, _: sandbox.alter(
        "/updated", put={"latestDateCovered": "0001-01-01T00:00:00.000+0000"}
    ),
    "deletions": lambda sandbox, _: sandbox.fault(
        "status",
        path="/deleted",
        status=400,
        body=[{"errorCode": "INVALID_TYPE", "message": "No."}],
        times=-1,
    ),
    "duplicate rules": lambda sandbox, _: sandbox.options(
        duplicate_rules=[{"object": "Contact", "fields": ["Email"], "action": "allow"}]
    ),
    "sign-in": lambda sandbox, _: sandbox.options(refresh_policy="SpecificLifetime"),
    "automation": lambda sandbox, _: sandbox.options(
        triggers=[{"object": "Contact", "field": "Title", "change": "upper"}]
    ),
}


@pytest.fixture
def person(sandbox: RunningSandbox) -> str:
    return sandbox.create("Contact", LastName="Noether", FirstName="Emmy", Title="dean", Email="e@x.example")


def expected(person: str) -> Expected:
    return Expected((CONTACT, CONVERSATION), (person,), calls_a_day=400, share_percent=50, test_record=person)


def test_in_an_org_as_it_should_be_everything_is_proved(
    sandbox: RunningSandbox, tmp_path: Path, person: str
) -> None:
    columns = ["FirstName", "LastName", "Title", "Email"]
    before = sandbox.records("Contact", fields=columns)
    verdicts = {verdict.check: verdict for verdict in client_of(sandbox, tmp_path).examine(expected(person))}
    assert list(verdicts) == [check.name for check in CHECKS]
    assert {
        check: found.finding for check, found in verdicts.items() if found.state is not State.PROVED
    } == {}
    assert sandbox.records("Contact", fields=columns) == before


def test_without_a_test_record_nothing_is_written(
    sandbox: RunningSandbox, tmp_path: Path, person: str
) -> None:
    lines = len(sandbox.journal())
    reading = replace(expected(person), test_record=None)
    found = list(client_of(sandbox, tmp_path).examine(reading))
    assert [verdict.check for verdict in found] == [check.name for check in READING]
    assert len(sandbox.journal()) == lines


def test_every_assumption_can_be_broken() -> None:
    assert set(BROKEN) == {check.name for check in CHECKS}


@pytest.mark.parametrize("check", BROKEN)
def test_the_assumption_that_does_not_hold_is_the_one_disproved(
    sandbox: RunningSandbox, tmp_path: Path, person: str, check: str
) -> None:
    client = client_of(sandbox, tmp_path)
    BROKEN[check](sandbox, person)
    asked = expected(person) if check == "automation" else replace(expected(person), test_record=None)
    found = list(client.examine(asked))
    assert [verdict.check for verdict in found if verdict.state is State.DISPROVED] == [check]


@pytest.mark.parametrize(
    ("policy", "state"),
    [("Infinite", State.PROVED), ("SpecificInactivity", State.DISPROVED), ("Zero", State.DISPROVED)],
)
def test_a_sign_in_that_ends_is_no_lasting_one(
    sandbox: RunningSandbox, tmp_path: Path, person: str, policy: str, state: State
) -> None:
    client = client_of(sandbox, tmp_path)
    sandbox.options(refresh_policy=policy)
    verdicts = client.examine(replace(expected(person), test_record=None))
    assert {verdict.check: verdict.state for verdict in verdicts}["sign-in"] is state


def test_a_hidden_field_is_a_missing_right_and_a_deleted_record_is_not_hidden(
    sandbox: RunningSandbox, tmp_path: Path, person: str
) -> None:
    client = client_of(sandbox, tmp_path)
    sandbox.field("Contact", "Title", hidden=True)
    sandbox.delete("Contact", person)
    reading = replace(expected(person), test_record=None)
    found = {verdict.check: verdict for verdict in client.examine(reading)}
    assert [check for check, verdict in found.items() if verdict.state is State.DISPROVED] == ["rights"]
    assert "Title" in found["rights"].finding.found
