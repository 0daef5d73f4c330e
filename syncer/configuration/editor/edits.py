"""Changes of the mapped fields: each takes a document and gives a new one, in which everything else stays as
it was."""

from collections.abc import Mapping
from copy import deepcopy

from syncer.configuration.config_file import Document
from syncer.configuration.required_mappings import Fields, Row, fields_of, required
from syncer.core.records import Kind, System


class NotThere(Exception):
    """The mapped field was changed or removed meanwhile; ``str()`` says so."""


class IsRequired(Exception):
    """A mapping that must stay; ``str()`` says why."""


def row_of(element451: str, salesforce: str, owner: System, values: Mapping[str, str] | None = None) -> Row:
    """A mapped field as a document has it."""
    row: Row = {"element451": element451, "salesforce": salesforce, "owner": owner.value}
    return {**row, "values": dict(values)} if values else row


def position(document: Document, kind: Kind, fields: Fields) -> int:
    """Where the mapped field stands. Raises `NotThere`."""
    for at, row in enumerate(document["mappings"][kind.value]):
        if fields_of(row) == fields:
            return at
    raise NotThere(
        f"{fields[0]} is not mapped to {fields[1]} any more: somebody changed or removed it meanwhile."
    )


def added(document: Document, kind: Kind, row: Row) -> Document:
    """The document with one mapped field more, the last one."""
    return _with_rows(document, kind, [*document["mappings"][kind.value], row])


def replaced(document: Document, kind: Kind, fields: Fields, row: Row) -> Document:
    """The document with ``row`` in place of a mapped field. Raises `NotThere`; `IsRequired` where a required
    mapping would be lost by it."""
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
