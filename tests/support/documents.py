"""A configuration that fits the small catalogues of `memory_catalogue`, to be changed by a test."""

from typing import Any

from syncer.configuration.config_file import validate

EXAMPLE = """
version: 1
preferences:
  contact_entity: Contact
  import: {update_existing: false, create_new: false}       # Match Existing is always on
  export: {mode: match_existing_and_import_new, scope: conversations}
  sync_conversations: true
  conversation_entity: E451_Conversation__c
  match_on: []
  interval_minutes: 15
  guard: {records: 500, percent: 20, at_least: 25}
  batch_size: 200
  api_share_percent: 50
mappings:
  contact:
    - {element451: user-elementid, salesforce: Element451_ID__c, owner: element451}
    - {element451: user-identities-salesforceid, salesforce: Id, owner: salesforce}
    - {element451: user-race-categories, salesforce: Race__c, owner: salesforce, values: {White: White}}
  conversation:
    - {element451: conversation-id, salesforce: Conversation_ID__c, owner: element451}
    - {element451: conversation-user-elementid, salesforce: Contact__c, owner: element451}
"""
"""A file that says every default."""


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
