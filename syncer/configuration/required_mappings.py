"""required_mappings."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from syncer.configuration.config_file import Document, validate
from syncer.core.mapping import CONTACT_ID, CONVERSATION_CONTACT, CONVERSATION_ID
from syncer.core.records import Kind, System

MappingRow = dict[str, Any]


FieldKeys = tuple[str, str]
"""Which mapped field is meant: its slug and its API name."""


@dataclass(frozen=True, slots=True)
class RequiredMapping:
    """A mapping that is always there (rule 8). ``key`` is its half in ``system`` that never changes; the
    other half may."""

    system: System
    key: str
    owner: System
    why: str


REQUIRED_MAPPINGS: dict[Kind, tuple[RequiredMapping, ...]] = {
    Kind.CONTACT: (
        RequiredMapping(
            System.ELEMENT451,
            CONTACT_ID,
            System.ELEMENT451,
            "Salesforce keeps each contact's Element ID, so that the same person is found again.",
        ),
        RequiredMapping(
            System.SALESFORCE,
            "Id",
            System.SALESFORCE,
            "Element451 keeps each contact's Salesforce ID, so that the same person is found again.",
        ),
    ),
    Kind.CONVERSATION: (
        RequiredMapping(
            System.ELEMENT451,
            CONVERSATION_ID,
            System.ELEMENT451,
            "Salesforce keeps each Conversation ID, so that no conversation arrives twice.",
        ),
        RequiredMapping(
            System.ELEMENT451,
            CONVERSATION_CONTACT,
            System.ELEMENT451,
            "A lookup leads from each conversation to its contact: it gets the contact's Salesforce ID.",
        ),
    ),
}


def required_mapping(kind: Kind, fields: FieldKeys) -> RequiredMapping | None:
    """The required mapping that this mapped field is; None where it may be removed."""
    return next(
        (one for one in REQUIRED_MAPPINGS[kind] if fields[list(System).index(one.system)] == one.key), None
    )


def with_required_mappings(document: Document) -> Document:
    """The document with the required mappings that it lacks put first, with the customary field names; every
    other one stays."""
    made, beginning = deepcopy(document), default_document()["mappings"]
    for kind, musts in REQUIRED_MAPPINGS.items():
        rows = made["mappings"][kind.value]
        there = [required_mapping(kind, field_keys(row)) for row in rows]
        lacking = [
            row
            for row in beginning[kind.value]
            if required_mapping(kind, field_keys(row)) in musts
            and required_mapping(kind, field_keys(row)) not in there
        ]
        made["mappings"][kind.value] = [*lacking, *rows]
    return made


def field_keys(row: MappingRow) -> FieldKeys:
    """Which mapped field a row of a document is."""
    return row["element451"], row["salesforce"]


def default_document() -> Document:
    """What a school begins with: every default, and the mappings that must be there, with the customary field
    names."""
    contact = [
        {"element451": CONTACT_ID, "salesforce": "Element451_ID__c", "owner": "element451"},
        {"element451": "user-identities-salesforceid", "salesforce": "Id", "owner": "salesforce"},
    ]
    conversation = [
        {"element451": CONVERSATION_ID, "salesforce": "Conversation_ID__c", "owner": "element451"},
        {"element451": CONVERSATION_CONTACT, "salesforce": "Contact__c", "owner": "element451"},
    ]
    return validate({"mappings": {"contact": contact, "conversation": conversation}})
