"""The required mappings: which must exist, who owns them, and what can hold an ID."""

import pytest

from tests.support.checked_configuration import errors, one_error, with_fields, without_ids
from tests.support.documents import CONTACT_IDS, CONVERSATION_IDS, NAMES, row
from tests.support.memory_catalogue import conversation_entity, element451_field, salesforce_field


def test_the_element_id_must_be_mapped_to_a_unique_external_id() -> None:
    where, message = one_error(without_ids([CONTACT_IDS[1], *NAMES]))
    assert (where, "user-elementid" in message) == ("mappings.contact", True)
    where, message = one_error(
        without_ids([row("user-elementid", "Phone"), *CONTACT_IDS[1:], *NAMES]),
        salesforce_field("Phone", length=40),
    )
    assert where == "mappings.contact[0]"
    assert "must be a unique external ID" in message


def test_the_field_for_the_element_id_must_be_text_and_long_enough() -> None:
    short = salesforce_field("Short__c", length=18, unique=True, external_id=True)
    number = salesforce_field("Number__c", "double", unique=True, external_id=True)
    for field in (short, number):
        found = errors(without_ids([row("user-elementid", field.key), *CONTACT_IDS[1:], *NAMES]), field)
        assert (
            "mappings.contact[0]",
            (
                f"{field.label} ({field.key}) cannot hold the Element ID. Choose a text field with at least"
                " 24 characters."
            ),
        ) in found


def test_the_salesforce_id_must_be_mapped_to_a_text_field_of_element451() -> None:
    where, message = one_error(without_ids([CONTACT_IDS[0], *NAMES]))
    assert (where, "user-identities-salesforceid" in message) == ("mappings.contact", True)
    listed = element451_field("user-custom-list", "dropdown", options=(("a", "A"),))
    where, message = one_error(
        without_ids([CONTACT_IDS[0], row(listed.key, "Id", "salesforce"), *NAMES]), listed
    )
    assert (where, "cannot hold the Salesforce ID" in message) == ("mappings.contact[1]", True)


def test_the_owners_of_the_ids_are_fixed() -> None:
    found = errors(
        without_ids(
            [{**CONTACT_IDS[0], "owner": "salesforce"}, {**CONTACT_IDS[1], "owner": "element451"}, *NAMES]
        )
    )
    assert (
        "mappings.contact[0]",
        "The Element ID belongs to Element451: its owner must be element451.",
    ) in found
    assert (
        "mappings.contact[1]",
        "The Salesforce ID belongs to Salesforce: its owner must be salesforce.",
    ) in found


def test_conversations_need_their_id_and_their_contact() -> None:
    found = errors(without_ids([*CONTACT_IDS, *NAMES], []))
    assert [where for where, _ in found] == ["mappings.conversation", "mappings.conversation"]
    assert "conversation-id" in found[0][1]
    assert "conversation-user-elementid" in found[1][1]


def test_conversations_that_are_not_synced_need_nothing() -> None:
    assert errors(without_ids([*CONTACT_IDS, *NAMES], [], sync_conversations=False)) == []


@pytest.mark.parametrize(
    ("field", "words"), [("Subject__c", "is not a lookup"), ("Account__c", "leads to Account")]
)
def test_the_contact_of_a_conversation_is_a_lookup_to_the_contacts_object(field: str, words: str) -> None:
    account = salesforce_field("Account__c", "reference", refers_to=("Account",))
    talks = with_fields(conversation_entity(), account)
    made = without_ids(
        [*CONTACT_IDS, *NAMES], [CONVERSATION_IDS[0], row("conversation-user-elementid", field)]
    )
    where, message = one_error(made, entities={talks.name: talks})
    assert where == "mappings.conversation[1]"
    assert words in message
