"""The list of mapped fields: unknown keys, fields mapped twice or swapped, and a list without content."""

from dataclasses import replace
from typing import Any

from tests.support.checked_configuration import errors, one_error, problems, warnings
from tests.support.documents import NAMES, document, row
from tests.support.memory_catalogue import element451_field, salesforce_field


def test_conversations_without_content_are_pointed_out() -> None:
    def told(made: dict[str, Any]) -> bool:
        return any(
            "exported without any content" in problem.message
            for problem in problems(made)
            if problem.where == "mappings.conversation"
        )

    assert told(document())
    assert not told(document(conversation=[row("conversation-subject", "Subject__c")]))
    assert not told(document(sync_conversations=False))


def test_unknown_fields_are_told_with_what_was_probably_meant() -> None:
    assert errors(document([*NAMES, row("user-frist-name", "birthdate"), row("date-of-birth", "Desc")])) == [
        ("mappings.contact[4]", "Element451 has no field “user-frist-name”. Did you mean user-first-name?"),
        (
            "mappings.contact[4]",
            "Contact has no field “birthdate”, or the connected user may not see it. Did you mean Birthdate?",
        ),
        ("mappings.contact[5]", "Element451 has no field “date-of-birth”."),
        ("mappings.contact[5]", "Contact has no field “Desc”, or the connected user may not see it."),
    ]


def test_what_was_probably_meant_is_a_field_of_a_like_type() -> None:
    (_, message) = one_error(
        document([*NAMES, row("user-dob", "Birthdate_Inf__c")]),
        salesforce_field("Birthdate_Info__c", "boolean"),
    )
    assert "Did you mean Birthdate?" in message, "which holds a date, as the other half does"
    notes = salesforce_field("Day_Noted__c"), salesforce_field("Day_Note__c", "boolean")
    (_, message) = one_error(document([*NAMES, row("user-dob", "Day_Notes__c")]), *notes)
    assert "Did you mean Day_Noted__c?" in message, "a text can take a date"


def test_a_field_may_be_mapped_once_only() -> None:
    found = errors(document([*NAMES, row("user-first-name", "Description")]))
    assert [where for where, _ in found] == ["mappings.contact[2]", "mappings.contact[4]"]
    assert all(
        "The Element451 field user-first-name is mapped more than once" in message for _, message in found
    )
    (_, message), _ = errors(
        document([*NAMES, row("user-email-address", "lastname")]), salesforce_field("lastname")
    )
    assert (
        message
        == "The Salesforce field LastName is mapped more than once (also at mappings.contact[4]). Keep one."
    )


def test_fields_of_conversations_do_not_belong_to_contacts() -> None:
    where, message = one_error(document([*NAMES, row("conversation-subject", "Description")]))
    assert (where, "is not a field of contacts" in message) == ("mappings.contact[4]", True)


def test_every_field_needs_an_owner() -> None:
    made = document()
    del made["mappings"]["contact"][2]["owner"]
    made["mappings"]["contact"][3]["owner"] = "both"
    assert errors(made) == [
        ("mappings.contact[2]", "user-first-name needs an owner: element451 or salesforce."),
        ("mappings.contact[3]", "user-last-name needs an owner: element451 or salesforce."),
    ]


def test_two_fields_that_look_swapped_are_pointed_out() -> None:
    fields = [
        replace(element451_field("user-a"), label="Home City"),
        replace(element451_field("user-b"), label="Home State"),
        replace(salesforce_field("A__c"), label="Home city"),
        replace(salesforce_field("B__c"), label="Home state"),
    ]
    ((where, message),) = warnings(document([*NAMES, row("user-a", "B__c"), row("user-b", "A__c")]), *fields)
    assert where == "mappings.contact[4]"
    assert "user-a and user-b look swapped" in message
    assert warnings(document([*NAMES, row("user-a", "A__c"), row("user-b", "B__c")]), *fields) == []
