"""What an administrator changes in the schema: field-level security, lengths, lists, and fields that go, come
or change their name."""

from collections.abc import Mapping
from typing import Any

from sandbox.salesforce.fields import Field, SObject
from sandbox.salesforce.fill import find
from sandbox.salesforce.org import Org

SETTINGS = (
    "hidden",
    "read_only",
    "length",
    "values",
    "restrictedPicklist",
    "scale",
    "precision",
    "nillable",
    "label",
    "unique",
)


def change_field(org: Org, body: Mapping[str, Any]) -> dict[str, object]:
    """``{"object", "field"}`` with ``"remove": true``, ``"rename": name``, or settings by describe's names
    and ``hidden``, ``read_only``.

    Raises ValueError, KeyError.
    """
    item = find(org, body["object"])
    changes = {name: value for name, value in body.items() if name not in ("object", "field")}
    field = _field(item, body["field"])
    if changes.get("remove") is True:
        item.fields.remove(field)
    elif "rename" in changes:
        field.name = str(changes["rename"])
    else:
        _set(field, changes)
    item.index()
    org.schema.touch(org.world.clock.now())
    return {"object": item.name, "field": field.name}


def _field(item: SObject, name: str) -> Field:
    found = item.by_name.get(name.lower())
    if found is None:
        raise KeyError(f"{item.name} has no field {name}")
    return found


def _set(field: Field, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if name not in SETTINGS:
            raise ValueError(
                f"a field's {name} cannot be changed; there are {', '.join(SETTINGS)}, remove and rename"
            )
        if not isinstance(value, type(getattr(field, name))):
            raise ValueError(f"{name} needs a {type(getattr(field, name)).__name__}")
    for name, value in changes.items():
        setattr(field, name, value)
