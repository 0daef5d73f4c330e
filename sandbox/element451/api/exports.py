"""Reading: the field catalogue, records by id or by segment, and searches that answer with ids only."""

from typing import Any

import orjson
from starlette.requests import Request

from sandbox.element451 import catalogue, store, zone
from sandbox.element451.api import present, segments
from sandbox.element451.api.refusal import bad, keys, last_id, page_size, record_ids
from sandbox.element451.fields import Field
from sandbox.element451.options import Element451Options
from sandbox.element451.store import Kind, Row
from sandbox.world import World

MOST_ROWS, MOST_FOUND, MOST_MAPPINGS = 50, 5000, 500
_WORDS = {"user": "users", "conversation": "conversations"}
_PAGING = ("per_page", "last_id")
_PROJECTED = {
    "first_name": "user-first-name",
    "last_name": "user-last-name",
    "email": catalogue.EMAIL,
}


def mappings(world: World, request: Request) -> tuple[int, Any]:
    """``GET /mappings?limit=&offset=``."""
    if unknown := sorted(set(request.query_params) - {"limit", "offset"}):
        raise bad(f"Unknown parameters: {', '.join(unknown)}.")
    limit = _number(request.query_params.get("limit", "100"), "limit", 1, MOST_MAPPINGS)
    offset = _number(request.query_params.get("offset", "0"), "offset", 0, 10**9)
    rows = [field.as_mapping() for field in store.fields(world).values()]
    return 200, {"data": rows[offset : offset + limit], "meta": {"total": len(rows)}}


def export(world: World, kind: Kind, body: Any) -> tuple[int, Any]:
    """``POST /users/export`` and ``/conversations/export``: columns of records, by ids or by segment."""
    word = _WORDS[kind.entity]
    item = keys(
        keys(body, "The body", ["item"])["item"], "item", ["options", "template"], [word, "segment", *_PAGING]
    )
    fields, options = store.fields(world), world.options.of(Element451Options)
    columns = _columns(item, kind, fields, options.element451_names_fields)
    if (word in item) == ("segment" in item):
        raise bad(f"item needs either {word} or segment.")
    marked = {}
    if word in item:
        if used := sorted(set(item) & set(_PAGING)):
            raise bad(f"{', '.join(used)} goes with segment only.")
        ids = record_ids(item[word], f"item.{word}", MOST_ROWS)
        found = sorted(store.by_ids(world, kind, ids).values(), key=lambda row: row.id)
    else:
        size = page_size(item.get("per_page"), MOST_ROWS)
        after = last_id(item.get("last_id"))
        asked = segments.condition(world, item["segment"], kind, fields, options)
        rows = _page(world, kind, asked, after, size + 1)
        found, marked = rows[:size], _mark([row.id for row in rows], size, item, options)
    world.counters.read("element451", len(found))
    return 200, {"data": [_row(row, kind, columns, options) for row in found], "meta": marked}


def search(world: World, kind: Kind, body: Any) -> tuple[int, Any]:
    """``POST /users/export/search``: the ids of a segment. It takes a projection, or the shape of an
    export."""
    item = keys(
        keys(body, "The body", ["item"])["item"],
        "item",
        ["segment"],
        ["project", "options", "template", *_PAGING],
    )
    fields, options = store.fields(world), world.options.of(Element451Options)
    project = _projection(item.get("project", ["_id"]))
    if "template" in item or "options" in item:
        _columns(
            keys(item, "item", ["options", "template"], item), kind, fields, options.element451_names_fields
        )
    size = page_size(item.get("per_page"), MOST_FOUND)
    after = last_id(item.get("last_id"))
    asked = segments.condition(world, item["segment"], kind, fields, options)
    rows = _page(world, kind, asked, after, size + 1)
    if project == ["_id"]:
        ids = [row.id for row in rows]
        return 200, {"data": [{"_id": id} for id in ids[:size]], "meta": _mark(ids, size, item, options)}
    found = [_projected(row, project, fields, options) for row in rows[:size]]
    world.counters.read("element451", len(found))
    return 200, {"data": found, "meta": _mark([row.id for row in rows], size, item, options)}


def _page(world: World, kind: Kind, asked: segments.Condition, after: str, size: int) -> list[Row]:
    """So many records of a segment behind the one with this id: in the order of ids (contract A3), unless an
    option says otherwise."""
    options, (where, given) = world.options.of(Element451Options), asked
    if options.element451_order == "id":
        behind, order, values = "id > ?", "id", [after]
    else:
        last = f"(SELECT updated FROM {kind.table} WHERE id = ?)"
        behind, order = f"(? = '' OR (updated, id) > ({last}, ?))", "updated, id"
        values = [after, after, after]
    rows = store.select(world, kind, f"{behind} AND {where}", [*values, *given], size, order)
    if after and not rows and options.element451_last_page == "wraps":
        return _page(world, kind, asked, "", size)
    return rows


def _projection(given: Any) -> list[str]:
    if not isinstance(given, list) or "_id" not in given or set(given) - {"_id", *_PROJECTED}:
        raise bad(f"project must be a list of _id and any of {', '.join(_PROJECTED)}.")
    return given


def _projected(
    row: Row, project: list[str], fields: dict[str, Field], options: Element451Options
) -> dict[str, Any]:
    """A row of a search with what its projection names; empty values are spelt as in exports."""
    answer: dict[str, Any] = {"_id": row.id}
    for name in project:
        if field := fields.get(_PROJECTED.get(name, "")):
            cell: dict[str, Any] = {}
            present.put(cell, row.id, field, row.values, options)
            if field.slug in cell:
                answer[name] = cell[field.slug]
    return answer


def _columns(item: dict[str, Any], kind: Kind, fields: dict[str, Field], names_fields: bool) -> list[Field]:
    if keys(item["options"], "options", ["column_key"])["column_key"] != "slug":
        raise bad("options.column_key must be 'slug'.")
    given = keys(item["template"], "template", ["columns"])["columns"]
    if not isinstance(given, list) or not given:
        raise bad("template.columns must be a list of columns.")
    found: dict[str, Field] = {}
    for number, column in enumerate(given):
        where = f"columns[{number}]"
        column = keys(column, where, ["field", "mode", "slug"])
        if not isinstance(column["field"], str):
            raise bad(f"{where}: field must be a text.")
        if column["mode"] != "slug":
            raise bad(f"{where}: the mode {column['mode']!r} is unknown; it must be 'slug'.")
        field = fields.get(column["slug"]) if isinstance(column["slug"], str) else None
        if field is None or field.entity != kind.entity:
            named = f"there is no {kind.entity} field {column['slug']!r}." if names_fields else "unknown."
            raise bad(f"{where}: {named}")
        if field.slug in found:
            raise bad(f"{where}: {field.slug} is given twice.")
        found[field.slug] = field
    return list(found.values())


def _row(row: Row, kind: Kind, columns: list[Field], options: Element451Options) -> dict[str, Any]:
    answer: dict[str, Any] = {kind.id_slug: row.id}
    for field in columns:
        if field.slug == kind.updated_slug:
            answer[field.slug] = zone.write(zone.stamp(row.updated), options.element451_zone)
        elif field.slug != kind.id_slug:
            present.put(answer, row.id, field, row.values, options)
    return answer


def _mark(ids: list[str], size: int, item: dict[str, Any], options: Element451Options) -> dict[str, Any]:
    """``next_last_id``, in one of the ways that the contract leaves open. ``ids`` has one more than ``size``
    when rows follow."""
    if len(ids) > size:
        return {"next_last_id": ids[size - 1]}
    way = present.last_page(orjson.dumps(item, option=orjson.OPT_SORT_KEYS), options)
    if way == "extra" and item.get("last_id") and not ids:
        return {"next_last_id": item["last_id"]}  # a page with no rows is the last one, whatever it says
    return (
        {"next_last_id": ids[-1]}
        if way == "extra" and ids
        else {"next_last_id": ""}
        if way == "blank"
        else {}
    )


def _number(text: str, name: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise bad(f"{name} must be a number from {least} to {most}.")
    return int(text)
