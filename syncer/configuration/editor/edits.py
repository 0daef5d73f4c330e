"""Changes of the mapped fields: each takes a document and gives a new one, in which everything else stays as
it was."""

from collections.abc import Mapping
from copy import deepcopy

from syncer.configuration.document import Document, FieldKeys, MappingRow, field_keys
from syncer.configuration.required_mappings import required_mapping
from syncer.core.records import Kind, System


class MappingNotFound(Exception):
    """The mapped field was changed or removed meanwhile; ``str()`` says so."""


class MappingRequired(Exception):
    """A mapping that must stay; ``str()`` says why."""


def mapping_row(
    element451: str, salesforce: str, owner: System, values: Mapping[str, str] | None = None
) -> MappingRow:
    """A mapped field as a document has it."""
    row: MappingRow = {"element451": element451, "salesforce": salesforce, "owner": owner.value}
    return {**row, "values": dict(values)} if values else row


def position(document: Document, kind: Kind, fields: FieldKeys) -> int:
    """Where the mapped field stands. Raises `MappingNotFound`."""
    for at, row in enumerate(document["mappings"][kind.value]):
        if field_keys(row) == fields:
            return at
    raise MappingNotFound(
        f"{fields[0]} is not mapped to {fields[1]} any more: somebody changed or removed it meanwhile."
    )


def add(document: Document, kind: Kind, row: MappingRow) -> Document:
    """The document with one mapped field more, the last one."""
    return _with_rows(document, kind, [*document["mappings"][kind.value], row])


def replace(document: Document, kind: Kind, fields: FieldKeys, row: MappingRow) -> Document:
    """The document with ``row`` in place of a mapped field. Raises `MappingNotFound`;
    `MappingRequired` where a required mapping would be lost by it."""
    at, must = position(document, kind, fields), required_mapping(kind, fields)
    if must and (required_mapping(kind, field_keys(row)) != must or row["owner"] != must.owner.value):
        raise MappingRequired(f"This mapping must stay. {must.why}")
    rows = document["mappings"][kind.value]
    return _with_rows(document, kind, [*rows[:at], row, *rows[at + 1 :]])


def remove(document: Document, kind: Kind, fields: FieldKeys) -> Document:
    """The document without a mapped field. Raises `MappingNotFound`; `MappingRequired` where it must stay."""
    at, must = position(document, kind, fields), required_mapping(kind, fields)
    if must:
        raise MappingRequired(f"This mapping must stay. {must.why}")
    rows = document["mappings"][kind.value]
    return _with_rows(document, kind, [*rows[:at], *rows[at + 1 :]])


def _with_rows(document: Document, kind: Kind, rows: list[MappingRow]) -> Document:
    return deepcopy({**document, "mappings": {**document["mappings"], kind.value: rows}})
