"""Changes of the mapped fields. Each returns a new document, in which everything else is as in the given
one."""

from collections.abc import Mapping
from copy import deepcopy

from syncer.configuration.document import Document, FieldKeys, MappingRow, field_keys, mapping_rows
from syncer.configuration.required_mappings import required_mapping
from syncer.core.records import Kind, System


class MappingNotFound(Exception):
    """The mapped field was changed or removed in the meantime; ``str()`` is a sentence that says so."""


class MappingRequired(Exception):
    """A required mapping cannot be removed or turned into another; ``str()`` says why."""


def mapping_row(
    element451: str,
    salesforce: str,
    owner: System,
    values: Mapping[str, str] | None = None,
    default: str = "",
    unlisted_passes: bool = False,
) -> MappingRow:
    """A mapped field as a document holds it."""
    row: MappingRow = {"element451": element451, "salesforce": salesforce, "owner": owner.value}
    passes = "pass" if values and unlisted_passes else ""
    more = {"values": dict(values or {}), "unlisted": passes, "default": default}
    return row | {name: part for name, part in more.items() if part}


def constant_row(salesforce: str, default: str) -> MappingRow:
    """A fixed value of new Salesforce records as a document holds it."""
    return {"salesforce": salesforce, "default": default}


def position(document: Document, kind: Kind, fields: FieldKeys) -> int:
    """The index of the mapped field among those of its kind. Raises `MappingNotFound`."""
    for at, row in enumerate(mapping_rows(document, kind)):
        if field_keys(row) == fields:
            return at
    raise MappingNotFound(
        f"{fields[0]} is not mapped to {fields[1]} any more: somebody changed or removed it meanwhile."
    )


def add(document: Document, kind: Kind, row: MappingRow) -> Document:
    """The document with one more mapped field at the end."""
    return _with_rows(document, kind, [*mapping_rows(document, kind), row])


def replace(document: Document, kind: Kind, fields: FieldKeys, row: MappingRow) -> Document:
    """The document with ``row`` in place of a mapped field; of the same two fields, it stays suspended where
    it was. Raises `MappingNotFound`; `MappingRequired` where a required mapping would be lost by it."""
    at, required = position(document, kind, fields), required_mapping(kind, fields)
    if required and not (required.matches(field_keys(row)) and row["owner"] == required.owner.value):
        raise MappingRequired(f"This mapping must stay. {required.why}")
    rows = mapping_rows(document, kind)
    if rows[at].get("suspended") and field_keys(row) == fields:
        row = row | {"suspended": True}
    return _with_rows(document, kind, [*rows[:at], row, *rows[at + 1 :]])


def resume(document: Document, kind: Kind, fields: FieldKeys) -> Document:
    """The document in which a mapped field that somebody suspended goes on. Raises `MappingNotFound`."""
    at, rows = position(document, kind, fields), mapping_rows(document, kind)
    row = {name: value for name, value in rows[at].items() if name != "suspended"}
    return _with_rows(document, kind, [*rows[:at], row, *rows[at + 1 :]])


def remove(document: Document, kind: Kind, fields: FieldKeys) -> Document:
    """The document without a mapped field. Raises `MappingNotFound`; `MappingRequired` where it must stay."""
    at, required = position(document, kind, fields), required_mapping(kind, fields)
    if required:
        raise MappingRequired(f"This mapping must stay. {required.why}")
    rows = mapping_rows(document, kind)
    return _with_rows(document, kind, [*rows[:at], *rows[at + 1 :]])


def _with_rows(document: Document, kind: Kind, rows: list[MappingRow]) -> Document:
    return deepcopy({**document, "mappings": {**document["mappings"], kind.value: rows}})
