"""What an administrator changes in the schema: field-level security, lengths, lists, types, and fields that
go, come or change their name."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from sandbox.salesforce.fields import NUMBER_TYPES, Field, SObject
from sandbox.salesforce.org import Org
from sandbox.salesforce.saving.convert import RefusedError, UnreadableError, converter
from sandbox.salesforce.seeding import find
from sandbox.salesforce.visibility import quote

SETTINGS = (
    "hidden",
    "read_only",
    "length",
    "values",
    "inactive",
    "restrictedPicklist",
    "htmlFormatted",
    "scale",
    "precision",
    "nillable",
    "label",
    "unique",
)
TYPES = ("string", "textarea", "picklist", "multipicklist", "email", "phone", "url", "boolean", "int", "date")
LARGEST = {"precision": 18, "digits": 9}  # of a number whose size is not said


def change_field(org: Org, body: Mapping[str, Any]) -> dict[str, object]:
    """``{"object", "field"}`` with ``"add": {…}``, ``"remove": true``, ``"restore": true``, ``"rename":
    name``, or settings by describe's names, ``type``, ``hidden`` and ``read_only``.

    A field that is added takes describe's names too (``type``, default ``string``; ``label``, ``nillable``
    …). A removed one comes back with its values; one of another type keeps the values that fit it, and has
    the others back when it gets its first type again. Raises ValueError, KeyError.
    """
    item = find(org, body["object"])
    changes = {name: value for name, value in body.items() if name not in ("object", "field")}
    if "add" in changes:
        field = _add(org, item, body["field"], changes["add"])
    elif changes.get("restore") is True:
        field = _restore(item, body["field"])
    else:
        field = _field(item, body["field"])
        _change(org, item, field, changes)
    item.index()
    org.schema.touch(org.world.clock.now())
    return {"object": item.name, "field": field.name}


def _change(org: Org, item: SObject, field: Field, changes: Mapping[str, Any]) -> None:
    if changes.get("remove") is True:
        item.removed.append((item.fields.index(field), field))
        item.fields.remove(field)
    elif "rename" in changes:
        field.name = str(changes["rename"])
    else:
        _set(field, {name: value for name, value in changes.items() if name != "type"})
        if "type" in changes:
            _retype(org, item, field, _known_type(changes["type"]))


def _field(item: SObject, name: str) -> Field:
    found = item.by_name.get(name.lower())
    if found is None:
        raise KeyError(f"{item.name} has no field {name}")
    return found


def _set(field: Field, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if name not in SETTINGS:
            raise ValueError(
                f"a field's {name} cannot be changed; there are {', '.join(SETTINGS)}, type, add, remove,"
                " restore and rename"
            )
        if not isinstance(value, type(getattr(field, name))):
            raise ValueError(f"{name} needs a {type(getattr(field, name)).__name__}")
    for name, value in changes.items():
        setattr(field, name, value)


def _known_type(name: str) -> str:
    if name not in TYPES and name not in NUMBER_TYPES and name != "datetime":
        raise ValueError(f"no field can get the type {name}")
    return name


def _add(org: Org, item: SObject, name: str, given: Mapping[str, Any]) -> Field:
    if name.lower() in item.by_name:
        raise ValueError(f"{item.name} has a field {name} already")
    if unknown := set(given) - {field.name for field in fields(Field)}:
        raise ValueError(f"a field has no {', '.join(sorted(unknown))}")
    made = Field(**{"name": name, "label": name, "type": "string", "length": 255, **given})
    _known_type(made.type)
    _fill_in(made)
    item.fields.append(made)
    org.store.add_column(item, made)
    return made


def _restore(item: SObject, name: str) -> Field:
    for entry in item.removed:
        place, field = entry
        if field.name.lower() == name.lower():
            item.removed.remove(entry)
            item.fields.insert(place, field)
            return field
    raise KeyError(f"no field {name} was removed from {item.name}")


def _fill_in(field: Field) -> None:
    """Give a size to what needs one and has none."""
    if field.type in NUMBER_TYPES:
        field.precision = field.precision or LARGEST["precision"]
    elif field.type == "int":
        field.digits = field.digits or LARGEST["digits"]
    elif field.type not in ("date", "datetime", "boolean"):
        field.length = field.length or 255


def _retype(org: Org, item: SObject, field: Field, type: str) -> None:
    """Move the values to a column of the new type. The old column stays, for when the type comes back."""
    old, back = field.column, _reader(org, field)
    field.type = type
    first = old.partition("~")[0]
    field.column = first if type == field.first_type else f"{first}~{type}"
    if field.column == old:
        return
    _fill_in(field)
    org.store.add_column(item, field)
    read = _reader(org, field)
    new = quote(field.column)
    rows = org.world.db.execute(f"SELECT Id, {quote(old)}, {new} FROM {quote(item.name)}").fetchall()
    moved = [(read(value), id) for id, value, kept in rows if kept is None or back(kept) != value]
    org.world.db.executemany(f"UPDATE {quote(item.name)} SET {new} = ? WHERE Id = ?", moved)


def _reader(org: Org, field: Field) -> Callable[[Any], object]:
    """What a field of this type makes of a stored value of another; None of what does not fit it."""
    convert = converter(field, org.schema.of_id)

    def read(value: Any) -> object:
        try:
            return None if value is None else convert(value if field.type == "boolean" else str(value))
        except (RefusedError, UnreadableError):
            return None

    return read
