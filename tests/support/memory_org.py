"""An org in memory, as people use it: records, open transactions, the recycle bin, merging, and validation of
every save."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from syncer.connectors.errors import Refusal
from syncer.core.fields import Entity, Field
from syncer.core.records import RecordState, Value
from syncer.core.values import stored
from tests.support.memory_common import Clock, Faults, NotPossible, normal
from tests.support.memory_rows import invalid, long_id, missing, not_writable, refused, salesforce_id

DERIVED = frozenset(
    {"Id", "SystemModstamp", "LastModifiedDate", "CreatedDate", "IsDeleted", "MasterRecordId"}
)


@dataclass(slots=True)
class Row:
    """One record of the org."""

    entity: str
    id: str
    values: dict[str, Value]
    created: datetime
    stamp: datetime
    state: RecordState = RecordState.LIVE
    master: str | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction of a person that readers don't see yet (contracts/salesforce.md A5.2, commit lag)."""

    stamp: datetime
    until: datetime
    ids: tuple[str, ...]
    commit: Callable[[], None]


@dataclass
class Org:
    """The org's records. ``entities_by_name`` is its catalogue, ``open`` the transactions that readers don't
    see yet. A save that the org's validation refuses raises `NotPossible`, as does anything that its pages
    would not offer."""

    entities_by_name: dict[str, Entity]
    clock: Clock
    faults: Faults
    rows: dict[str, Row] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _unique: dict[tuple[str, str, str], str] = field(default_factory=dict)
    open: list[Transaction] = field(default_factory=list)
    purged: set[str] = field(default_factory=set)

    def create(self, entity: str, values: Mapping[str, Value]) -> str:
        """A person creates a record; its new Salesforce ID. Raises `NotPossible` where the org's own
        validation does."""
        kind = self.entities_by_name[entity]
        kept = self._checked(kind, None, values)
        new, stamp = self.new_id(kind), self.clock.stamp
        self._transaction((new,), lambda: self.insert(kind, new, kept, stamp))
        return new

    def edit(self, record_id: str, values: Mapping[str, Value]) -> None:
        """A person edits a record."""
        row = self._live(record_id)
        kind, stamp = self.entities_by_name[row.entity], self.clock.stamp
        kept = self._checked(kind, row.id, values)
        self._transaction((row.id,), lambda: self.update(row, kept, stamp))

    def delete(self, record_id: str) -> None:
        """A person moves a record to the recycle bin."""
        row, stamp = self._live(record_id), self.clock.stamp
        self._transaction((row.id,), lambda: self._move(row, RecordState.DELETED, None, stamp))

    def undelete(self, record_id: str) -> None:
        """A person takes a record out of the recycle bin, a merged one too."""
        row, stamp = self.rows[record_id], self.clock.stamp
        if row.state is RecordState.LIVE:
            raise NotPossible("The record is not in the recycle bin.")
        if self.duplicate(self.entities_by_name[row.entity], row.values, row.id):
            raise NotPossible("Another record has the same unique value.")
        self._transaction((row.id,), lambda: self._move(row, RecordState.LIVE, None, stamp))

    def merge(self, winner_id: str, *loser_ids: str) -> None:
        """A person merges up to two records into ``winner_id``, whose values stay. Lookups to the losers move
        to it, with no new stamp."""
        if "MasterRecordId" not in self.entities_by_name[self.rows[winner_id].entity].fields:
            raise NotPossible("Records of this object cannot be merged.")
        winner, losers, stamp = (
            self._live(winner_id),
            [self._live(loser) for loser in loser_ids],
            self.clock.stamp,
        )

        def commit() -> None:
            for loser in losers:
                self._move(loser, RecordState.MERGED, winner.id, stamp)
            for row in self.rows.values():
                row.values.update(
                    {
                        key: winner.id
                        for key, value in row.values.items()
                        if value in loser_ids and self._is_lookup(row, key)
                    }
                )
            self.update(winner, {}, stamp)

        self._transaction((winner.id, *loser_ids), commit)

    def purge(self, record_id: str) -> None:
        """The recycle bin forgets a record."""
        if self.rows[record_id].state is RecordState.LIVE:
            raise NotPossible("The record is not in the recycle bin.")
        self.purged.add(record_id)
        del self.rows[record_id]

    def values(self, record_id: str) -> dict[str, Value]:
        """What the record holds, by API name, empty fields left out."""
        return {key: value for key, value in self.rows[record_id].values.items() if value is not None}

    def live(self, entity: str) -> list[str]:
        """The IDs of the object's live records, oldest first."""
        return [
            row.id for row in self.rows.values() if row.entity == entity and row.state is RecordState.LIVE
        ]

    # --- saving

    def settle(self, ids: tuple[str, ...] = ()) -> None:
        """Make visible what is due, and what touches ``ids``: a second transaction on a record waits for the
        first one's commit."""
        for transaction in list(self.open):
            if transaction.until <= self.clock.now or not set(ids).isdisjoint(transaction.ids):
                self.open.remove(transaction)
                transaction.commit()

    def locked(self, record_id: str) -> bool:
        """Whether somebody's open transaction holds the record."""
        return any(record_id in transaction.ids for transaction in self.open)

    def new_id(self, entity: Entity) -> str:
        """The Salesforce ID of the next record."""
        return salesforce_id(entity.key_prefix or "a01", next(self._numbers))

    def refusal(self, entity: Entity, values: Mapping[str, Value], record_id: str | None) -> Refusal | None:
        """Why the org does not save ``values`` in the record (in a new one when None), uniqueness left
        out."""
        creating = record_id is None
        found = not_writable(entity, values, creating=creating) or (
            missing(entity, values) if creating else None
        )
        for key, value in values.items():
            found = (
                found or invalid(entity.fields[key], value) or self._lost_lookup(entity.fields[key], value)
            )
        return found

    def duplicate(
        self, entity: Entity, values: Mapping[str, Value], record_id: str | None
    ) -> tuple[Field, str] | None:
        """The unique field, and the other live record that has its value already."""
        for key in values:
            described = entity.fields[key]
            holder = self.holder(entity, described, values[key]) if described.unique else None
            if holder and holder != record_id:
                return described, holder
        return None

    def holder(self, entity: Entity, field: Field, value: Value) -> str | None:
        """The live record whose unique ``field`` has ``value``."""
        wanted = folded(field, value)
        row = self.rows.get(self._unique.get((entity.name, field.key, wanted), "")) if wanted else None
        held = (
            row is not None
            and row.state is RecordState.LIVE
            and folded(field, row.values.get(field.key)) == wanted
        )
        return row.id if row and held else None

    def insert(self, entity: Entity, record_id: str, values: Mapping[str, Value], stamp: datetime) -> None:
        """Save a new record."""
        self.rows[record_id] = row = Row(entity.name, record_id, {}, stamp, stamp)
        flags = {
            key: False
            for key, described in entity.fields.items()
            if described.type_name == "boolean" and key not in DERIVED
        }
        self.update(row, {**flags, **values}, stamp)

    def update(self, row: Row, values: Mapping[str, Value], stamp: datetime) -> None:
        """Save values as Salesforce stores them, then let the trigger have its say."""
        fields = self.entities_by_name[row.entity].fields
        row.values.update({key: _kept(fields[key], value) for key, value in values.items()})
        if self.faults.trigger:
            row.values.update(
                {
                    key: _kept(fields[key], value)
                    for key, value in self.faults.trigger(dict(row.values)).items()
                }
            )
        row.stamp = max(row.stamp, stamp)
        self._register(row)

    def _register(self, row: Row) -> None:
        for key, described in self.entities_by_name[row.entity].fields.items():
            if described.unique and row.values.get(key) is not None:
                self._unique[(row.entity, key, folded(described, row.values[key]))] = row.id

    def _move(self, row: Row, state: RecordState, master: str | None, stamp: datetime) -> None:
        row.state, row.master, row.stamp = state, master, max(row.stamp, stamp)
        if state is RecordState.LIVE:
            self._register(row)

    def _checked(self, kind: Entity, record_id: str | None, values: Mapping[str, Value]) -> dict[str, Value]:
        kept = {key: normal(kind.fields[key], value) for key, value in values.items()}
        refusal = self.refusal(kind, kept, record_id)
        if refusal or self.duplicate(kind, kept, record_id):
            raise NotPossible(refusal.detail if refusal else "Another record has the same unique value.")
        return kept

    def _live(self, record_id: str) -> Row:
        self.settle((record_id,))
        row = self.rows.get(record_id)
        if row is None or row.state is not RecordState.LIVE:
            raise NotPossible("The record does not exist, or is in the recycle bin.")
        return row

    def _lost_lookup(self, field: Field, value: Value) -> Refusal | None:
        if field.type_name != "reference" or value is None:
            return None
        if not isinstance(value, str) or not value.isalnum() or len(value) not in {15, 18}:
            return refused("MALFORMED_ID", f"{field.label}: id value of incorrect type: {value}", field.key)
        target = self.rows.get(long_id(value))
        known = any(name in self.entities_by_name for name in field.refers_to)
        if known and (target is None or target.entity not in field.refers_to):
            return refused("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", field.key)
        return (
            refused("ENTITY_IS_DELETED", "entity is deleted", field.key)
            if target and target.state is not RecordState.LIVE
            else None
        )

    def _is_lookup(self, row: Row, key: str) -> bool:
        return self.entities_by_name[row.entity].fields[key].type_name == "reference"

    def _transaction(self, ids: tuple[str, ...], commit: Callable[[], None]) -> None:
        self.settle(ids)
        if self.faults.delay:
            self.open.append(Transaction(self.clock.stamp, self.clock.now + self.faults.delay, ids, commit))
        else:
            commit()


def folded(field: Field, value: Value) -> str:
    """A value as Salesforce compares it: text without regard to case, an ID by its 18 characters."""
    text = "" if value is None else str(value).strip()
    return (
        (long_id(text) if len(text) in {15, 18} else text)
        if field.type_name in {"id", "reference"}
        else text.casefold()
    )


def _kept(field: Field, value: Value) -> Value:
    meant = normal(field, value)
    if isinstance(meant, str):
        text = meant.strip()  # line ends stay as they are
        return long_id(text) if field.type_name == "reference" else text or None
    return stored(field, meant)
