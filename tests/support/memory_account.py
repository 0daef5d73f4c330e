"""An Element451 account in memory, as people use it: contacts and conversations, deleted and merged ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from syncer.connectors.errors import Refusal
from syncer.core.error_codes.entry import Cause
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field
from syncer.core.records import Kind, Value
from tests.support.memory_common import Clock, Faults, NotPossible, normal

PERSON = "conversation-user-elementid"
DERIVED = {
    Kind.CONTACT: ("user-elementid", "user-updated-at"),
    Kind.CONVERSATION: ("conversation-id", "conversation-updated-at"),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})")


@dataclass(slots=True)
class Row:
    """One contact or conversation. ``known`` is when searches begin to see it, ``indexed`` when they see its
    last change."""

    kind: Kind
    id: str
    values: dict[str, Value]
    stamp: datetime
    known: datetime
    indexed: datetime


@dataclass
class Account:
    """The account's records by id, ``fields`` its catalogue by slug, ``segments`` who is in
    which. What its pages would not offer raises
    `NotPossible`."""

    fields: dict[str, Field]
    clock: Clock
    faults: Faults
    rows: dict[str, Row] = field(default_factory=dict)
    deleted: dict[str, Row] = field(default_factory=dict)
    segments: dict[str, set[str]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def create(self, kind: Kind, values: Mapping[str, Value]) -> str:
        """A person creates a contact, or somebody starts a conversation; its new id."""
        record_id = self.new_id()
        self.save(kind, record_id, values)
        return record_id

    def edit(self, record_id: str, values: Mapping[str, Value]) -> None:
        """A person edits a record, or a message changes a conversation."""
        self.save(self._live(record_id).kind, record_id, values)

    def delete(self, record_id: str) -> None:
        """A person deletes a record. Element451 tells nobody."""
        self.deleted[record_id] = self._live(record_id)
        del self.rows[record_id]

    def undelete(self, record_id: str) -> None:
        """The record comes back with the same id."""
        if record_id not in self.deleted:
            raise NotPossible("The record was not deleted.")
        row = self.deleted.pop(record_id)
        self.rows[record_id] = row
        self.save(row.kind, record_id, {})

    def merge(self, master_id: str, other_id: str) -> None:
        """A person merges two contacts: the master's Element ID and values stay, but that it takes over the
        other one's Salesforce ID where it has none (any unique value, that is); the other one is deleted, its
        conversations go to the master."""
        master, other = self._live(master_id), self._live(other_id)
        filling = {
            key: value
            for key, value in other.values.items()
            if self.fields[key].unique and master.values.get(key) is None
        }
        self.delete(other_id)
        self.save(master.kind, master_id, filling)
        for row in [row for row in self.rows.values() if row.values.get(PERSON) == other_id]:
            self.save(row.kind, row.id, {PERSON: master_id})

    def values(self, record_id: str) -> dict[str, Value]:
        """What the record holds, by slug, empty fields left out."""
        return {key: value for key, value in self.rows[record_id].values.items() if value is not None}

    def live(self, kind: Kind) -> list[str]:
        """The ids of the kind's records, in order."""
        return sorted(row.id for row in self.rows.values() if row.kind is kind)

    def new_id(self) -> str:
        """The id of the next record: 24 hexadecimal digits that do not grow with time, as ids of the real
        system need not."""
        number = next(self._numbers)
        return f"{number * 2654435761 % 2**32:08x}{number:016x}"

    def save(self, kind: Kind, record_id: str, values: Mapping[str, Value]) -> None:
        """Keep the values as they read after a journey over the wire, then let the trigger have its say."""
        now, seen = self.clock.stamp, self.clock.now + self.faults.delay
        row = self.rows.setdefault(record_id, Row(kind, record_id, {}, now, seen, seen))
        row.values.update({key: normal(self.fields[key], value) for key, value in values.items()})
        if self.faults.trigger:
            changed = self.faults.trigger(dict(row.values))
            row.values.update({key: normal(self.fields[key], value) for key, value in changed.items()})
        row.stamp, row.indexed = now, seen

    def value(self, row: Row, key: str) -> Value:
        """One value of a record, its id and stamp too."""
        id_slug, stamp_slug = DERIVED[row.kind]
        return (
            row.id if key == id_slug else row.stamp.isoformat() if key == stamp_slug else row.values.get(key)
        )

    def refusal(self, values: Mapping[str, Value]) -> Refusal | None:
        """Why an import does not store ``values``: a warning about the row, in Element451's way."""
        for key, value in values.items():
            wrong = _wrong(self.fields[key], value)
            if wrong:
                return Refusal(
                    "IMPORT_WARNING",
                    f"Element451 refused this contact: {key}: {wrong}",
                    Cause.LASTING,
                    wrong,
                    (key,),
                )
        return None

    def _live(self, record_id: str) -> Row:
        if record_id not in self.rows:
            raise NotPossible("The record does not exist.")
        return self.rows[record_id]


def _wrong(field: Field, value: Value) -> str | None:
    """What is wrong with one value of an import, if anything."""
    if value is None:
        return None
    if field.type_name == "boolean":
        return None if isinstance(value, bool) else "is not true or false"
    if field.family is Family.NUMBER:
        return None if isinstance(value, int | float) and not isinstance(value, bool) else "is not a number"
    if field.family is Family.SEVERAL:
        chosen, allowed = (
            value if isinstance(value, list) else [value],
            {option for option, _ in field.options},
        )
        return (
            "is not one of the options" if field.restricted and not set(map(str, chosen)) <= allowed else None
        )
    if not isinstance(value, str):
        return "is not text"
    if field.type_name == "date":
        return None if _DAY.fullmatch(value) else "is not a date"
    if field.type_name == "datetime":
        return None if _MOMENT.fullmatch(value) else "is not a date and time"
    return (
        "is not one of the options"
        if field.restricted and value not in {option for option, _ in field.options}
        else None
    )
