"""Pairs in the database: rows to `Pair` values and back, and the bulk statements that a run needs.

One `PairStore` serves one kind and one Salesforce object; the rows of another object stay untouched.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from more_itertools import chunked
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from syncer.core.field_types.field_type import Unfit
from syncer.core.ids import caseless_id, contradicted, element_id, salesforce_id
from syncer.core.mapping import FieldMapping
from syncer.core.pair import ContactLink, Pair, Rewrite
from syncer.core.person_names import name_fields, search_text
from syncer.core.records import Kind, RecordState, System, Value
from syncer.core.trust.clocks import TRUSTED
from syncer.core.trust.holds import Hold
from syncer.infra.database.indexes import not_by_index
from syncer.infra.database.prepared import execute_many
from syncer.infra.database.tables import PairRow, table
from syncer.sync.pair_rows import LONGEST_WAIT, READ_AT, Columns, LinkColumn, MatchColumn, Row, read_rows

PAIRS = table(PairRow)
CHUNK = 1000
"""Ids per IN clause: well below the limits of both databases."""
DUE_COLUMNS: dict[str, Any] = {
    "due": True,
    "revision": PAIRS.c.revision + 1,
    "tried_in": 0,
    "try_after": None,
}
"""What makes rows due in bulk, whatever they waited for."""


class Side:
    """The names of one system's columns, so that nothing is written twice for the two sides."""

    id: Literal["element_id", "salesforce_id"]
    values: Literal["element451", "salesforce"]
    state: Literal["element_state", "salesforce_state"]
    link: LinkColumn
    match: MatchColumn
    changed: Literal["element_changed", "salesforce_changed"]
    generation: Literal["element_generation", "salesforce_generation"]
    damaged: Literal["element_damaged", "salesforce_damaged"]
    absent_since: Literal["element_absent_since", "salesforce_absent_since"]

    def __init__(self, system: System) -> None:
        self.system = system
        if system is System.ELEMENT451:
            self.id, self.values, self.state = "element_id", "element451", "element_state"
            self.link, self.match, self.changed = "element_link", "element_match", "element_changed"
            self.generation, self.damaged = "element_generation", "element_damaged"
            self.absent_since = "element_absent_since"
        else:
            self.id, self.values, self.state = "salesforce_id", "salesforce", "salesforce_state"
            self.link, self.match, self.changed = "salesforce_link", "salesforce_match", "salesforce_changed"
            self.generation, self.damaged = "salesforce_generation", "salesforce_damaged"
            self.absent_since = "salesforce_absent_since"
        seen = self.id, self.values, self.state, self.absent_since
        self.columns = (*seen, self.link, self.match, self.generation, self.damaged, READ_AT[system])

    @property
    def other(self) -> "Side":
        """The other system's columns."""
        return SIDES[self.system.other]

    def stores_damaged_id(self, row: "Row") -> bool:
        """Whether the row's record stores a damaged ID, of which only `caseless_id` is kept."""
        return str(row[self.link] or "").startswith("?")

    def normal(self, raw: Value) -> str | None:
        """An ID of this system in the form in which it is kept, or None where ``raw`` is no such ID."""
        return element_id(raw) if self.system is System.ELEMENT451 else salesforce_id(raw)


SIDES = {system: Side(system) for system in System}
_KINDS, _STATES = {kind.value: kind for kind in Kind}, {state.value: state for state in RecordState}
_NONE: frozenset[Any] = frozenset()
_PLAIN = ("id", "merged_into", "contact_id", "problem", "problem_code", "revision", "due", "try_after")
OUTLINE = [
    PAIRS.c[name] for side in SIDES.values() for name in (side.id, side.state, side.link, side.match)
] + [PAIRS.c[name] for name in (*_PLAIN, "left_sync")]
"""What pairing needs of a row: no values, which are most of it."""


class PairStore:
    """The pairs of one mapping's kind and object."""

    def __init__(self, mapping: FieldMapping) -> None:
        self.mapping = mapping
        kind, entity = mapping.kind.value, mapping.entity.name
        self.here: ColumnElement[bool] = and_(PAIRS.c.kind == kind, PAIRS.c.entity == entity)
        self._among_all = and_(not_by_index(PAIRS.c.kind) == kind, not_by_index(PAIRS.c.entity) == entity)
        people = mapping.kind is Kind.CONTACT
        self.naming = {system: name_fields(mapping.by_key(system)) if people else () for system in System}

    def by_ids(
        self, connection: Connection, system: System, ids: Iterable[str | None], *, outline: bool = False
    ) -> dict[str | None, Row]:
        """The rows of these records of ``system``, by their ID."""
        side = SIDES[system]
        return {row[side.id]: row for row in self.rows_where(connection, side.id, ids, outline=outline)}

    def rows_where(
        self, connection: Connection, column: str, values: Iterable[object], *, outline: bool = False
    ) -> Iterator[Row]:
        """The rows whose ``column`` is one of ``values``; their ``outline`` leaves the values out, which is
        several times quicker."""
        wanted = list(dict.fromkeys(value for value in values if value is not None))
        columns = OUTLINE if outline else PAIRS.c
        for chunk in chunked(wanted, CHUNK):
            here = select(*columns).where(self.here, PAIRS.c[column].in_(chunk))
            yield from read_rows(connection.execute(here))

    def page(
        self,
        connection: Connection,
        *conditions: ColumnElement[bool],
        after: int = 0,
        limit: int = CHUNK,
        outline: bool = False,
        most: bool = False,
    ) -> list[Row]:
        """The next ``limit`` rows after number ``after`` for which all conditions hold, in the order of their
        number; or their ``outline``. ``most`` rows meet the conditions: SQLite would otherwise follow an
        index to all of them, and sort them for each page."""
        statement = (
            select(*(OUTLINE if outline else PAIRS.c))
            .where(self._among_all if most else self.here, PAIRS.c.id > after, *conditions)
            .order_by(PAIRS.c.id)
            .limit(limit)
        )
        return list(read_rows(connection.execute(statement)))

    def walk(
        self, database: Engine, *conditions: ColumnElement[bool], size: int = CHUNK, **more: bool
    ) -> Iterator[list[Row]]:
        """Every row that meets all conditions when its page is read, a page at a time (see `page`)."""
        after = 0
        while True:
            with database.connect() as connection:
                rows = self.page(connection, *conditions, after=after, limit=size, **more)
            if not rows:
                return
            after = rows[-1]["id"]
            yield rows
            del rows  # two pages would take twice the memory

    def count(self, connection: Connection, *conditions: ColumnElement[bool]) -> int:
        """How many rows meet all conditions."""
        counted = select(func.count()).select_from(PAIRS).where(self.here, *conditions)
        return connection.execute(counted).scalar_one()

    def known(self, connection: Connection) -> int:
        """How many are in the sync: all but those that left it, which are few. So both come from an index."""
        return self.count(connection) - self.count(connection, PAIRS.c.left_sync)

    def derived_columns(self, system: System, values: Mapping[str, Value]) -> Columns:
        """The derived columns for values read from ``system``: the stored ID of the other system, the match
        values, the contact."""
        side, link = SIDES[system], self.mapping.link(system)
        columns: Columns = {side.match: self._match_key(system, values)}
        if link is not None:
            stored = values.get(link.of(system).key)
            columns[side.link] = SIDES[system.other].normal(stored)
            if system is System.ELEMENT451 and contradicted(stored):
                columns[side.link] = caseless_id(stored)
        if self.mapping.contact is not None and system is System.ELEMENT451:
            columns["contact_id"] = element_id(values.get(self.mapping.contact.element451.key))
        return columns

    def _match_key(self, system: System, values: Mapping[str, Value]) -> str | None:
        parts = []
        for mapped in self.mapping.match_on:
            value = values.get(mapped.of(system).key)
            if system is System.ELEMENT451:
                try:
                    value = mapped.converted(value, System.SALESFORCE)
                except Unfit:
                    return None
            text = "" if value is None or isinstance(value, list) else str(value).strip().casefold()
            if not text:
                return None
            parts.append(text)
        return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest() if parts else None

    def search(
        self, element451: Mapping[str, Value] | None, salesforce: Mapping[str, Value] | None
    ) -> str | None:
        """By what a contact of these values is found: as Element451 names it, else as Salesforce does."""
        found = search_text(element451, self.naming[System.ELEMENT451]) if element451 else None
        return found or (search_text(salesforce, self.naming[System.SALESFORCE]) if salesforce else None)

    def insert(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows of this kind and object."""
        fixed = {"kind": self.mapping.kind.value, "entity": self.mapping.entity.name}
        execute_many(connection, insert(PAIRS), [fixed | dict(row) for row in rows])


def update_rows(
    connection: Connection, rows: Iterable[Mapping[str, Any]], *, only_revision: bool = False
) -> None:
    """Update rows by ``id`` with their other columns. With ``only_revision`` a row must still have its
    ``revision``, which stays as it is."""
    groups: dict[tuple[str, ...], list[Columns]] = {}
    for row in rows:
        groups.setdefault(tuple(sorted(row)), []).append({f"new_{key}": value for key, value in row.items()})
    for keys, group in groups.items():
        condition = PAIRS.c.id == bindparam("new_id")
        if only_revision:
            condition = and_(condition, PAIRS.c.revision == bindparam("new_revision"))
        kept = {"id", "revision"} if only_revision else {"id"}
        values = {key: bindparam(f"new_{key}", type_=PAIRS.c[key].type) for key in keys if key not in kept}
        execute_many(connection, update(PAIRS).where(condition).values(values), group)


def delete_rows(connection: Connection, ids: Sequence[int]) -> None:
    """Delete rows by number (a half that became part of another row)."""
    for chunk in chunked(ids, CHUNK):
        connection.execute(delete(PAIRS).where(PAIRS.c.id.in_(chunk)))


def due_now(now: datetime) -> ColumnElement[bool]:
    """Due, and not waiting for a later try: for a day at most, unless a clock was wrong (rule 23)."""
    try_after, longest = PAIRS.c.try_after, now + LONGEST_WAIT + TRUSTED
    return and_(PAIRS.c.due, or_(try_after.is_(None), try_after <= now, try_after > longest))


def due_columns(row: Row) -> Columns:
    """The columns that make a row due, whatever it waited for."""
    return {"id": row["id"], "due": True, "revision": row["revision"] + 1, "tried_in": 0, "try_after": None}


def make_due(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    """Make every row that meets the conditions due; how many."""
    return connection.execute(update(PAIRS).where(*conditions).values(DUE_COLUMNS)).rowcount


def make_conversations_due(connection: Connection, contact_ids: Iterable[str | None]) -> None:
    """Make the conversations of these contacts due: what they need of their contact has changed (rule 13)."""
    wanted = [identity for identity in contact_ids if identity]
    for chunk in chunked(wanted, CHUNK):
        make_due(
            connection,
            PAIRS.c.kind == Kind.CONVERSATION.value,
            PAIRS.c.contact_id.in_(chunk),
        )


def to_pair(row: Row, contact: ContactLink | None = None, holds: tuple[Hold, ...] = ()) -> Pair:
    """The row as the planner wants it."""
    damaged, emptied = _NONE, _NONE
    if row["element_damaged"] or row["salesforce_damaged"]:
        damaged = frozenset((system, key) for system in System for key in row[SIDES[system].damaged] or ())
    if row["emptied"]:
        emptied = frozenset((System(system), key) for system, keys in row["emptied"].items() for key in keys)
    return Pair(
        kind=_KINDS[row["kind"]],
        element_id=row["element_id"],
        salesforce_id=row["salesforce_id"],
        element451=row["element451"] or {},
        salesforce=row["salesforce"] or {},
        element_state=_STATES[row["element_state"]],
        salesforce_state=_STATES[row["salesforce_state"]],
        in_scope=row["in_scope"],
        left=row["left_sync"],
        problem=row["problem"],
        problem_code=row["problem_code"],
        missed=row["missed"],
        former=frozenset(row["former"] or ()),
        rewrites={key: Rewrite(*kept) for key, kept in (row["rewrites"] or {}).items()},
        changed=frozenset(system for system in System if row[SIDES[system].changed]),
        emptied=emptied,
        contact=contact,
        damaged=damaged,
        holds=holds,
    )


def anything_known(engine: Engine) -> bool:
    """Whether any record was read yet, so that it can be said before saving what would change."""
    with engine.connect() as connection:
        return connection.execute(select(PAIRS.c.id).limit(1)).first() is not None
