"""What an administrator of the account does to its field catalogue."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sandbox.element451 import store, values
from sandbox.element451.fields import Field
from sandbox.element451.options import Element451Options
from sandbox.element451.store import KINDS, Kind
from sandbox.world import World

ACTIONS = ("add", "remove", "rename", "retype", "options", "hide", "show")


def alter(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Carry out one change; gives the field's row as ``GET /mappings`` shows it, {} when it was removed.

    ``{"action": "add", "slug", "name", "type"?, "options"?}``, ``{"action": "remove", "slug"}``, ``{"action":
    "rename", "slug", "to"?, "name"?}``, ``{"action": "retype", "slug", "type", "options"?}``, ``{"action":
    "options", "slug", "options"}``, ``{"action": "hide" or "show", "slug"}``; options are [{"name", "value"}]. A removed field takes its values along,
    a renamed one keeps them under the new slug, a retyped one keeps those that fit the new type, a hidden one
    keeps them out of sight. Raises
    ValueError or KeyError when that makes no sense.
    """
    action, slug = given.get("action"), given.get("slug")
    if action not in ACTIONS or not isinstance(slug, str):
        raise ValueError(f"action is one of {', '.join(ACTIONS)}, and slug names the field")
    rows = store.fields(world, hidden=True)
    if (slug in rows) == (action == "add"):
        raise KeyError(f"there is {'already' if action == 'add' else 'no'} field {slug}")
    if any(slug in (kind.id_slug, kind.updated_slug) for kind in KINDS.values()):
        raise ValueError(f"{slug} is the account's own")
    old = rows.get(slug)
    new = None if action == "remove" else _made(given, old)
    if new is not None and new.slug != slug and new.slug in rows:
        raise ValueError(f"there is already a field {new.slug}")
    table = {**rows, slug: new}
    with world.transaction():
        store.replace_fields(world, [field for field in table.values() if field is not None])
        if old is not None and action in ("remove", "rename", "retype"):
            _carry_over(world, old, new)
    return new.as_mapping() if new else {}


def _made(given: Mapping[str, Any], old: Field | None) -> Field:
    options = tuple((option["value"], option["name"]) for option in given.get("options", []))
    if old is None:
        return Field(given["slug"], given["name"], given.get("type", "text"), options=options)
    if given["action"] in ("hide", "show"):
        return replace(old, hidden=given["action"] == "hide")
    if given["action"] == "rename":
        return replace(old, slug=given.get("to", old.slug), name=given.get("name", old.name))
    return replace(old, type=given.get("type", old.type), options=options)


def _carry_over(world: World, old: Field, new: Field | None) -> None:
    """Take the values along without touching when their records were updated, as a change of schema does."""
    kind: Kind = next(kind for kind in KINDS.values() if kind.entity == old.entity)
    zone_name = world.options.of(Element451Options).element451_zone
    changed = []
    for row in store.select(world, kind, f"{store.column(kind, old.slug)} IS NOT NULL"):
        value = row.values.pop(old.slug)
        if new is not None:
            with suppress(ValueError):  # what the new type cannot hold is lost
                row.values[new.slug] = value if new.type == old.type else values.store(new, value, zone_name)
        changed.append((row.id, row.updated, row.values))
    store.put(world, kind, changed)
