"""required_mappings."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from syncer.configuration.config_file import Document, validate
from syncer.core.mapping import CONTACT_ID, CONVERSATION_CONTACT, CONVERSATION_ID
from syncer.core.records import Kind, System

Row = dict[str, Any]


Fields = tuple[str, str]
"""Which mapped field is meant: its slug and its API name."""


@dataclass(frozen=True, slots=True)
class Required:
    """A mapping that is always there (rule 8). ``key`` is its half in ``system`` that never changes; the
    other half may."""

    system: System
    key: str
    owner: System
    why: str


REQUIRED: dict[Kind, tuple[Required, ...]] = {
    Kind.CONTACT: (
        Required(
            System.ELEMENT451,
            CONTACT_ID,
            System.ELEMENT451,
            "Salesforce keeps each contact's Element ID, so that the same person is found again.",
        ),
        Required(
            System.SALESFORCE,
            "Id",
            System.SALESFORCE,
            "Element451 keeps each contact's Salesforce ID, so that the same person is found again.",
        ),
    ),
    Kind.CONVERSATION: (
        Required(
            System.ELEMENT451,
            CONVERSATION_ID,
            System.ELEMENT451,
            "Salesforce keeps each Conversation ID, so that no conversation arrives twice.",
        ),
        Required(
            System.ELEMENT451,
            CONVERSATION_CONTACT,
            System.ELEMENT451,
            "A lookup leads from each conversation to its contact: it gets the contact's Salesforce ID.",
        ),
    ),
}


def required(kind: Kind, fields: Fields) -> Required | None:
    """The required mapping that this mapped field is; None where it may be removed."""
    return next((one for one in REQUIRED[kind] if fields[list(System).index(one.system)] == one.key), None)


def completed(document: Document) -> Document:
    """The document with the required mappings that it lacks put first, with the customary field names; every
    other one stays."""
    made, beginning = deepcopy(document), starter()["mappings"]
    for kind, musts in REQUIRED.items():
        rows = made["mappings"][kind.value]
        there = [required(kind, fields_of(row)) for row in rows]
        lacking = [
            row
            for row in beginning[kind.value]
            if required(kind, fields_of(row)) in musts and required(kind, fields_of(row)) not in there
        ]
        made["mappings"][kind.value] = [*lacking, *rows]
    return made


def fields_of(row: Row) -> Fields:
    """Which mapped field a row of a document is."""
    return row["element451"], row["salesforce"]


def starter() -> Document:
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
