"""Segments: an inline filter, or the GUID of a stored one, turned into an SQL condition
(contracts/element451.md F12)."""

import re
from functools import lru_cache
from typing import Any

import orjson

from sandbox.element451 import zone
from sandbox.element451.api.refusal import Refusal, bad, keys
from sandbox.element451.fields import WHOLE, Field
from sandbox.element451.options import Element451Options
from sandbox.element451.store import Kind, column
from sandbox.world import World

Condition = tuple[str, list[Any]]
OPERATORS = ("$eq", "$in", "$match", "$gte")
_TARGET = re.compile(r"<mapping:([^<>]+)>")
_EXPRESSION = re.compile(r"/(.+)/([ims]*)", re.DOTALL)


def setup(world: World) -> None:
    """Teach the database regular expressions, and make the table of stored segments."""
    world.db.create_function("e451_match", 2, _match, deterministic=True)
    world.db.execute(
        "CREATE TABLE IF NOT EXISTS e451_segment (guid TEXT, id TEXT, PRIMARY KEY (guid, id)) WITHOUT ROWID"
    )


def keep(world: World, guid: str, ids: list[str]) -> None:
    """Store a segment of these contacts, in place of what it was."""
    with world.transaction():
        world.db.execute("DELETE FROM e451_segment WHERE guid = ?", [guid])
        # The empty id stands for the segment itself, which may have nobody.
        rows = [(guid, id) for id in {"", *ids}]
        world.db.executemany("INSERT INTO e451_segment VALUES (?, ?)", rows)


def remove(world: World, guid: str) -> None:
    """Delete a stored segment."""
    world.db.execute("DELETE FROM e451_segment WHERE guid = ?", [guid])


def condition(
    world: World, given: Any, kind: Kind, fields: dict[str, Field], options: Element451Options
) -> Condition:
    """The condition that a segment states. Raises Refusal: 404 for one that is not stored, 400 for what the
    contract does not know."""
    if isinstance(given, str):
        stored = world.db.execute("SELECT 1 FROM e451_segment WHERE guid = ? LIMIT 1", [given]).fetchone()
        if stored is None or kind.entity != "user":
            raise Refusal(404, f"Segment {given!r} was not found.")
        return "id IN (SELECT id FROM e451_segment WHERE guid = ?)", [given]
    plural = f"{kind.entity}s"
    inner = keys(keys(given, "segment", [plural])[plural], f"segment.{plural}", ["filters"])
    stated = keys(inner["filters"], "filters", ["type", "target", "operator", "value"])
    if stated["type"] != "filter":
        raise bad(f"The filter type must be 'filter', not {stated['type']!r}.")
    field = _target(stated["target"], kind, fields)
    operator, value = stated["operator"], stated["value"]
    if operator not in OPERATORS:
        raise bad(f"The operator {operator!r} is unknown; there are {', '.join(OPERATORS)}.")
    if operator == "$gte":
        return _since(field, kind, value, options)
    if field.type == "datetime":
        raise bad(f"{operator} is not known for datetimes such as {field.slug}.")
    test, wanted = _test(operator, value)
    if field.type == "checkbox" or field.type in WHOLE:
        return (
            f"""EXISTS (SELECT 1 FROM json_each(data, '$."{field.slug}"') WHERE {test.format("value")})""",
            [wanted],
        )
    return test.format(column(kind, field.slug)), [wanted]


def _target(given: Any, kind: Kind, fields: dict[str, Field]) -> Field:
    named = _TARGET.fullmatch(given) if isinstance(given, str) else None
    if named is None:
        raise bad("target must be written <mapping:slug>.")
    field = fields.get(named.group(1))
    if field is None or field.entity != kind.entity or field.repeater:
        raise bad(f"There is no {kind.entity} field {named.group(1)!r} to filter on.")
    return field


def _since(field: Field, kind: Kind, value: Any, options: Element451Options) -> Condition:
    if field.slug != kind.updated_slug:
        raise bad(f"$gte is known for {kind.updated_slug} only.")
    found = {"from": "updated >= ?", "after": "updated > ?", "ignored": "? IS NOT NULL"}
    try:
        moment = zone.seconds(zone.read(value, options.element451_zone))
        return found[options.element451_since], [moment]
    except (TypeError, ValueError):
        raise bad(f"{value!r} is not a datetime such as 2026-11-23T09:00:00-05:00.") from None


def _test(operator: str, value: Any) -> tuple[str, Any]:
    """An SQL test of one value, with {} in its place, and its parameter."""
    if operator == "$eq":
        return "{} = ?", _scalar(value)
    if operator == "$in":
        if not isinstance(value, list) or not value:
            raise bad("$in needs a list of values.")
        return (
            "{} IN (SELECT value FROM json_each(?))",
            orjson.dumps([_scalar(item) for item in value]).decode(),
        )
    expression = _EXPRESSION.fullmatch(value) if isinstance(value, str) else None
    if expression is None:
        raise bad("$match needs a regular expression such as /smith/i.")
    body, flags = expression.groups()
    pattern = f"(?{''.join(sorted(set(flags)))}){body}" if flags else body
    try:
        _compiled(pattern)
    except re.error as error:
        raise bad(f"$match: {error}.") from None
    return "e451_match(?, {})", pattern


def _scalar(value: Any) -> str | int | float:
    if isinstance(value, str | int | float) and value != "":
        return value
    raise bad("The filter's value must be a text, a number or a boolean, and not empty.")


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _match(pattern: str, value: object) -> bool:
    return isinstance(value, str) and _compiled(pattern).search(value) is not None
