"""A configuration that fits the small catalogues of `memory_catalogue`, to be changed by a test."""

from typing import Any

from syncer.configuration.config_file import validate


def row(element451: str, salesforce: str, owner: str = "element451", **more: Any) -> dict[str, Any]:
    """A mapped field as the file has it."""
    return {"element451": element451, "salesforce": salesforce, "owner": owner, **more}


CONTACT_IDS = [
    row("user-elementid", "Element451_ID__c"),
    row("user-identities-salesforceid", "Id", "salesforce"),
]
CONVERSATION_IDS = [
    row("conversation-id", "Conversation_ID__c"),
    row("conversation-user-elementid", "Contact__c"),
]
NAMES = [row("user-first-name", "FirstName"), row("user-last-name", "LastName")]


def document(
    contact: list[dict[str, Any]] | None = None,
    conversation: list[dict[str, Any]] | None = None,
    **preferences: Any,
) -> dict[str, Any]:
    """A document with these mapped fields besides the IDs (default: the names), and these preferences."""
    mappings = {
        "contact": [*CONTACT_IDS, *(NAMES if contact is None else contact)],
        "conversation": [*CONVERSATION_IDS, *(conversation or [])],
    }
    return validate({"preferences": preferences, "mappings": mappings})
