"""Take what was read from a system into the pairs: what changed becomes due, what was known already does not
(rule 3)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from more_itertools import chunked
from sqlalchemy import Connection, Text, cast, select, update

from syncer.core import values
from syncer.core.compiled.readers import store
from syncer.core.matching.conditions import crosses
from syncer.core.records import Kind, Record, RecordState, System, Value, Values
from syncer.core.trust.absence import after_absence
from syncer.sync.pair_rows import READ_AT, Columns, Row, read_rows
from syncer.sync.pair_store import (
    CHUNK,
    PAIRS,
    SIDES,
    PairStore,
    due_columns,
    make_conversations_due,
    update_rows,
)
from syncer.sync.pull.findings import Findings

_OF_EITHER_SIDE = ("id", "element_id", "merged_into", "failing", "revision", "emptied", "search")
_OTHERS = "others"


class Ingester:
    """Takes records of one system into the pairs of one kind. ``now`` is when they were read;
    ``generation`` is noted while everything is being read; ``findings`` are kept where nothing should differ
    any more, so that what does was missed (rule 23)."""

    def __init__(
        self,
        pairs: PairStore,
        system: System,
        now: datetime,
        generation: int | None = None,
        findings: Findings | None = None,
    ) -> None:
        self.findings = findings
        self.pairs, self.side, self.now, self.generation = pairs, SIDES[system], now, generation
        self._fields = {field.key: field for field in pairs.mapping.read_from(system)}
        self._stored = {key: store(field) for key, field in self._fields.items()}
        self._read_at = READ_AT[system]
        segments = pairs.mapping.segments if system is System.ELEMENT451 else ()
        self._memberships = [one.field.key for one in segments]

    def ingest(self, connection: Connection, records: Iterable[Record]) -> int:
        """Take the records in and make due what they changed. Returns how many pairs became due."""
        latest = {record.id: record for record in records}
        rows = self._known(connection, latest)
        fresh, changed, seen = [], [], []
        for record in latest.values():
            row = rows.get(record.id)
            if row is None:
                fresh.append(self._new(record) | {"missed": self._missed(None, record)})
            elif differing := self._difference(row, record):
                missed = self._missed(row, record)
                changed.append(differing | ({"missed": True} if missed else {}))
            elif record.state is RecordState.LIVE or self.generation is not None:
                seen.append(row["id"])
        self.pairs.insert(connection, fresh)
        update_rows(connection, changed)
        if self.pairs.mapping.kind is Kind.CONTACT:
            before = {row["id"]: row[self.side.values] or {} for row in rows.values()}
            turned = {row["id"] for row in changed if self._turned(before[row["id"]], row)}
            retried = {row["id"] for row in changed}
            freed = (
                row
                for row in rows.values()
                if row["id"] in turned or (row["failing"] and row["id"] in retried)
            )
            make_conversations_due(connection, (row["element_id"] for row in freed))
        self._note_seen(connection, seen)
        return sum(bool(row.get("due")) for row in (*fresh, *changed))

    def _known(self, connection: Connection, ids: Iterable[str]) -> dict[str | None, Row]:
        """What is needed of the rows of these records. The other side's values stay the text that the
        database keeps: they are looked at only where something differs."""
        side, wanted = self.side, [*self.side.columns, self.side.changed, *_OF_EITHER_SIDE]
        others = cast(PAIRS.c[side.other.values], Text).label(_OTHERS)
        columns = [*(PAIRS.c[name] for name in dict.fromkeys([*wanted, side.other.id])), others]
        found: dict[str | None, Row] = {}
        for chunk in chunked(ids, CHUNK):
            here = select(*columns).where(self.pairs.here, PAIRS.c[side.id].in_(chunk))
            found |= {row[side.id]: row for row in read_rows(connection.execute(here))}
        return found

    def _turned(self, before: Values, columns: Columns) -> bool:
        """Whether a record's state changed, or it comes in or leaves by the filter (rule 12)."""
        if self.side.state in columns or not self.pairs.mapping.filters:
            return self.side.state in columns
        if self.side.damaged in columns:
            return True  # what is damaged meets no condition
        after = columns.get(self.side.values, before)
        return crosses(self.pairs.mapping.filters, self.side.system, before, after)

    def _new(self, record: Record) -> Columns:
        side, live = self.side, record.state is RecordState.LIVE
        read = self._read(record)
        _, absent_since = self._judged(RecordState.ABSENT, None, record)
        row: Columns = {
            side.id: record.id,
            side.values: read,
            side.state: record.state.value,
            side.absent_since: absent_since,
            side.changed: live,
            side.generation: self.generation or 0,
            side.damaged: sorted(record.damaged) or None,
            "merged_into": record.merged_into,
            "due": live or record.listed,
            self._read_at: self.now if live else None,
        }
        row["search"] = self._search(read, None)
        return row | self._account(record) | self.pairs.derived_columns(side.system, read)

    def _difference(self, row: Row, record: Record) -> Columns | None:
        """The columns to write where the record differs from what its row knows; None where it does not."""
        side, known = self.side, row[self.side.values] or {}
        if record.state is RecordState.ABSENT:
            return self._absence(row, record)
        columns: Columns = {}
        if row[side.state] != record.state or (
            record.merged_into and row["merged_into"] != record.merged_into
        ):
            columns = {side.state: record.state.value, "merged_into": record.merged_into, side.changed: True}
            columns[side.absent_since] = None
            if record.state is RecordState.LIVE:
                columns["left_sync"] = False
        if record.state is RecordState.LIVE:
            read = self._read(record) | {key: known[key] for key in self._memberships if key in known}
            if sorted(record.damaged) != (row[side.damaged] or []):
                columns |= {side.damaged: sorted(record.damaged) or None, side.changed: True}
            if read != known:
                moved = any(
                    key in known and not values.same(field, known[key], read[key])
                    for key, field in self._fields.items()
                    if key in read
                )
                columns |= {side.values: read, side.changed: bool(moved or row[side.changed] or columns)}
                columns |= self.pairs.derived_columns(side.system, read)
                columns |= self._emptied(row, known, read)
                if (search := self._search(read, _others(row))) != row["search"]:
                    columns["search"] = search
        if not columns:
            return None
        if self.generation is not None:
            columns[side.generation] = self.generation
        return columns | {self._read_at: self.now} | self._account(record) | due_columns(row)

    def _emptied(self, row: Row, known: Values, read: Values) -> Columns:
        """Which fields held a value and came back empty, of this side too (rule 6)."""
        system, before = self.side.system.value, row["emptied"] or {}
        empty = [key for key, value in read.items() if value is None]
        now = [key for key in empty if known.get(key) is not None or key in before.get(system, ())]
        if not now and not before:
            return {}
        return {"emptied": before | {system: now}}

    def _missed(self, row: Row | None, record: Record) -> bool:
        """Whether what is new about a record should have been known by now; then it is counted. Formulas move
        no stamp, and what was hidden tells nobody when it is shown again. Nor does a record that a filter by
        a formula kept from us until it came in."""
        unseen = row is None and any(
            one.field.calculated for one in self.pairs.mapping.narrowed(self.side.system)
        )
        if self.findings is None or record.state is RecordState.ABSENT or unseen:
            return False
        known, keys = (row and row[self.side.values]) or {}, list[str]()
        if row and record.state is RecordState.LIVE:
            read = {key: value for key, value in self._read(record).items() if key in known}
            keys = [
                key
                for key, value in read.items()
                if not self._fields[key].calculated and not values.same(self._fields[key], known[key], value)
            ]
        was_live = not row or row[self.side.state] == RecordState.LIVE
        missed = was_live and bool(keys or not row or record.state is not RecordState.LIVE)
        if missed:
            self.findings.missed(self.side.system, keys)
        return missed

    def _absence(self, row: Row, record: Record) -> Columns | None:
        """The columns to write where the record was absent. Half a pair is due, and so is what a list of its
        system named: nobody asks for another unpaired one."""
        side = self.side
        columns = self.absence_columns(row, record)
        if not columns:
            return None
        columns |= {"id": row["id"]} | ({} if self.generation is None else {side.generation: self.generation})
        if side.state not in columns or not (row[side.other.id] or record.listed):
            return columns
        return columns | {side.changed: True} | due_columns(row)

    def absence_columns(self, row: Row, record: Record) -> Columns:
        """What a row learns of its own record from a read by ID that did not bring it (rule 9)."""
        side = self.side
        known = RecordState(row[side.state]), row[side.absent_since]
        state, since = self._judged(*known, record)
        if (state, since) == known:
            return {}
        return {side.absent_since: since} | ({side.state: state.value} if state is not known[0] else {})

    def _judged(
        self, known: RecordState, since: datetime | None, record: Record
    ) -> tuple[RecordState, datetime | None]:
        if record.state is not RecordState.ABSENT:
            return record.state, None
        return after_absence(known, since, record, self.now)

    def _read(self, record: Record) -> dict[str, Value]:
        stored = self._stored
        return {
            key: as_stored(value) if (as_stored := stored[key]) else value
            for key, value in record.values.items()
            if key in stored
        }

    def _search(self, read: Values, others: Values | None) -> str | None:
        ours = self.side.system is System.ELEMENT451
        return self.pairs.search(read, others) if ours else self.pairs.search(others, read)

    def _account(self, record: Record) -> dict[str, Any]:
        return {"account": record.account} if self.side.system is System.SALESFORCE else {}

    def _note_seen(self, connection: Connection, rows: list[int]) -> None:
        """Note of rows from which nothing differed that they were read."""
        columns: Columns = {self._read_at: self.now}
        columns |= {} if self.generation is None else {self.side.generation: self.generation}
        for chunk in chunked(rows, CHUNK):
            connection.execute(update(PAIRS).where(PAIRS.c.id.in_(chunk)).values(columns))


def _others(row: Row) -> Values | None:
    """What the other side of a row from `Ingester._known` holds."""
    found: Values | None = orjson.loads(str(row.get(_OTHERS) or "null"))
    return found
