"""The Salesforce objects: whether they exist, are open to the user, and get what they need."""

from dataclasses import replace

from tests.support.checked_configuration import errors, one_error
from tests.support.documents import document, row
from tests.support.memory_catalogue import contact_entity, salesforce_field


def test_required_fields_that_nothing_fills_are_told() -> None:
    stage = salesforce_field("StageName", "picklist", required=True, nillable=False)
    assert one_error(document(), stage) == (
        "mappings.contact",
        (
            "A new Contact needs StageName (StageName), and nothing fills it. Map a field to it, or give it a"
            " fixed value, or a default in Salesforce."
        ),
    )


def test_an_object_must_exist_and_be_open_to_the_user() -> None:
    assert one_error(
        document([row("user-last-name", "LastName")], conversation_entity="E451_Conversations__c")
    ) == (
        "preferences.conversation_entity",
        (
            "Salesforce has no object “E451_Conversations__c”, or the connected user may not see it. Did you"
            " mean E451_Conversation__c?"
        ),
    )
    locked = replace(contact_entity(), creatable=False, updatable=False)
    where, message = one_error(document(), entities={"Contact": locked})
    assert (where, "cannot be created or changed" in message) == ("preferences.contact_entity", True)


def test_contacts_and_conversations_need_two_objects() -> None:
    assert (
        "preferences.conversation_entity",
        "Contacts and conversations need two different Salesforce objects.",
    ) in errors(document(conversation_entity="Contact"))
