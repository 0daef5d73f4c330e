"""Who can own a mapped field, who had better, and what a person is told that it means."""

import pytest

from syncer.configuration.editor.ownership import (
    describe_owner,
    problems_by_owner,
    recommended_owner,
)
from syncer.core.fields import Field
from syncer.core.preferences import ExportMode, Preferences
from syncer.core.records import Kind, System
from tests.support.memory_catalogue import element451_field, salesforce_field

TEXT = element451_field("user-notes")


def best(ours: Field, theirs: Field, kind: Kind = Kind.CONTACT) -> System | None:
    return recommended_owner(problems_by_owner(kind, ours, theirs, {}, {System.SALESFORCE}))


def test_where_both_would_do_it_is_element451() -> None:
    assert best(TEXT, salesforce_field("Notes__c")) is System.ELEMENT451


def test_a_field_that_one_side_alone_can_write_belongs_to_that_side() -> None:
    assert best(TEXT, salesforce_field("Notes__c", creatable=False, updatable=False)) is System.SALESFORCE
    fixed = element451_field("user-calculated-stage", creatable=False, updatable=False)
    assert best(fixed, salesforce_field("Stage__c")) is System.ELEMENT451
    assert best(fixed, salesforce_field("Stage__c", creatable=False, updatable=False)) is None


def test_a_number_and_a_text_belong_to_the_side_that_holds_the_number() -> None:
    assert best(TEXT, salesforce_field("Visits__c", "double")) is System.SALESFORCE
    assert (
        best(element451_field("user-visits", "integer"), salesforce_field("Visits__c")) is System.ELEMENT451
    )


def test_a_conversation_belongs_to_element451() -> None:
    talk = element451_field("conversation-subject", kind=Kind.CONVERSATION, creatable=False, updatable=False)
    assert best(talk, salesforce_field("Subject__c"), Kind.CONVERSATION) is System.ELEMENT451
    assert best(talk, salesforce_field("Subject__c", "date"), Kind.CONVERSATION) is None


@pytest.mark.parametrize(
    ("owner", "kind", "preferences", "words"),
    [
        (
            System.SALESFORCE,
            Kind.CONTACT,
            Preferences(update_existing=True),
            "On every sync Salesforce's value replaces Element451's, empty ones too.",
        ),
        (
            System.SALESFORCE,
            Kind.CONTACT,
            Preferences(update_existing=False, create_new=True),
            "New Element451 contacts get Salesforce's value.",
        ),
        (
            System.SALESFORCE,
            Kind.CONTACT,
            Preferences(update_existing=False),
            "Nothing is written to Element451",
        ),
        (System.ELEMENT451, Kind.CONTACT, Preferences(), "Existing ones stay as they are"),
        (
            System.ELEMENT451,
            Kind.CONTACT,
            Preferences(export_mode=ExportMode.UPDATE_EXISTING),
            "On every sync Element451's value replaces Salesforce's, empty ones too.",
        ),
        (
            System.ELEMENT451,
            Kind.CONVERSATION,
            Preferences(),
            "On every sync Element451's value replaces Salesforce's, empty ones too.",
        ),
    ],
)
def test_each_owner_says_what_it_will_do_to_records(
    owner: System, kind: Kind, preferences: Preferences, words: str
) -> None:
    assert words in describe_owner(owner, kind, preferences)


def test_salesforce_records_are_always_created_and_element451s_where_the_school_wants_it() -> None:
    assert Preferences().creates_in == {System.SALESFORCE}
    assert Preferences(create_new=True).creates_in == set(System)
