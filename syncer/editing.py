"""Changes of the mapped fields: each takes a document and gives a new one, in which everything else stays as it was."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from syncer.config import Document, starter
from syncer.core.mapping import CONTACT_ID, CONVERSATION_CONTACT, CONVERSATION_ID
from syncer.core.records import Kind, System

Row = dict[str, Any]
Fields = tuple[str, str]
"""Which mapped field is meant: its slug and its API name."""


class NotThere(Exception):
    """The mapped field was changed or removed meanwhile; ``str()`` says so."""


class IsRequired(Exception):
    """A mapping that must stay; ``str()`` says why."""


@dataclass(frozen=True, slots=True)
class Required:
    """A mapping that is always there (rule 8). ``key`` is its half in ``system`` that never changes; the other half may."""

    system: System
    key: str
    owner: System
    why: str


REQUIRED: dict[Kind, tuple[Required, ...]] = {
    Kind.CONTACT: (
        Required(
            System.ELEMENT451, CONTACT_ID, System.ELEMENT451, "Salesforce keeps each contact's Element ID, so that the same person is found again."
        ),
        Required(
            System.SALESFORCE, "Id", System.SALESFORCE, "Element451 keeps each contact's Salesforce ID, so that the same person is found again."
        ),
    ),
    Kind.CONVERSATION: (
        Required(
            System.ELEMENT451, CONVERSATION_ID, System.ELEMENT451, "Salesforce keeps each Conversation ID, so that no conversation arrives twice."
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
    """The document with the required mappings that it lacks put first, with the customary field names; every other one stays."""
    made, beginning = deepcopy(document), starter()["mappings"]
    for kind, musts in REQUIRED.items():
        rows = made["mappings"][kind.value]
        there = [required(kind, fields_of(row)) for row in rows]
        lacking = [row for row in beginning[kind.value] if required(kind, fields_of(row)) in musts and required(kind, fields_of(row)) not in there]
        made["mappings"][kind.value] = [*lacking, *rows]
    return made


def row_of(element451: str, salesforce: str, owner: System, values: Mapping[str, str] | None = None) -> Row:
    """A mapped field as a document has it."""
    row: Row = {"element451": element451, "salesforce": salesforce, "owner": owner.value}
    return {**row, "values": dict(values)} if values else row


def fields_of(row: Row) -> Fields:
    """Which mapped field a row of a document is."""
    return row["element451"], row["salesforce"]


def position(document: Document, kind: Kind, fields: Fields) -> int:
    """Where the mapped field stands. Raises `NotThere`."""
    for at, row in enumerate(document["mappings"][kind.value]):
        if fields_of(row) == fields:
            return at
    raise NotThere(f"{fields[0]} is not mapped to {fields[1]} any more: somebody changed or removed it meanwhile.")


def added(document: Document, kind: Kind, row: Row) -> Document:
    """The document with one mapped field more, the last one."""
    return _with_rows(document, kind, [*document["mappings"][kind.value], row])


def replaced(document: Document, kind: Kind, fields: Fields, row: Row) -> Document:
    """The document with ``row`` in place of a mapped field. Raises `NotThere`; `IsRequired` where a required mapping would be lost by it."""
    at, must = position(document, kind, fields), required(kind, fields)
    if must and (required(kind, fields_of(row)) != must or row["owner"] != must.owner.value):
        raise IsRequired(f"This mapping must stay. {must.why}")
    rows = document["mappings"][kind.value]
    return _with_rows(document, kind, [*rows[:at], row, *rows[at + 1 :]])


def removed(document: Document, kind: Kind, fields: Fields) -> Document:
    """The document without a mapped field. Raises `NotThere`; `IsRequired` where it must stay."""
    at, must = position(document, kind, fields), required(kind, fields)
    if must:
        raise IsRequired(f"This mapping must stay. {must.why}")
    rows = document["mappings"][kind.value]
    return _with_rows(document, kind, [*rows[:at], *rows[at + 1 :]])


def _with_rows(document: Document, kind: Kind, rows: list[Row]) -> Document:
    return deepcopy({**document, "mappings": {**document["mappings"], kind.value: rows}})
