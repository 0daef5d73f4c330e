"""Whom somebody means who searches the logs, on both databases."""

from typing import Any

import pytest
from sqlalchemy import Engine, insert

from bench.entries import contact, element
from syncer.configuration.document import Document
from syncer.sync import log_search
from syncer.sync.pair_store import PAIRS
from tests.support.documents import document

CONVERSATION = "f" * 24


def pair(number: int, name: str, **more: Any) -> dict[str, Any]:
    row = {
        "kind": "contact",
        "entity": "Contact",
        "element_id": element(number),
        "salesforce_id": contact(number),
        "search": name.casefold(),
    }
    return (
        row | {"element451": {"user-first-name": name.split()[0], "user-last-name": name.split()[-1]}} | more
    )


@pytest.fixture
def school() -> Document:
    return document()


@pytest.fixture
def known(engine: Engine) -> Engine:
    """Ann Lee with a conversation, Anna Lopez who is in Element451 alone, and Bob Dole."""
    talk = {
        "kind": "conversation",
        "entity": "E451_Conversation__c",
        "element_id": CONVERSATION,
        "contact_id": element(1),
    }
    with engine.begin() as connection:
        for row in (pair(1, "Ann Lee"), pair(2, "Anna Lopez", salesforce_id=None), pair(3, "Bob Dole"), talk):
            connection.execute(insert(PAIRS).values(row))
    return engine


def test_a_name_means_everybody_who_has_it_and_their_conversations(known: Engine, school: Document) -> None:
    found = log_search.meant(known, school, "ann")
    assert found.people == ("Ann Lee", "Anna Lopez")
    assert set(found.ids) == {element(1), contact(1), element(2), CONVERSATION}
    assert not found.more


@pytest.mark.parametrize("asked", [element(1), element(1).upper(), contact(1), contact(1)[:15]])
def test_an_id_of_either_system_means_one_record_in_both(known: Engine, school: Document, asked: str) -> None:
    assert log_search.meant(known, school, asked) == log_search.Meant((element(1), contact(1)))


def test_the_id_of_a_conversation_means_that_conversation(known: Engine, school: Document) -> None:
    assert log_search.meant(known, school, CONVERSATION) == log_search.Meant((CONVERSATION,))


def test_an_id_that_no_pair_holds_any_more_may_still_be_in_the_logs(known: Engine, school: Document) -> None:
    assert log_search.meant(known, school, element(9)) == log_search.Meant((element(9),))
    assert log_search.meant(known, school, contact(9)) == log_search.Meant((contact(9),))


def test_a_name_that_looks_like_an_id_is_a_name_where_somebody_has_it(
    known: Engine, school: Document
) -> None:
    with known.begin() as connection:
        connection.execute(insert(PAIRS).values(pair(4, "Wolfeschlegelst")))  # fifteen letters
    assert log_search.meant(known, school, "Wolfeschlegelst").ids == (element(4), contact(4))


def test_a_name_that_nobody_has_means_nobody(known: Engine, school: Document) -> None:
    assert log_search.meant(known, school, "zzyzx") == log_search.Meant(())


def test_a_name_that_many_have_is_said_to_be_cut(known: Engine, school: Document) -> None:
    with known.begin() as connection:
        connection.execute(
            insert(PAIRS), [pair(number, f"Kim Number{number:03}") for number in range(100, 130)]
        )
    found = log_search.meant(known, school, "kim")
    assert len(found.people) == log_search.PEOPLE
    assert found.more


def test_the_contact_of_a_conversation_is_known(known: Engine) -> None:
    entry = {
        "kind": "conversation",
        "entity": "E451_Conversation__c",
        "element_id": CONVERSATION,
        "salesforce_id": None,
    }
    assert log_search.contact_of(known, entry) == element(1)
    assert log_search.contact_of(known, entry | {"element_id": element(7)}) is None
    assert log_search.contact_of(known, entry | {"kind": "contact"}) is None
