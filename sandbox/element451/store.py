"""The account's tables: contacts and conversations as rows (id, when updated, values as JSON), and the field
catalogue."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

import orjson

from sandbox.element451 import catalogue, zone
from sandbox.element451.fields import Entity, Field
from sandbox.element451.options import Element451Options
from sandbox.world import World

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: its word in the controls and the journal, its table, and the slugs that are kept
    beside the values."""

    name: str
    entity: Entity
    table: str
    id_slug: str
    updated_slug: str


CONTACT = Kind("contact", "user", "e451_contact", catalogue.ELEMENT_ID, catalogue.USER_UPDATED)
CONVERSATION = Kind(
    "conversation",
    "conversation",
    "e451_conversation",
    catalogue.CONVERSATION_ID,
    catalogue.CONVERSATION_UPDATED,
)
KINDS = {kind.name: kind for kind in (CONTACT, CONVERSATION)}
_INDEXED = {CONTACT: (catalogue.SALESFORCE_ID, catalogue.EMAIL), CONVERSATION: (catalogue.CONVERSATION_USER,)}


@dataclass(frozen=True, slots=True)
class Row:
    """One record as kept. ``values`` holds neither its id nor when it was updated; a slug that is missing was
    never set."""

    id: str
    updated: int
    values: Values


def setup(world: World) -> None:
    """Make the tables, and the catalogue of a fresh account, where they are missing."""
    for kind, slugs in _INDEXED.items():
        world.db.execute(
            f"CREATE TABLE IF NOT EXISTS {kind.table} (id TEXT PRIMARY KEY, updated INTEGER NOT NULL, data"
            " TEXT NOT NULL)"
        )
        world.db.execute(f"CREATE INDEX IF NOT EXISTS {kind.table}_updated ON {kind.table} (id, updated)")
        for number, slug in enumerate(slugs):
            world.db.execute(
                f"CREATE INDEX IF NOT EXISTS {kind.table}_{number} ON {kind.table} ({column(kind, slug)})"
            )
    world.db.execute("CREATE TABLE IF NOT EXISTS e451_issued (number INTEGER NOT NULL)")
    world.db.execute(
        "CREATE TABLE IF NOT EXISTS e451_field (position INTEGER PRIMARY KEY, data TEXT NOT NULL)"
    )
    if world.db.execute("SELECT 1 FROM e451_field").fetchone() is None:
        replace_fields(world, catalogue.FIELDS)


def fields(world: World, hidden: bool = False) -> dict[str, Field]:
    """The catalogue by slug, in its order; with ``hidden``, of the fields that are hidden too."""
    rows = world.db.execute("SELECT data FROM e451_field ORDER BY position")
    every = [Field.from_json(orjson.loads(data)) for (data,) in rows]
    return {field.slug: field for field in every if hidden or not field.hidden}


def replace_fields(world: World, rows: Iterable[Field]) -> None:
    """Make ``rows`` the whole catalogue."""
    world.db.execute("DELETE FROM e451_field")
    world.db.executemany(
        "INSERT INTO e451_field (data) VALUES (?)",
        [(orjson.dumps(field.as_json()).decode(),) for field in rows],
    )


def column(kind: Kind, slug: str) -> str:
    """The SQL expression of a slug's value. Safe to put into a statement for any slug of the catalogue."""
    if slug in (kind.id_slug, kind.updated_slug):
        return "id" if slug == kind.id_slug else "updated"
    return f"""json_extract(data, '$."{slug}"')"""


def select(
    world: World,
    kind: Kind,
    where: str = "TRUE",
    given: Sequence[Any] = (),
    limit: int = -1,
    order: str = "id",
) -> list[Row]:
    """The records that fit a condition, ordered by id."""
    found = world.db.execute(
        f"SELECT id, updated, data FROM {kind.table} WHERE {where} ORDER BY {order} LIMIT ?", (*given, limit)
    )
    return [Row(id, updated, orjson.loads(data)) for id, updated, data in found]


def by_ids(world: World, kind: Kind, ids: Iterable[str]) -> dict[str, Row]:
    """The records with these ids; those that don't exist are left out."""
    rows = select(world, kind, "id IN (SELECT value FROM json_each(?))", [orjson.dumps(list(ids)).decode()])
    return {row.id: row for row in rows}


def save(world: World, kind: Kind, rows: Iterable[tuple[str, Values]]) -> None:
    """Insert or replace records as updated at the world's time."""
    when = now(world)
    put(world, kind, ((id, when, values) for id, values in rows))


def put(world: World, kind: Kind, rows: Iterable[tuple[str, int, Values]]) -> None:
    """Insert or replace records (id, when updated, values)."""
    world.db.executemany(
        f"INSERT INTO {kind.table} (id, updated, data) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET updated = excluded.updated, data = excluded.data",
        ((id, when, orjson.dumps(values).decode()) for id, when, values in rows),
    )


def delete(world: World, kind: Kind, id: str) -> None:
    """Remove a record for good."""
    world.db.execute(f"DELETE FROM {kind.table} WHERE id = ?", (id,))


def new_ids(world: World, count: int) -> list[str]:
    """Ids that were never given before. Their order says nothing of when they were given."""
    (last,) = world.db.execute("SELECT coalesce(max(number), 0) FROM e451_issued").fetchone()
    world.db.execute("DELETE FROM e451_issued")
    world.db.execute("INSERT INTO e451_issued VALUES (?)", (last + count,))
    return [
        sha1(f"element451 {number}".encode(), usedforsecurity=False).hexdigest()[:24]
        for number in range(last, last + count)
    ]


def now(world: World) -> int:
    """The world's time, to the second: the account keeps no finer stamp."""
    return int(world.clock.now().timestamp() + world.options.of(Element451Options).element451_stamps_off)


def plain(kind: Kind, row: Row) -> dict[str, Any]:
    """A record for checkers: one spelling of everything, empty values left out, datetimes in UTC."""
    kept = {slug: value for slug, value in row.values.items() if value not in (None, "", [])}
    return {kind.id_slug: row.id, **kept, kind.updated_slug: zone.stamp(row.updated)}


def rows(world: World, object: str) -> Iterator[Mapping[str, object]]:
    """Every record of a kind (``contact`` or ``conversation``) as ``plain`` gives it, ordered by id. Raises
    KeyError for another word."""
    if object not in KINDS:
        raise KeyError(f"Element451 has {' and '.join(KINDS)} records, no {object!r}")
    return _all(world, KINDS[object])


def _all(world: World, kind: Kind) -> Iterator[Mapping[str, object]]:
    after = ""
    while page := select(world, kind, "id > ?", [after], 1000):
        yield from (plain(kind, row) for row in page)
        after = page[-1].id
