"""What is assumed of Element451, tried on the imitation account: everything holds there, and of an account
that breaks one assumption exactly that one is disproved (contracts/element451.md A1 to A11)."""

from collections.abc import Callable, Iterator

import pytest

from syncer.connectors.element451 import Element451Client
from syncer.connectors.element451.examination.checks import CHECKS, IMPORTING, READING
from syncer.core.trust.verdict import State
from tests.support.sandbox import RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN

SLUG = "user-identities-salesforceid"
Break = Callable[[RunningSandbox], object]
BROKEN: dict[str, Break] = {
    "field list": lambda sandbox: sandbox.alter("/mappings", remove=["entity"]),
    "changed since": lambda sandbox: sandbox.options(element451_since="after"),
    "order": lambda sandbox: sandbox.options(element451_order="changed"),
    "last page": lambda sandbox: sandbox.options(element451_last_page="wraps"),
    "empty values": lambda sandbox: sandbox.options(element451_empties="word"),
    "Salesforce ID": lambda sandbox: sandbox.field_element451("rename", SLUG, to="user-custom-salesforce"),
    "conversations": lambda sandbox: sandbox.fault(
        "status",
        path="conversations/export",
        status=404,
        body={"message": "There is nothing here."},
        times=-1,
    ),
    "wrong token": lambda sandbox: sandbox.options(element451_wrong_token=400),
    "unknown fields": lambda sandbox: sandbox.options(element451_names_fields=False),
    "unknown ids": lambda sandbox: sandbox.fault(
        "status", holds=r',\s*"f{24}"', path="users/export$", status=400, body={"message": "No."}, times=-1
    ),
    "names in searches": lambda sandbox: sandbox.alter("/search", remove=["email"]),
    "search by value": lambda sandbox: sandbox.alter("/search", drop=True, rule={"holds": r"\$match"}),
    "clock": lambda sandbox: sandbox.options(element451_date_off=3600),
    "updates": lambda sandbox: sandbox.options(element451_matching="none"),
    "creations": lambda sandbox: sandbox.options(element451_matching="element_id"),
    "empty cells": lambda sandbox: sandbox.options(element451_empty_cells="kept"),
    "refused rows": lambda sandbox: sandbox.options(element451_warns=False),
}


@pytest.fixture
def client(sandbox: RunningSandbox) -> Iterator[Element451Client]:
    sandbox.reset(contacts=60, conversations=5, in_step=1)
    with Element451Client(f"{sandbox.url}/v2", FEATURE_TOKEN) as made:
        yield made


def paired(sandbox: RunningSandbox) -> str:
    """A contact that holds a Salesforce ID."""
    rows = sandbox.records("contact", system="element451", fields=["user-elementid", SLUG])
    return next(str(row["user-elementid"]) for row in rows if row.get(SLUG))


def disproved(client: Element451Client, contact: str | None = None) -> list[str]:
    return [verdict.check for verdict in client.examine(contact) if verdict.state is State.DISPROVED]


def test_on_an_account_that_keeps_the_contract_everything_is_proved(
    client: Element451Client, sandbox: RunningSandbox
) -> None:
    contact = paired(sandbox)
    before = sandbox.records("contact", system="element451")
    verdicts = {verdict.check: verdict for verdict in client.examine(contact)}
    assert list(verdicts) == [check.name for check in CHECKS]
    assert {
        check: found.finding for check, found in verdicts.items() if found.state is not State.PROVED
    } == {}
    stamp = "user-updated-at"
    after = sandbox.records("contact", system="element451")
    assert [{**row, stamp: ""} for row in after] == [{**row, stamp: ""} for row in before]


def test_without_a_test_contact_nothing_is_written(client: Element451Client, sandbox: RunningSandbox) -> None:
    assert [verdict.check for verdict in client.examine()] == [check.name for check in READING]
    assert sandbox.journal() == []


def test_every_assumption_can_be_broken() -> None:
    assert set(BROKEN) == {check.name for check in CHECKS}


@pytest.mark.parametrize("check", BROKEN)
def test_the_assumption_that_does_not_hold_is_the_one_disproved(
    client: Element451Client, sandbox: RunningSandbox, check: str
) -> None:
    contact = paired(sandbox) if check in {one.name for one in IMPORTING} else None
    BROKEN[check](sandbox)
    assert disproved(client, contact) == [check]


@pytest.mark.parametrize("option", ["kept", "emptied"])
def test_what_could_not_be_put_back_is_said_with_what_was_there(
    client: Element451Client, sandbox: RunningSandbox, option: str
) -> None:
    contact = paired(sandbox)
    sandbox.edit_element451("contact", {contact: {"user-preferred-name": None}})
    sandbox.options(element451_empty_cells=option)
    [found] = [verdict for verdict in client.examine(contact) if verdict.state is State.DISPROVED]
    assert found.check == "empty cells"
    assert ("user-preferred-name" in found.finding.restore) == (option == "kept")


def test_an_account_without_anybody_proves_nothing_and_disproves_nothing(
    client: Element451Client, sandbox: RunningSandbox
) -> None:
    sandbox.reset(contacts=0, conversations=0)
    assert disproved(client) == []
    assert "changed since" in [
        verdict.check for verdict in client.examine() if verdict.state is State.NOT_PROVED
    ]


def test_a_wrong_feature_token_proves_nothing_and_is_asked_once(sandbox: RunningSandbox) -> None:
    sandbox.reset_counters()
    with Element451Client(f"{sandbox.url}/v2", "ended") as client:
        assert {verdict.state for verdict in client.examine()} == {State.NOT_PROVED}
        assert client.calls == 1
