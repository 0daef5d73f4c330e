"""How far each side has been read (`tables.MarkRow`): where a reading begins, goes on after a crash, and
ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, insert, select, update

from syncer.core.mapping import FieldMapping
from syncer.core.records import System
from syncer.core.trust.clocks import is_credible
from syncer.infra.database.tables import MarkRow, table

MARKS = table(MarkRow)
_ONLY = "only: "
"""Begins what stands among a mark's fields where a filter left records out (rule 12)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading to be done, or to be gone on with. ``generation`` is set while everything is read."""

    since: datetime | None
    cursor: str | None
    began_at: datetime | None
    generation: int | None


class Watermark:
    """The watermark of one system for one mapping's kind and object."""

    def __init__(self, mapping: FieldMapping, system: System) -> None:
        self._key = {"kind": mapping.kind.value, "entity": mapping.entity.name, "system": system.value}
        self._here = and_(*(MARKS.c[name] == value for name, value in self._key.items()))
        self._fields = sorted(field.key for field in mapping.read_from(system))
        asked = (f"{one.field.key} {one.operator} {one.wanted!r}" for one in mapping.narrowed(system))
        self._only = [_ONLY + "; ".join(parts)] if (parts := sorted(asked)) else []
        self._segments = {one.field.key for one in mapping.segments if one.field.system is system}

    def unread(self, connection: Connection) -> frozenset[str]:
        """The mapped fields that this side has not been read with as a whole, and the segments that were not
        looked at: what pairs hold of them is old, if anything."""
        return (frozenset(self._fields) | self._segments) - frozenset(self._read(connection))

    def left_out(self, connection: Connection) -> bool:
        """Whether another filter than this one kept records from us when everything was read: nobody knows
        whom this one lets in."""
        only = [key for key in self._read(connection) if key.startswith(_ONLY)]
        return bool(only) and only != self._only

    def backfills(self, connection: Connection) -> list[str]:
        """What a known side is read anew for: fields that are new, or its filter, by their keys."""
        read = self._read(connection)
        if not read:
            return []
        new = sorted(set(self._fields) - set(read))
        return [*new, *(self._only or [_ONLY] if self.left_out(connection) else [])]

    def begin(self, engine: Engine, full: bool, now: datetime) -> Reading:
        """Start a reading, or go on with one that was cut off. Everything is read at first, on ``full``, when
        a field is new (backfill) or the filter another one than it was read by, and where the watermark lies
        ahead of our clock (rule 23)."""
        with engine.begin() as connection:
            row = connection.execute(select(MARKS).where(self._here)).mappings().one_or_none()
            if row is None:
                connection.execute(
                    insert(MARKS),
                    [self._key | {"reading_fields": [], "fields": [], "generation": 0, "everything": False}],
                )
                row = connection.execute(select(MARKS).where(self._here)).mappings().one()
            known = row["since"] is not None and is_credible(row["since"], now)
            new_field = not set(self._fields) <= set(row["fields"])
            everything = full or not known or new_field or self.left_out(connection)
            under_way = (
                row["began_at"] is not None
                and is_credible(row["began_at"], now)
                and row["reading_fields"] == [*self._fields, *self._only]
                and row["everything"] >= everything
            )
            if under_way:
                everything = row["everything"]
            generation = row["generation"] + (everything and not under_way)
            columns: dict[str, Any] = {
                "generation": generation,
                "everything": everything,
                "reading_fields": [*self._fields, *self._only],
            }
            if not under_way:
                columns |= {"cursor": None, "began_at": None}
            connection.execute(update(MARKS).where(self._here).values(columns))
        return Reading(
            since=None if everything else row["since"],
            cursor=row["cursor"] if under_way else None,
            began_at=row["began_at"] if under_way else None,
            generation=generation if everything else None,
        )

    def generation(self, connection: Connection) -> int:
        """The number of the newest comparison or reading of everything; 0 where there was none."""
        return connection.execute(select(MARKS.c.generation).where(self._here)).scalar_one_or_none() or 0

    def next_generation(self, connection: Connection) -> int:
        """The number of a new comparison of everything. A side that was never read has no watermark, and
        begins with 1."""
        connection.execute(update(MARKS).where(self._here).values(generation=MARKS.c.generation + 1))
        return self.generation(connection) or 1

    def advance(self, connection: Connection, cursor: str | None, began_at: datetime) -> None:
        """Note that a page is in; in that page's transaction."""
        columns: dict[str, Any] = {"began_at": began_at} | ({"cursor": cursor} if cursor else {})
        connection.execute(update(MARKS).where(self._here).values(columns))

    def finish(self, connection: Connection, since: datetime) -> None:
        """The reading is complete: the next one begins at ``since``."""
        here = select(MARKS.c.fields, MARKS.c.everything).where(self._here)
        read, everything = connection.execute(here).one()
        only = self._only if everything else [key for key in read if key.startswith(_ONLY)]
        fields = [*self._fields, *sorted(self._segments.intersection(read)), *only]
        done = {"since": since, "cursor": None, "began_at": None, "everything": False, "fields": fields}
        connection.execute(update(MARKS).where(self._here).values(done))

    def looked_at(self, connection: Connection, segment: str) -> None:
        """Note that every contact is known to be in the segment of this key or not."""
        fields = sorted({*self._read(connection), segment})
        connection.execute(update(MARKS).where(self._here).values(fields=fields))

    def forget(self, connection: Connection, field: str) -> None:
        """Read everything again once ``field`` is mapped or back: what was read of it cannot be trusted."""
        kept = [key for key in self._read(connection) if key != field]
        connection.execute(update(MARKS).where(self._here).values(fields=kept))

    def _read(self, connection: Connection) -> list[str]:
        """What `fields` says: with which of them this side was read as a whole."""
        return connection.execute(select(MARKS.c.fields).where(self._here)).scalar_one_or_none() or []
