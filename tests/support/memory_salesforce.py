"""An org in memory: `syncer.connectors.protocol.Salesforce` without HTTP, as exact as the tests of the road
need it, and as fast."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from syncer.connectors.errors import Fault, FieldRefused, LimitReached, ReconnectNeeded, Refusal, Result
from syncer.connectors.protocol import Page, Write
from syncer.connectors.salesforce.reading.filtering import clause
from syncer.core.error_codes.entry import Cause
from syncer.core.fields import Entity, Field
from syncer.core.matching.conditions import Condition
from syncer.core.records import Record, RecordState, System, Value
from syncer.core.values import is_whole
from tests.support.memory_catalogue import salesforce_catalogue
from tests.support.memory_common import Clock, Entry, Faults, Sending, damage, nothing, rest_of, unsendable
from tests.support.memory_org import Org, Row, folded
from tests.support.memory_rows import long_id, refused


class MemorySalesforce:
    """See `syncer.connectors.protocol.Salesforce`.

    ``people`` is the org as people use it: `people.create(object, values)`, `edit`, `delete`, `undelete`,
    `merge`, `purge`, `values`, `live`. ``faults`` are the troubles asked for, ``journal`` holds every record
    written through the API, ``page_size`` is the number of records in a page of changes, ``before_send`` is
    called before each batch of writes. ``write_fault`` is the fault that stopped the last write, if one did:
    what had been sent has its results, the rest is refused as passing.
    """

    def __init__(
        self,
        entities: Mapping[str, Entity] | None = None,
        clock: Clock | None = None,
        *,
        page_size: int = 2000,
        before_send: Callable[[], None] = nothing,
    ) -> None:
        self.clock, self.faults = clock or Clock(), Faults(System.SALESFORCE)
        self.people = Org(dict(entities or salesforce_catalogue()), self.clock, self.faults)
        self.journal: list[Entry] = []
        self.page_size, self.before_send = page_size, before_send
        self.calls = self.skipped = 0
        self.write_fault: Fault | None = None
        self.usage: tuple[int, int] | None = None

    def entities(self) -> list[tuple[str, str]]:
        self._begin("entities")
        return [
            (e.name, e.label)
            for e in self.people.entities_by_name.values()
            if e.queryable and e.creatable and e.updatable
        ]

    def describe(self, entity: str) -> Entity:
        self._begin("describe")
        found = self.people.entities_by_name.get(entity)
        if found is None:
            raise FieldRefused(
                System.SALESFORCE, f"Salesforce does not know the object {entity}.", code="NOT_FOUND"
            )
        known = {key: described for key, described in found.fields.items() if key not in self.faults.unknown}
        return replace(found, fields=known, read_at=self.clock.now)

    def changed(
        self,
        entity: Entity,
        fields: Sequence[Field],
        since: datetime | None,
        cursor: str | None,
        only: Sequence[Condition] = (),
    ) -> Iterator[Page]:
        after, fault = self.faults.failure("changed")
        first, last, began = (
            since.replace(microsecond=0) if since else None,
            _position(cursor),
            self.clock.stamp + self.faults.date_off,
        )
        pages = count()
        while True:
            self._begin("")
            self._check(entity, fields)
            if fault and next(pages) >= after:
                raise fault
            rows = [
                row
                for row in ([] if self.faults.unlisted else self._of(entity))
                if (first is None or row.stamp >= first) and (last is None or (row.stamp, row.id) > last)
            ]
            asked = [one for one in only if clause(one)]
            rows = [row for row in rows if all(one.holds(self._value(row, one.field.key)) for one in asked)]
            rows.sort(key=lambda row: (row.stamp, row.id))
            page, more = rows[: self.page_size], len(rows) > self.page_size
            last = (page[-1].stamp, page[-1].id) if page else last
            text = f"{last[0].isoformat()} {last[1]}" if last else ""
            yield Page(self._records(page, fields), text, began)
            if not more:
                return

    def complete_until(self, entity: Entity, until: datetime) -> datetime:
        try:
            self._begin("covered")
        except (LimitReached, ReconnectNeeded):
            raise
        except Fault:  # it only bounds what was read
            return until - timedelta(hours=1)
        return min(
            [until.replace(second=0, microsecond=0), *(transaction.stamp for transaction in self.people.open)]
        )

    def read(self, entity: Entity, ids: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        self._begin("read", len(ids), 2000)
        self._check(entity, fields)
        found = (self.people.rows.get(wanted) for wanted in dict.fromkeys(map(long_id, ids)))
        seen = [
            row for row in found if row and row.entity == entity.name and row.id not in self.faults.hidden
        ]
        return [] if self.faults.reads_nothing else self._records(seen, fields)

    def deleted(self, entity: Entity) -> frozenset[str]:
        self._begin("deleted")
        binned = (row.id for row in self._of(entity) if row.state is not RecordState.LIVE)
        return frozenset({*binned, *self.people.purged}) - self.faults.hidden

    def find(
        self, entity: Entity, field: Field, values: Sequence[str], fields: Sequence[Field]
    ) -> list[Record]:
        if self.faults.before_find:
            self.faults.before_find()
        self._begin("find", len(values), 400)
        self._check(entity, [field, *fields])
        if not field.filterable:
            raise FieldRefused(
                System.SALESFORCE, f"Salesforce cannot search by {field.key}.", code="INVALID_FIELD"
            )
        wanted = {folded(field, value) for value in values} - {""}
        rows = (row for row in self._of(entity) if folded(field, self._value(row, field.key)) in wanted)
        return self._records(list(rows), fields)

    def write(self, entity: Entity, writes: Sequence[Write], external_id: str | None = None) -> list[Result]:
        self._begin("", len(writes), 1000)
        sending = Sending(self.faults, "write", self.before_send, 1000)
        results = sending.send(writes, lambda write: self._write(entity, write, external_id))
        self.write_fault = sending.write_fault
        return results

    # --- inside

    def _begin(self, call: str, size: int = 1, pack: int = 1) -> None:
        """Count the calls of one request, make due transactions visible, and fail if asked to."""
        self.calls += -(-size // pack)
        self.people.settle()
        fault = self.faults.failure(call)[1] if call else None
        if fault:
            raise fault

    def _of(self, entity: Entity) -> list[Row]:
        return [
            row
            for row in self.people.rows.values()
            if row.entity == entity.name and row.id not in self.faults.hidden
        ]

    def _check(self, entity: Entity, fields: Sequence[Field]) -> None:
        self.faults.check_known(
            self.people.entities_by_name[entity.name].fields, [asked.key for asked in fields]
        )

    def _records(self, rows: Sequence[Row], fields: Sequence[Field]) -> list[Record]:
        named = [row for row in rows if row.id not in self.faults.nameless]
        self.skipped += len(rows) - len(named)
        return [self._record(row, fields) for row in named]

    def _record(self, row: Row, fields: Sequence[Field]) -> Record:
        account = row.values.get("AccountId")
        values = {asked.key: self._value(row, asked.key) for asked in fields}
        damaged = damage(values)
        values = {key: value for key, value in values.items() if key not in damaged}
        account = account if isinstance(account, str) else None
        return Record(row.id, values, row.state, row.master, account, damaged)

    def _value(self, row: Row, key: str) -> Value:
        if key == "Id":
            return row.id
        if key in {"SystemModstamp", "LastModifiedDate", "CreatedDate"}:
            return (row.created if key == "CreatedDate" else row.stamp).isoformat()
        if key == "MasterRecordId":
            return row.master
        return row.state is not RecordState.LIVE if key == "IsDeleted" else row.values.get(key)

    def _write(self, entity: Entity, write: Write, external_id: str | None) -> Result:
        """Write a record; an update that is refused for some of its fields, once more without them."""
        result = self._write_once(entity, write, external_id)
        why = result.refusal
        fields = [entity.fields[key] for key in why.fields if key in entity.fields] if why else []
        spared = any(field.key == external_id or field.type_name == "reference" for field in fields)
        whole = why is not None and why.code in ("INVALID_FIELD", "JSON_PARSER_ERROR")
        rest = {} if spared or whole or write.action != "update" else rest_of(write.values, why)
        if not rest:
            return result
        again = self._write_once(entity, replace(write, values=rest), external_id)
        return again if again.refusal else replace(again, left_out=why)

    def _write_once(self, entity: Entity, write: Write, external_id: str | None) -> Result:
        if lost := unsendable(write.values, write.id):
            return lost
        entity = self.people.entities_by_name[entity.name]
        unknown = [key for key in write.values if key not in entity.fields or key in self.faults.unknown]
        if unknown:
            words = f"No such column '{unknown[0]}' on sobject of type {entity.name}"
            return Result(id=write.id, refusal=refused("INVALID_FIELD", words, *unknown))
        record_id = long_id(write.id) if write.id else None
        if write.action == "upsert":
            key = entity.fields[external_id or ""]
            if write.values.get(key.key) is None:
                return Result(refusal=refused("MISSING_ARGUMENT", f"{key.key} not specified"))
            record_id = self.people.holder(entity, key, write.values[key.key])
        row = self.people.rows.get(record_id or "")
        if write.action == "update" and record_id in self.faults.hidden:
            row = None
        if write.action == "update" and (row is None or row.state is not RecordState.LIVE):
            code, words = (
                ("ENTITY_IS_DELETED", "entity is deleted")
                if row
                else ("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
            )
            return Result(id=record_id, refusal=refused(code, words), deleted=True)
        if row and self.people.locked(row.id):
            words = "unable to obtain exclusive access to this record"
            return Result(
                row.id,
                Refusal("UNABLE_TO_LOCK_ROW", "Somebody else is changing this record.", Cause.PASSING, words),
            )
        refusal = self.faults.refusal(record_id, write.values) or self.people.refusal(
            entity, write.values, record_id
        )
        if refusal:
            return Result(id=record_id, refusal=refusal)
        twin = self.people.duplicate(entity, write.values, record_id)
        if twin:
            return _twin(*twin, record_id, ours=write.action == "insert" and twin[0].key == external_id)
        return self._save(entity, write, row)

    def _save(self, entity: Entity, write: Write, row: Row | None) -> Result:
        new = row is None
        record_id = row.id if row else self.people.new_id(entity)
        held = {key: self._value(row, key) for key in write.values} if row else {}
        before = {key: value for key, value in held.items() if is_whole(value)}
        if row:
            self.people.update(row, write.values, self.clock.stamp)
        else:
            self.people.insert(entity, record_id, write.values, self.clock.stamp)
        self.journal.append(Entry(System.SALESFORCE, write.action, record_id, dict(write.values)))
        return Result(id=record_id, created=new, before=before if write.action == "update" else None)


def _position(cursor: str | None) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    stamp, last = cursor.split(" ")
    return datetime.fromisoformat(stamp), last


def _twin(field: Field, holder: str, record_id: str | None, *, ours: bool) -> Result:
    """The result for a record that would have the same unique value as ``holder``."""
    words = f"duplicate value found: {field.key} duplicates value on record with id: {holder[:15]}"
    return Result(
        id=holder if ours else record_id, refusal=refused("DUPLICATE_VALUE", words, field.key), existing=ours
    )
