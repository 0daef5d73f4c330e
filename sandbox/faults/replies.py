"""Replies made false: rows that lose values or vanish, values that nobody stored, bytes that are no text.

Works on the JSON of either system. A *row* is an entry of any list of records or ids that a reply holds:
``records``, ``data``, ``ids``, ``deletedRecords``, ``fields`` (describe), an import's ``created`` and
``updated``, the results of a collections call, and each of these inside a composite reply.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

LISTS = ("records", "data", "ids", "deletedRecords", "fields", "sobjects", "created", "updated")
INSIDE = ("data", "result")
IDS = ("Id", "user-elementid", "conversation-id", "_id", "id", "slug", "name")


@dataclass(frozen=True)
class Change:
    """What is changed in a reply.

    Concerned are the rows with one of the ``ids`` (none given: every row), of each list the ``first`` so many
    (-1: all). ``drop`` leaves them out, ``null`` puts null in their place, ``fields`` gives other values to
    the fields that they have, ``remove`` leaves fields out, ``raw`` puts characters between the quotes of a
    field's value as they are: ``\\ud83d`` is half a pair, ``\xff`` the byte 255, which no UTF-8 text holds.
    ``put`` sets values beside the rows, such as ``{"latestDateCovered": …}`` or ``{"meta": {}}``.
    """

    ids: list[str] = field(default_factory=list)
    first: int = -1
    drop: bool = False
    null: bool = False
    fields: dict[str, Any] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    raw: dict[str, str] = field(default_factory=dict)
    put: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for text in self.raw.values():
            text.encode("latin-1")  # a ValueError for what is no byte


def altered(raw_reply: bytes, change: Change) -> bytes:
    """The reply with the change made. What is not JSON stays as it is."""
    try:
        reply = orjson.loads(raw_reply)
    except orjson.JSONDecodeError:
        return raw_reply
    for body in _bodies(reply):
        for rows in _lists(body):
            rows[:] = _edited(rows, change)
        if isinstance(body, dict):
            body.update(change.put)
            _edit_fields(body, change)
    found = orjson.dumps(reply)
    for place, text in enumerate(change.raw.values()):
        found = found.replace(_mark(place).encode(), text.encode("latin-1"))
    return found


def _bodies(reply: Any) -> Iterator[Any]:
    """The reply, or those of a composite call's parts that succeeded."""
    if isinstance(reply, dict) and isinstance(parts := reply.get("compositeResponse"), list):
        yield from (part["body"] for part in parts if part["httpStatusCode"] < 300)
    elif isinstance(reply, dict) and isinstance(parts := reply.get("results"), list):
        yield from (part["result"] for part in parts if part["statusCode"] < 300)
    else:
        yield reply


def _lists(body: Any) -> Iterator[list[Any]]:
    if isinstance(body, list):
        yield body
    elif isinstance(body, dict):
        yield from (value for name, value in body.items() if name in LISTS and isinstance(value, list))
        for name in INSIDE:
            if isinstance(body.get(name), dict):
                yield from _lists(body[name])


def _edited(rows: list[Any], change: Change) -> Iterator[Any]:
    concerned = 0
    for row in rows:
        if not _is_one_of(row, change.ids) or concerned == change.first:
            yield row
            continue
        concerned += 1
        if change.null:
            yield None
        elif not change.drop:
            _edit_fields(row, change)
            yield row


def _edit_fields(row: Any, change: Change) -> None:
    if not isinstance(row, dict) or not _is_one_of(row, change.ids):
        return
    row.update({name: value for name, value in change.fields.items() if name in row})
    row.update({name: _mark(place) for place, name in enumerate(change.raw) if name in row})
    for name in change.remove:
        row.pop(name, None)


def _mark(place: int) -> str:
    return f"~~raw value {place}~~"


def _is_one_of(row: Any, ids: list[str]) -> bool:
    return not ids or any(_same(id, wanted) for id in _ids_of(row) for wanted in ids)


def _ids_of(row: Any) -> Iterator[str]:
    if isinstance(row, str):
        yield row
    elif isinstance(row, Mapping):
        yield from (value for name in IDS if isinstance(value := row.get(name), str))
        attributes = row.get("attributes")
        if isinstance(attributes, Mapping):
            yield str(attributes.get("url", "")).rpartition("/")[2]


def _same(id: str, wanted: str) -> bool:
    """Salesforce ids of 15 and 18 characters are the same."""
    return id == wanted or (len(id) == 18 and len(wanted) in (15, 18) and id[:15] == wanted[:15])
