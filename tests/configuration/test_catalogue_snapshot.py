"""What is known of both systems' fields, even where one of them does not answer."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from syncer.configuration.catalogue import Catalogues
from syncer.configuration.catalogue_snapshot import take_snapshot
from syncer.configuration.editor.rows import mapped_rows, problems_outside_rows, search_rows
from syncer.configuration.problems import errors_in
from syncer.connectors.errors import ReconnectNeeded, Unreachable
from syncer.core.fields import Entity, Field
from syncer.core.records import Kind, System
from tests.support.documents import NAMES, document, row
from tests.support.memory import MemoryElement451, MemorySalesforce

ENTITIES = ("Contact", "E451_Conversation__c")


class Salesforce(MemorySalesforce):
    """An org that can be out of reach."""

    down = False

    def describe(self, name: str) -> Entity:
        self._answer()
        return super().describe(name)

    def entities(self) -> list[tuple[str, str]]:
        self._answer()
        return super().entities()

    def _answer(self) -> None:
        if self.down:
            self.calls += 1
            raise Unreachable(System.SALESFORCE, "Salesforce does not answer.")


class Element451(MemoryElement451):
    """An account that can be disconnected."""

    gone = False

    def catalogue(self) -> list[Field]:
        if self.gone:
            raise ReconnectNeeded(System.ELEMENT451, "Element451 is not connected yet.")
        return super().catalogue()


class School:
    def __init__(self, engine: Engine) -> None:
        self.salesforce, self.element451, self.now = (
            Salesforce(),
            Element451(),
            datetime(2026, 11, 23, 12, tzinfo=UTC),
        )
        self.catalogues = Catalogues(
            engine, lambda: self.salesforce, lambda: self.element451, lambda: self.now
        )


@pytest.fixture
def school(engine: Engine) -> School:
    return School(engine)


def test_both_systems_fields_are_known_and_a_configuration_can_be_checked(school: School) -> None:
    known = take_snapshot(school.catalogues, ENTITIES)
    assert known.complete
    assert known.missing == ()
    assert "user-first-name" in known.fields(System.ELEMENT451, document(), Kind.CONTACT)
    assert "Subject__c" in known.fields(System.SALESFORCE, document(), Kind.CONVERSATION)
    assert [problem for problem in known.check(document()) if problem.severity == "error"] == []


def test_where_salesforce_does_not_answer_its_fields_are_as_last_read_and_the_reason_is_told(
    school: School,
) -> None:
    take_snapshot(school.catalogues, ENTITIES)
    school.now += timedelta(days=2)
    school.salesforce.down = True
    known = take_snapshot(school.catalogues, ENTITIES)
    assert [(one.system, one.sentence, one.reconnect) for one in known.missing] == [
        (System.SALESFORCE, "Salesforce does not answer.", False)
    ]
    assert "FirstName" in known.entities["Contact"].fields


def test_a_system_that_does_not_answer_is_asked_once(school: School) -> None:
    school.salesforce.down = True
    known = take_snapshot(school.catalogues, ENTITIES)
    assert school.salesforce.calls == 1
    assert (known.entities, known.objects, known.complete) == ({}, (), False)
    assert errors_in(known.check(document())) == [], "what shows without Salesforce's fields"


def test_what_is_not_connected_asks_for_a_connection(school: School) -> None:
    school.element451.gone = True
    (missing,) = take_snapshot(school.catalogues, ENTITIES).missing
    assert (missing.system, missing.reconnect) == (System.ELEMENT451, True)


def test_an_object_that_does_not_exist_is_a_problem_and_no_fault(school: School) -> None:
    made = document(conversation=[row("conversation-subject", "Subject__c")], conversation_entity="Talk__c")
    known = take_snapshot(school.catalogues, ("Contact", "Talk__c"))
    assert known.missing == ()
    assert known.entity(made, Kind.CONVERSATION) is None
    assert [problem.where for problem in problems_outside_rows(known.check(made), Kind.CONVERSATION)] == [
        "preferences.conversation_entity"
    ]


def test_each_problem_stands_beside_the_row_that_it_belongs_to(school: School) -> None:
    made = document(
        contact=[*NAMES, row("user-dob", "Email"), row("user-gone", "Phone", values={"x": "y"})],
        match_on=["user-phone"],
    )
    known = take_snapshot(school.catalogues, ENTITIES)
    problems = known.check(made)
    rows = mapped_rows(
        made["mappings"]["contact"],
        Kind.CONTACT,
        known.element451,
        known.entities["Contact"].fields,
        problems,
    )
    assert [one.element451 for one in rows if one.has_errors] == ["user-gone"]
    assert "Element451 has no field “user-gone”" in rows[-1].problems[0].message
    assert [problem.where for problem in problems_outside_rows(problems, Kind.CONTACT)] == [
        "preferences.match_on[0]"
    ]
    assert rows[-1].label(System.ELEMENT451) == "user-gone"


def test_a_mapping_is_found_by_label_key_and_value(school: School) -> None:
    made = document(contact=[*NAMES, row("user-race-categories", "Race__c", values={"White": "Caucasian"})])
    known = take_snapshot(school.catalogues, ENTITIES)
    rows = mapped_rows(
        made["mappings"]["contact"], Kind.CONTACT, known.element451, known.entities["Contact"].fields, ()
    )
    for words in ("race", "RACE__C", "caucasian", "categories race"):
        assert [one.salesforce for one in search_rows(rows, words)] == ["Race__c"]
    assert search_rows(rows, "nothing such") == []
    assert not [row for row in rows if row.has_errors or row.has_notes]
    assert len(search_rows(rows, " ")) == len(rows)
