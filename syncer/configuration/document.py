"""The configuration as a document: plain JSON with every key present, as `config_file` reads it and
`versions` stores it. What a document holds is looked up here. Pure; standard library only."""

from collections.abc import Mapping
from typing import Any

from syncer.core import preferences
from syncer.core.records import Kind, System

Document = dict[str, Any]

MappingRow = dict[str, Any]
"""A mapped field as a document holds it: ``element451``, ``salesforce``, ``owner`` and, if any, ``values``
(with ``unlisted: pass`` where other values pass) and ``default``. A constant has ``salesforce`` and
``default`` only."""

FieldKeys = tuple[str, str]
"""Identifies a mapped field: its slug in Element451, empty for a constant, and its API name in Salesforce."""


def field_keys(row: MappingRow) -> FieldKeys:
    """The keys of a mapped field."""
    return row.get("element451", ""), row["salesforce"]


def is_constant(row: Mapping[str, Any]) -> bool:
    """Whether the row is a constant: a value for every new Salesforce record, and no mapped field."""
    return not row.get("element451")


def unlisted_passes(row: Mapping[str, Any]) -> bool:
    """Whether a value that the row's value map does not list passes unchanged."""
    return bool(row.get("unlisted") == "pass")


def mapping_rows(document: Document, kind: Kind) -> list[MappingRow]:
    """The mapped fields of a kind, in the order of the document."""
    rows: list[MappingRow] = document["mappings"][kind.value]
    return rows


def entity_name(document: Document, kind: Kind) -> str:
    """The API name of the Salesforce object that a kind is synced with."""
    return str(document["preferences"][f"{kind.value}_entity"])


def synced_kinds(document: Document) -> tuple[Kind, ...]:
    """The kinds of record that are synced, contacts first."""
    return preferences.synced_kinds(document["preferences"]["sync_conversations"])


def segments(document: Document) -> list[str]:
    """The segments of Element451 that the filter asks for."""
    rows = filter_rows(document, System.ELEMENT451)
    return list(dict.fromkeys(row["segment"] for row in rows if "segment" in row))


def filter_rows(document: Document, system: System) -> list[MappingRow]:
    """The conditions of who is synced, on the fields of one side, or with its ``segment`` (rule 12)."""
    rows: list[MappingRow] = document["preferences"].get("filter", {}).get(system.value, [])
    return rows
