"""An Element451 account in memory: `syncer.connectors.protocol.Element451` without HTTP, as exact as the
tests of the road need it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from syncer.connectors.element451.contract import PROJECTED
from syncer.connectors.errors import Fault, FieldRefused, Refusal, Result
from syncer.connectors.protocol import Page
from syncer.core.error_codes.entry import Cause
from syncer.core.fields import Field
from syncer.core.records import Kind, Record, RecordState, System, Value
from syncer.core.values import is_whole
from tests.support.memory_account import Account, Row
from tests.support.memory_catalogue import element451_catalogue
from tests.support.memory_common import Clock, Entry, Faults, Sending, damage, nothing, rest_of, unsendable

T = TypeVar("T")
IDS_A_SEARCH, IDS_A_READ, ROWS_AN_IMPORT = 5000, 50, 500


class MemoryElement451:
    """See `syncer.connectors.protocol.Element451`.

    ``people`` is the account as people use it: `people.create(kind, values)`, `edit`, `delete`, `undelete`,
    `merge`, `values`, `live`. ``faults`` are the troubles asked for, ``journal`` holds every contact written
    through the API, ``page_size`` is the number of records in a page of changes, ``before_send`` is called
    before each import. ``write_fault`` is the fault that stopped the last write, if one did: what had been
    sent has its results, the rest is refused as passing.
    """

    def __init__(
        self,
        fields: Sequence[Field] | None = None,
        clock: Clock | None = None,
        *,
        page_size: int = 1000,
        before_send: Callable[[], None] = nothing,
    ) -> None:
        self.clock, self.faults = clock or Clock(), Faults(System.ELEMENT451)
        catalogue = element451_catalogue() if fields is None else fields
        self.people = Account({field.key: field for field in catalogue}, self.clock, self.faults)
        self.journal: list[Entry] = []
        self.page_size, self.before_send = page_size, before_send
        self.calls = self.skipped = 0
        self.write_fault: Fault | None = None

    def catalogue(self) -> list[Field]:
        self._begin("catalogue")
        gone = self.faults.unknown | self.faults.silent
        return [field for key, field in self.people.fields.items() if key not in gone]

    @property
    def read_size(self) -> int:
        return IDS_A_READ

    def changed(
        self, kind: Kind, fields: Sequence[Field], since: datetime | None, cursor: str | None
    ) -> Iterator[Page]:
        after, fault = self.faults.failure("changed")
        self._check(fields)
        last, began, done = cursor or "", self.clock.stamp + self.faults.date_off, 0
        while True:
            self._begin("")
            ids = self._search(kind, since, last)
            for start in range(0, max(len(ids), 1), self.page_size):
                if fault and done >= after:
                    raise fault
                page, done = ids[start : start + self.page_size], done + 1
                self._count(len(page), IDS_A_READ)
                last = page[-1] if page else last
                yield Page(_listed(self._records(kind, page, fields)), last, began)
            if len(ids) < IDS_A_SEARCH:
                return

    def names(self, fields: Sequence[Field]) -> Iterator[list[Record]]:
        given = [field for field in fields if field.key in PROJECTED]
        found = self._search(Kind.CONTACT, None, "")
        self._begin("names")
        while found:
            rows = (self.people.rows[record_id] for record_id in self._named(found))
            yield [Record(row.id, {f.key: self.people.value(row, f.key) for f in given}) for row in rows]
            found = self._search(Kind.CONTACT, None, found[-1])
            self._count(1, 1)

    def members(self, segment: str) -> Iterator[list[str]]:
        self._begin("members")
        if segment not in self.people.segments:
            raise FieldRefused(System.ELEMENT451, f"There is no segment {segment}.", code="HTTP 404")
        yield sorted(self.people.segments[segment] & self.people.rows.keys())

    def read(self, kind: Kind, ids: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        self._begin("read", len(ids), IDS_A_READ)
        self._check(fields)
        return self._records(kind, list(dict.fromkeys(ids)), fields)

    def find(self, field: Field, values: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        if self.faults.before_find:
            self.faults.before_find()
        self._begin("find", len(values), IDS_A_READ)
        self._check([field, *fields])
        wanted = set(values) - {""}
        found = [
            row
            for row in self._of(Kind.CONTACT)
            if row.known <= self.clock.now and str(self.people.value(row, field.key)) in wanted
        ]
        return self._records(Kind.CONTACT, [row.id for row in found], fields)

    def find_alike(self, field: Field, value: str, fields: Sequence[Field]) -> list[Record]:
        self._begin("alike", 1, IDS_A_READ)
        self._check([field, *fields])
        same = value.strip().casefold()
        visible = [row for row in self._of(Kind.CONTACT) if row.known <= self.clock.now]
        found = [
            row.id
            for row in visible
            if str(self.people.value(row, field.key) or "").strip().casefold() == same
        ]
        return self._records(Kind.CONTACT, found, fields) if same else []

    def create(self, rows: Sequence[dict[str, Value]], unique: str, fields: Sequence[Field]) -> list[Result]:
        self._check(fields)
        asked = list(dict.fromkeys([*fields, self.people.fields[unique]]))
        holders = {str(row.values.get(unique)): row.id for row in self._of(Kind.CONTACT)}
        results = self._send("create", rows, lambda row: self._create(row, unique, holders))
        self._count(sum(1 for result in results if result.refusal is None), IDS_A_READ)
        return [self._read_back(result, asked) for result in results]

    def update(
        self,
        rows: Sequence[tuple[str, dict[str, Value]]],
        fields: Sequence[Field] = (),
        believed_empty: Mapping[str, Collection[str]] | None = None,
    ) -> list[Result]:
        self._check(fields)
        if fields:
            self._count(len(rows), IDS_A_READ)
        asked = {field.key for field in fields}
        empty = believed_empty or {} if fields else {}
        return self._send(
            "update", rows, lambda row: self._held_back(*row, empty) or self._update(*row, asked)
        )

    # --- inside

    def _count(self, size: int, pack: int) -> None:
        self.calls += -(-size // pack)

    def _begin(self, call: str, size: int = 1, pack: int = 1) -> None:
        """Count the calls of one request, and fail if asked to."""
        self._count(size, pack)
        fault = self.faults.failure(call)[1] if call else None
        if fault:
            raise fault

    def _check(self, fields: Sequence[Field]) -> None:
        self.faults.check_known(self.people.fields, [asked.key for asked in fields])

    def _check_writable(self, row: dict[str, Value]) -> None:
        self.faults.check_known(self.people.fields, list(row))
        for key in row:
            if not self.people.fields[key].updatable:
                raise FieldRefused(
                    System.ELEMENT451,
                    f"Element451 refused the field {key}.",
                    code="HTTP 400",
                    detail=f"{key} cannot be imported",
                )

    def _of(self, kind: Kind) -> list[Row]:
        return [row for row in self.people.rows.values() if row.kind is kind]

    def _search(self, kind: Kind, since: datetime | None, last: str) -> list[str]:
        first = since.replace(microsecond=0) if since else datetime.min.replace(tzinfo=UTC)
        found = (
            row.id
            for row in ([] if self.faults.unlisted else self._of(kind))
            if row.id > last and row.stamp >= first and row.indexed <= self.clock.now
        )
        return sorted(found)[:IDS_A_SEARCH]

    def _named(self, ids: Sequence[str]) -> list[str]:
        named = [record_id for record_id in ids if record_id not in self.faults.nameless]
        self.skipped += len(ids) - len(named)
        return named

    def _records(self, kind: Kind, ids: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        return [self._record(kind, record_id, fields) for record_id in self._named(ids)]

    def _record(self, kind: Kind, record_id: str, fields: Sequence[Field]) -> Record:
        row = self.people.rows.get(record_id)
        hidden = record_id in self.faults.hidden or self.faults.reads_nothing
        if row is None or row.kind is not kind or hidden:
            return Record(record_id, {}, RecordState.ABSENT)
        silent = self.faults.silent
        values = {
            asked.key: None if asked.key in silent else self.people.value(row, asked.key) for asked in fields
        }
        damaged = damage(values)
        return Record(
            record_id, {key: value for key, value in values.items() if key not in damaged}, damaged=damaged
        )

    def _read_back(self, result: Result, fields: Sequence[Field]) -> Result:
        if result.refusal or result.id is None:
            return result
        return replace(result, record=self._record(Kind.CONTACT, result.id, fields))

    def _send(self, call: str, rows: Sequence[T], write: Callable[[T], Result]) -> list[Result]:
        """Write row after row, with the troubles that the test asked for."""
        self._count(len(rows), ROWS_AN_IMPORT)
        sending = Sending(self.faults, call, self.before_send, ROWS_AN_IMPORT)
        results = sending.send(rows, write)
        self.write_fault = sending.write_fault
        return results

    def _create(self, row: dict[str, Value], unique: str, holders: dict[str, str]) -> Result:
        if lost := unsendable(row, None):
            return lost
        self._check_writable(row)
        key = row.get(unique)
        if not isinstance(key, str) or not key:
            return Result(
                refusal=Refusal(
                    "NO_KEY", "A contact without a Salesforce ID cannot be created.", Cause.LASTING
                )
            )
        refusal = self.faults.refusal(None, row) or self.people.refusal(row)
        if refusal:
            return Result(refusal=refusal)
        existing = holders.get(key)
        holders[key] = record_id = existing or self.people.new_id()
        # An empty cell of a creation is skipped: it never blanks a contact that turns out to exist.
        self._save("create", record_id, {slug: value for slug, value in row.items() if value is not None})
        return Result(id=record_id, created=existing is None, existing=existing is not None)

    def _held_back(
        self, element_id: str, values: dict[str, Value], believed_empty: Mapping[str, Collection[str]]
    ) -> Result | None:
        row = None if element_id in self.faults.hidden else self.people.rows.get(element_id)
        held = {key: self.people.value(row, key) for key in values} if row else {}
        if not any(held.get(key) is not None for key in believed_empty.get(element_id, ())):
            return None
        return Result(element_id, held_back=True, record=Record(element_id, held))

    def _update(self, element_id: str, values: dict[str, Value], asked: set[str]) -> Result:
        """Update a contact; where it is refused for some of the columns, once more without them."""
        result = self._update_once(element_id, values, asked)
        rest = rest_of(values, result.refusal)
        if not rest:
            return result
        again = self._update_once(element_id, rest, asked)
        return again if again.refusal else replace(again, left_out=result.refusal)

    def _update_once(self, element_id: str, values: dict[str, Value], asked: set[str]) -> Result:
        if lost := unsendable(values, element_id):
            return lost
        self._check_writable(values)
        if element_id not in self.people.rows or element_id in self.faults.hidden:
            return Result(
                element_id,
                Refusal("GONE", "This contact no longer exists in Element451.", Cause.LASTING),
                deleted=True,
            )
        refusal = self.faults.refusal(element_id, values) or self.people.refusal(values)
        if refusal:
            return Result(element_id, refusal)
        held = self.people.rows[element_id].values
        before: dict[str, Value] | None = None
        if asked:
            before = {key: held.get(key) for key in values if key in asked and is_whole(held.get(key))}
        self._save("update", element_id, values)
        return Result(element_id, before=before)

    def _save(self, action: str, record_id: str, values: dict[str, Value]) -> None:
        self.people.save(Kind.CONTACT, record_id, values)
        self.journal.append(Entry(System.ELEMENT451, action, record_id, dict(values)))


def _listed(records: Sequence[Record]) -> list[Record]:
    """Records that a search named, as the real adapter marks those that it cannot read."""
    return [replace(one, listed=True) if one.state is RecordState.ABSENT else one for one in records]
