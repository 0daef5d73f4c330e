"""The mappings that every configuration must have (rule 8): which they are, who owns them, which half of each
is fixed, and what the other half must be. Pure; standard library only."""

from copy import deepcopy
from dataclasses import dataclass
from enum import Enum, StrEnum

from syncer.configuration.document import Document, FieldKeys, MappingRow, field_keys, mapping_rows
from syncer.core import mapping
from syncer.core.field_types.field_type import Family
from syncer.core.field_types.text import TEXT
from syncer.core.fields import Field
from syncer.core.records import Kind, System

ELEMENT_ID_LENGTH = 24


class Counterpart(Enum):
    """What the half of a required mapping that can be chosen must be."""

    EXTERNAL_ID = "a unique external ID of Salesforce that can hold an ID of Element451"
    CONTACT_LOOKUP = "a lookup of Salesforce to the object of contacts"
    TEXT_FIELD = "a text field of Element451 that can be written"


class Flaw(StrEnum):
    """Why a field cannot be the counterpart of a required mapping."""

    NOT_EXTERNAL_ID = "not an external ID"
    TOO_SHORT = "too short"
    NOT_A_CONTACT_LOOKUP = "not a lookup to contacts"
    NOT_TEXT = "not text"
    NOT_WRITABLE = "not writable"


@dataclass(frozen=True, slots=True)
class RequiredMapping:
    """A mapping that must always exist.

    ``key`` is its fixed half, a field of ``system``. The other half can be chosen, within what
    ``counterpart`` allows; ``default_counterpart`` is its usual key. ``name`` and ``why`` are for people.
    """

    system: System
    key: str
    counterpart: Counterpart
    default_counterpart: str
    name: str
    why: str

    @property
    def owner(self) -> System:
        """The owner, which cannot be chosen: the system of the fixed half."""
        return self.system

    @property
    def default_row(self) -> MappingRow:
        """The mapping with its usual counterpart, as a document holds it."""
        halves = {self.system: self.key, self.system.other: self.default_counterpart}
        return {**{system.value: halves[system] for system in System}, "owner": self.owner.value}

    def matches(self, keys: FieldKeys) -> bool:
        """Whether the mapped field with these keys is this mapping; a constant never is."""
        slug, api_name = keys
        return bool(slug) and self.key == (slug if self.system is System.ELEMENT451 else api_name)

    def flaws(self, field: Field, contact_entity: str) -> list[Flaw]:
        """Everything that is wrong with ``field`` as the counterpart; ``contact_entity`` is the Salesforce
        object of contacts."""
        match self.counterpart:
            case Counterpart.EXTERNAL_ID:
                found = {
                    Flaw.NOT_EXTERNAL_ID: not (field.unique and field.external_id),
                    Flaw.TOO_SHORT: field.type != TEXT or 0 < field.length < ELEMENT_ID_LENGTH,
                }
            case Counterpart.CONTACT_LOOKUP:
                found = {Flaw.NOT_A_CONTACT_LOOKUP: contact_entity not in field.refers_to}
            case Counterpart.TEXT_FIELD:
                found = {
                    Flaw.NOT_TEXT: field.family is not Family.TEXT or bool(field.options),
                    Flaw.NOT_WRITABLE: not field.updatable,
                }
        return [flaw for flaw, applies in found.items() if applies]


ELEMENT_ID = RequiredMapping(
    System.ELEMENT451,
    mapping.CONTACT_ID,
    Counterpart.EXTERNAL_ID,
    "Element451_ID__c",
    "Element ID",
    "Salesforce keeps each contact's Element ID, so that the same person is found again.",
)
SALESFORCE_ID = RequiredMapping(
    System.SALESFORCE,
    "Id",
    Counterpart.TEXT_FIELD,
    "user-identities-salesforceid",
    "Salesforce ID",
    "Element451 keeps each contact's Salesforce ID, so that the same person is found again.",
)
CONVERSATION_ID = RequiredMapping(
    System.ELEMENT451,
    mapping.CONVERSATION_ID,
    Counterpart.EXTERNAL_ID,
    "Conversation_ID__c",
    "conversation ID",
    "Salesforce keeps each Conversation ID, so that no conversation arrives twice.",
)
CONVERSATION_CONTACT = RequiredMapping(
    System.ELEMENT451,
    mapping.CONVERSATION_CONTACT,
    Counterpart.CONTACT_LOOKUP,
    "Contact__c",
    "conversation's contact",
    "A lookup leads from each conversation to its contact: it gets the contact's Salesforce ID.",
)

REQUIRED_MAPPINGS: dict[Kind, tuple[RequiredMapping, ...]] = {
    Kind.CONTACT: (ELEMENT_ID, SALESFORCE_ID),
    Kind.CONVERSATION: (CONVERSATION_ID, CONVERSATION_CONTACT),
}


def required_mapping(kind: Kind, keys: FieldKeys) -> RequiredMapping | None:
    """The required mapping that the mapped field with these keys is; None for one that may be removed."""
    return next((required for required in REQUIRED_MAPPINGS[kind] if required.matches(keys)), None)


def with_required_mappings(document: Document) -> Document:
    """The document with the required mappings that it lacks put first, with their usual counterparts. All
    others stay as they are."""
    completed = deepcopy(document)
    for kind, required in REQUIRED_MAPPINGS.items():
        rows = mapping_rows(completed, kind)
        present = {required_mapping(kind, field_keys(row)) for row in rows}
        lacking = [one.default_row for one in required if one not in present]
        completed["mappings"][kind.value] = [*lacking, *rows]
    return completed


def has_optional_mappings(document: Document) -> bool:
    """Whether anything is mapped besides the required mappings."""
    return any(len(mapping_rows(document, kind)) > len(REQUIRED_MAPPINGS[kind]) for kind in Kind)


def salesforce_id_slug(document: Document) -> str | None:
    """The slug of the Element451 field that holds the Salesforce ID of contacts; None if none is mapped."""
    rows = mapping_rows(document, Kind.CONTACT)
    return next((row["element451"] for row in rows if SALESFORCE_ID.matches(field_keys(row))), None)
