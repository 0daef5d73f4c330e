"""One mapped field: whether its values can go where its owner sends them."""

from typing import Any

import pytest

from tests.support.checked_configuration import errors, one_error, warnings
from tests.support.documents import NAMES, document, row
from tests.support.memory_catalogue import salesforce_field


def test_conversations_go_to_salesforce_only() -> None:
    where, message = one_error(
        document(conversation=[row("conversation-subject", "Subject__c", "salesforce")])
    )
    assert (where, "Conversations go to Salesforce only" in message) == ("mappings.conversation[2]", True)


@pytest.mark.parametrize(
    ("mapped", "words"),
    [
        (row("user-applications-root", "Description"), "because it repeats"),
        (row("user-first-name", "MailingAddress"), "because it has several parts"),
        (row("user-dob", "Applied__c"), "holds a date"),
        (row("user-custom-gpa", "Visits__c"), "may hold decimals"),
        (row("user-race-categories", "Description"), "only one of them holds several values"),
        (row("user-first-name", "HasOptedOutOfEmail"), "Add a value map"),
    ],
)
def test_types_that_do_not_fit_are_refused(mapped: dict[str, Any], words: str) -> None:
    address = salesforce_field("MailingAddress", "address", compound=True)
    found = [
        message
        for where, message in errors(document([NAMES[1], mapped]), address)
        if where == "mappings.contact[3]"
    ]
    assert any(words in message for message in found)


def test_a_field_that_cannot_be_written_cannot_receive() -> None:
    where, message = one_error(document([*NAMES, row("user-email-address", "Name")]))
    assert (where, "Name (Name) cannot be written, but Element451 owns the value" in message) == (
        "mappings.contact[4]",
        True,
    )
    where, message = one_error(
        document([*NAMES, row("user-calculated-furthest_funnel_stage", "Description", "salesforce")])
    )
    assert (where, "cannot be written, but Salesforce owns the value" in message) == (
        "mappings.contact[4]",
        True,
    )
    assert errors(document([*NAMES, row("user-email-address", "Name", "salesforce")])) == []


def test_a_new_record_gets_the_first_value_of_every_field_whoever_owns_it() -> None:
    few = salesforce_field("Few__c", "picklist", options=(("FY", "First year"),), restricted=True)
    (found,) = warnings(document([*NAMES, row("user-education-student-type", "Few__c", "salesforce")]), few)
    assert (
        "does not have these values of user education student type (user-education-student-type): “TR”, “GR”."
        in found[1]
    )
    assert "or new records with them will fail" in found[1]
    day = salesforce_field("Day__c", "date")
    (found,) = warnings(document([*NAMES, row("user-custom-notes", "Day__c", "salesforce")]), day)
    assert "A new record in Salesforce gets the other side's value too, which may not fit" in found[1]
    listed = row("user-education-student-type", "Description")
    assert warnings(document([*NAMES, listed])) == []
    made = document([*NAMES, listed])
    made["preferences"]["import"]["create_new"] = True
    (found,) = warnings(made)
    assert "may hold anything, but user education student type" in found[1]


def test_a_calculated_field_does_not_announce_its_changes() -> None:
    formula = salesforce_field(
        "Score__c", "double", scale=2, calculated=True, creatable=False, updatable=False
    )
    ((where, message),) = warnings(
        document([*NAMES, row("user-custom-gpa", "Score__c", "salesforce")]), formula
    )
    assert (where, "does not announce its changes" in message) == ("mappings.contact[4]", True)


def test_rich_text_is_warned_of_in_either_direction() -> None:
    rich = salesforce_field("Bio__c", "textarea", length=32000, rich_text=True)
    for owner in ("element451", "salesforce"):
        found = warnings(document([*NAMES, row("user-custom-notes", "Bio__c", owner)]), rich)
        assert any("is rich text" in message for _, message in found), found
