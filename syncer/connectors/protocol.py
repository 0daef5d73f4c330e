"""What the sync engine asks of a system: one `Connector` for both, in terms of a mapping.

Beneath it are the two systems' own interfaces, `Salesforce` and `Element451`: the HTTP clients and the tests'
in-memory systems both pass tests/conformance.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from syncer.connectors.errors import Fault, Result
from syncer.core.fields import Entity, Field
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.matching.conditions import Condition
from syncer.core.records import Kind, Record, System, Value
from syncer.core.values import is_whole


@dataclass(frozen=True, slots=True)
class Page:
    """Some changed records. ``cursor`` is where to go on (opaque text); ``server_time`` is the system's clock
    when this reading began."""

    records: list[Record]
    cursor: str
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Write:
    """One record to write, by the system's own field keys. ``update`` needs ``id``; ``upsert`` (Salesforce)
    carries its external id among the values; ``account`` (Salesforce) orders writes to avoid lock errors.
    ``just_read``: the caller knows what it overwrites, so that this is not read again for it.
    ``believed_empty``: fields that are written empty since they are believed to be. Where an update's target
    is read right before it and holds a value there, the record is left as it is (`Result.held_back`)."""

    action: Literal["insert", "update", "upsert"]
    values: dict[str, Value]
    id: str | None = None
    account: str | None = None
    just_read: bool = False
    believed_empty: frozenset[str] = frozenset()

    @property
    def sendable(self) -> bool:
        """Whether all its values can be encoded; else it is refused alone (`DAMAGED_TEXT`)."""
        return all(map(is_whole, self.values.values()))


class Connector(Protocol):
    """One system, as the sync engine works with it. A call that fails as a whole raises a `Fault`; single
    records answer with a `Result`."""

    @property
    def system(self) -> System:
        """Which of the two it is."""

    @property
    def calls(self) -> int:
        """Calls sent so far, repeated ones too; sign-in calls left out."""

    @property
    def skipped(self) -> int:
        """How many rows of replies named no record so far (null, or without an id), and were left out."""

    @property
    def usage(self) -> tuple[int, int] | None:
        """Calls of the last 24 hours, of all clients, and the limit; None where the system does not say."""

    @property
    def read_size(self) -> int:
        """How many ids `read` asks for in one call."""

    @property
    def write_fault(self) -> Fault | None:
        """What ended the last `write` before everything was sent; what was left over has passing refusals
        with its code."""

    def changed(self, mapping: FieldMapping, since: datetime | None, cursor: str | None) -> Iterator[Page]:
        """Records changed at ``since`` or later (all when None), deleted and merged ones too, with their
        mapped fields. Where all is read, those may be left out that the mapping's filter does not let in
        (`FieldMapping.narrowed`). With ``cursor`` (of an earlier page with the same ``since``) it goes on
        behind that page. One empty page, for the time, when nothing changed. ``since`` is used as given: the
        overlap is the caller's.
        """

    def complete_until(self, mapping: FieldMapping, until: datetime) -> datetime:
        """Up to when the changes that can be seen are complete; at most ``until``."""

    def names(self, mapping: FieldMapping) -> Iterator[list[Record]]:
        """Every live contact of Element451 with its names and e-mail, as far as they are mapped, some
        thousand a call. Salesforce has nothing like it: it is read whole at the same cost."""

    def members(self, segment: str) -> Iterator[list[str]]:
        """The ids of everybody in a segment of Element451, by its GUID, some thousand a call, in their order.
        Raises `FieldRefused` where there is no such segment. Salesforce has none."""

    def read(self, mapping: FieldMapping, ids: Sequence[str]) -> list[Record]:
        """One record for each of these ids, deleted and merged ones too. One that does not come is
        `RecordState.GONE` where the system says that it was deleted, else `RecordState.ABSENT` (rule 9). Left
        out is what a reply with rows without ids leaves unclear."""

    def find(self, mapping: FieldMapping, field: Field, values: Sequence[str]) -> list[Record]:
        """The records whose ``field`` is one of ``values``; many at a time."""

    def find_alike(self, mapping: FieldMapping, matched: MappedField, value: str) -> list[Record]:
        """The records that hold this text in a match field, whatever its case and outer blanks (rule 7)."""

    def write(self, mapping: FieldMapping, writes: Sequence[Write]) -> list[Result]:
        """Send the writes, in batches and several batches at once; one result for each, in order. The result
        of a creation carries the record as the system then holds it, where it could be read back; that of an
        update what was overwritten (rule 16)."""


class Salesforce(Protocol):
    """A Salesforce org. Raises `Fault`s for calls that fail as a whole; single records answer with a
    `Result`."""

    @property
    def calls(self) -> int:
        """Calls sent so far, sign-in calls left out."""

    @property
    def skipped(self) -> int:
        """See `Connector.skipped`."""

    @property
    def usage(self) -> tuple[int, int] | None:
        """Calls of the last 24 hours, of all clients, and the org's limit; None before it said so."""

    @property
    def write_fault(self) -> Fault | None:
        """What ended the last writing before everything was sent; the rows left over have passing refusals
        with its code."""

    def entities(self) -> list[tuple[str, str]]:
        """(API name, label) of every object that can be queried, created and updated."""

    def describe(self, entity: str) -> Entity:
        """The object with its fields, read now."""

    def changed(
        self,
        entity: Entity,
        fields: Sequence[Field],
        since: datetime | None,
        cursor: str | None,
        only: Sequence[Condition] = (),
    ) -> Iterator[Page]:
        """Records whose SystemModstamp is ``since`` or later (all when None), deleted and merged ones too,
        ordered by (SystemModstamp, Id). With ``cursor`` (of an earlier page with the same ``since``) it goes
        on after that page. One empty page, for the time, when nothing changed. ``since`` is used as given:
        the overlap is the caller's. Those that do not meet the conditions ``only`` may be left out."""

    def complete_until(self, entity: Entity, until: datetime) -> datetime:
        """Up to when the changes that are visible are complete (getUpdated's latestDateCovered,
        contracts/salesforce.md A5.1); at most ``until``."""

    def read(self, entity: Entity, ids: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        """The records with these ids, deleted and merged ones too, in any order; those that do not exist, or
        are hidden from the connected user, are left out."""

    def deleted(self, entity: Entity) -> frozenset[str]:
        """The ids of records that were deleted in the last days, those included that have left the recycle
        bin (getDeleted, contracts/salesforce.md A5.1). Empty where Salesforce does not say."""

    def find(
        self, entity: Entity, field: Field, values: Sequence[str], fields: Sequence[Field]
    ) -> list[Record]:
        """Records, deleted ones too, whose ``field`` is one of ``values``; many at a time."""

    def write(self, entity: Entity, writes: Sequence[Write], external_id: str | None = None) -> list[Result]:
        """Send the writes, in batches and several batches at once; one result for each, in order, those of
        updates with what was overwritten. ``external_id`` is the unique field that holds the Element ID (or
        conversation ID): the key of upserts, and what a refused creation is recognised by."""


class Element451(Protocol):
    """An Element451 account. Raises `Fault`s for calls that fail as a whole; single records answer with a
    `Result`."""

    @property
    def read_size(self) -> int:
        """See `Connector.read_size`."""

    @property
    def calls(self) -> int:
        """Calls sent so far."""

    @property
    def skipped(self) -> int:
        """See `Connector.skipped`."""

    @property
    def write_fault(self) -> Fault | None:
        """What ended the last writing before everything was sent; the rows left over have passing refusals
        with its code."""

    def catalogue(self) -> list[Field]:
        """Every field of contacts and conversations, read now."""

    def changed(
        self, kind: Kind, fields: Sequence[Field], since: datetime | None, cursor: str | None
    ) -> Iterator[Page]:
        """Records updated at ``since`` or later (all when None), ordered by their ids; a contact that
        is listed and cannot be read comes as `RecordState.ABSENT`. With ``cursor`` (of an earlier page with
        the same ``since``) it continues after that page. One empty page, for the time, when nothing changed.
        ``since`` is used as given: the overlap is the caller's."""

    def names(self, fields: Sequence[Field]) -> Iterator[list[Record]]:
        """Every contact with those of these fields that a search gives along (names and e-mail), some
        thousand a call."""

    def members(self, segment: str) -> Iterator[list[str]]:
        """See `Connector.members`."""

    def read(self, kind: Kind, ids: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        """The records with these ids, in any order. One that is missing is asked for a second time and then
        comes as `RecordState.ABSENT`; it is left out where rows without ids came."""

    def find(self, field: Field, values: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        """Contacts whose ``field`` equals one of ``values``; many at a time."""

    def find_alike(self, field: Field, value: str, fields: Sequence[Field]) -> list[Record]:
        """Contacts whose ``field`` has this text, whatever its case and outer blanks (what match fields
        compare, rule 7)."""

    def create(self, rows: Sequence[dict[str, Value]], unique: str, fields: Sequence[Field]) -> list[Result]:
        """Create contacts; ``unique`` is the Salesforce ID slug, by which a repeated creation finds the first
        one. Each result carries the contact as read back, with ``fields``."""

    def update(
        self,
        rows: Sequence[tuple[str, dict[str, Value]]],
        fields: Sequence[Field] = (),
        believed_empty: Mapping[str, Collection[str]] | None = None,
    ) -> list[Result]:
        """Update contacts by Element ID; empty values overwrite. A contact that is gone answers with
        ``deleted``. What the rows overwrite is read right before, as far as it is among ``fields``. A contact
        that then holds a value in one of its fields in ``believed_empty`` is held back."""
