"""A configuration that comes from another installation: what the fields that it maps were there, and in what
they differ here. Pure; standard library only."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from syncer.configuration.document import (
    Document,
    entity_name,
    filter_rows,
    is_constant,
    mapping_rows,
    synced_kinds,
)
from syncer.core.fields import Entity, Field
from syncer.core.records import Kind, System

Described = dict[str, dict[str, dict[str, Any]]]
"""Fields by their object (``element451``, or the API name of a Salesforce object) and their key: what
`describe` tells of each."""
_TOLD = frozenset({"type", "length", "list", "unique", "required", "rights"})
_RIGHTS = ("creatable", "updatable")


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that is mapped and differs here: ``what`` is missing, type, length, list, unique, or rights.
    ``there`` is how it is where the configuration comes from (None where that is not known). ``step`` is what
    an administrator does about it."""

    system: System
    object: str
    field: str
    what: str
    there: Any
    here: Any
    step: str

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "system": self.system.value,
            "object": self.object,
            "field": self.field,
            "what": self.what,
            "there": self.there,
            "here": self.here,
            "step": self.step,
        }


def mapped_keys(document: Document) -> Iterator[tuple[System, str, str]]:
    """(system, object, key) of every field that the document needs, each once."""
    found: dict[tuple[System, str, str], None] = {}
    for kind in synced_kinds(document):
        name = entity_name(document, kind)
        for row in mapping_rows(document, kind):
            found[System.SALESFORCE, name, row["salesforce"]] = None
            if not is_constant(row):
                found[System.ELEMENT451, System.ELEMENT451.value, row["element451"]] = None
    contacts = entity_name(document, Kind.CONTACT)
    for system in System:
        of = contacts if system is System.SALESFORCE else system.value
        for row in filter_rows(document, system):
            if "field" in row:
                found[system, of, row["field"]] = None
    return iter(found)


def describe(
    document: Document, element_fields: Iterable[Field], entities: Mapping[str, Entity]
) -> Described:
    """What both systems say of the fields that the document needs; without those that they do not have."""
    ours = {field.key: field for field in element_fields}
    found: Described = {}
    for system, name, key in mapped_keys(document):
        entity = entities.get(name)
        field = ours.get(key) if system is System.ELEMENT451 else entity and entity.fields.get(key)
        if field:
            found.setdefault(name, {})[key] = _told(field)
    return found


def differences(document: Document, there: Described, here: Described) -> list[FieldDifference]:
    """Every difference between the fields ``there``, where the configuration comes from (empty where the file
    does not say), and ``here``."""
    found: list[FieldDifference] = []
    for system, name, key in mapped_keys(document):
        was, now = there.get(name, {}).get(key), here.get(name, {}).get(key)
        if now is None:
            step = _create(system, name, key, was)
            found.append(FieldDifference(system, name, key, "missing", was, None, step))
        elif was is not None:
            found += _between(system, name, key, was, now)
    return found


def is_description(told: object) -> TypeGuard[Described]:
    """Whether this, read from a file, has the shape of what `describe` gives."""
    if not isinstance(told, dict):
        return False
    fields = [one for of in told.values() for one in (of.values() if isinstance(of, dict) else [None])]
    return all(isinstance(one, dict) and set(one) >= _TOLD for one in fields)


def digest(value: object) -> str:
    """A short text that is equal for equal documents or descriptions."""
    return hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=16).hexdigest()


def _told(field: Field) -> dict[str, Any]:
    return {
        "type": field.type_name or field.type.label,
        "length": field.length,
        "list": sorted(value for value, _ in field.options) if field.limited else [],
        "unique": field.unique and field.external_id,
        "required": field.required,
        "rights": [name for name in _RIGHTS if getattr(field, name)],
    }


def _between(
    system: System, name: str, key: str, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[FieldDifference]:
    steps = {
        "type": f"Make {key} of {_of(system, name)} a field of the type {was['type']}.",
        "length": f"Make {key} of {_of(system, name)} {was['length']:,} characters long.",
        "list": _list_step(system, name, key, was, now),
        "unique": f"Make {key} of {_of(system, name)} unique, and an external ID.",
        "required": f"Look at {key} of {_of(system, name)}: it is required in one of the two only.",
        "rights": f"Allow the connected user to create and edit {key} of {_of(system, name)}.",
    }
    for what, step in steps.items():
        if was.get(what) != now.get(what):
            yield FieldDifference(system, name, key, what, was.get(what), now.get(what), step)


def _list_step(system: System, name: str, key: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    lacking = [value for value in was["list"] if value not in now["list"]]
    if lacking and now["list"]:
        return f"Add to the list of {key} of {_of(system, name)}: {', '.join(lacking)}."
    return f"Look at the list of {key} of {_of(system, name)}: it takes other values here."


def _create(system: System, name: str, key: str, was: Mapping[str, Any] | None) -> str:
    if was is None:
        return f"Create {key} in {_of(system, name)}, or let the connected user see it."
    parts = [was["type"], f"{was['length']:,} characters" if was["length"] else ""]
    parts += ["unique external ID" if was["unique"] else ""]
    parts += [f"with the values {', '.join(was['list'])}" if was["list"] else ""]
    told = ", ".join(part for part in parts if part)
    return f"Create {key} in {_of(system, name)} ({told}), or let the connected user see and edit it."


def _of(system: System, name: str) -> str:
    return "Element451" if system is System.ELEMENT451 else f"Salesforce's {name}"
