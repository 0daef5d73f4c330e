"""A system that answers wrongly: what reading brings may lack rows, pages or a column, clocks are off,
records are hidden, writes are refused, and connections end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syncer.connectors.errors import Fault, Refusal, Result, Unreachable, refused
from syncer.connectors.protocol import Connector, Page, Write
from syncer.core.error_codes.entry import Cause
from syncer.core.fields import Field
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.records import Record, RecordState, System, Value


@dataclass(slots=True)
class Lies:
    """What one system gets wrong while a run goes on; nothing at first.

    ``lost``: ids that a reading of changes leaves out. ``pages``: after how many pages it ends as if it were
    done. ``empty``: a field that comes back empty in every record, read again or not. ``slip``: an id and a
    field of it that comes back empty in the changes alone. ``off``: by how much the clock is wrong.
    ``hidden``: ids that nothing shows and no update finds. ``refused``: ids whose updates are refused for the
    moment. ``cut``: calls, by number from 1, at which the connection ends before anything is done, and
    ``unanswered`` those whose reply is lost.
    """

    lost: set[str] = field(default_factory=set)
    pages: int | None = None
    empty: str | None = None
    slip: tuple[str, str] | None = None
    off: timedelta = timedelta(0)
    hidden: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    cut: set[int] = field(default_factory=set)
    unanswered: set[int] = field(default_factory=set)


class LyingConnector:
    """A `Connector` that passes on what ``real`` does, but for its ``lies``, which a test changes at will."""

    def __init__(self, real: Connector, lies: Lies) -> None:
        self._real, self._lies = real, lies
        self._asked = 0
        self._fault: Fault | None = None

    @property
    def system(self) -> System:
        return self._real.system

    @property
    def calls(self) -> int:
        return self._real.calls

    @property
    def skipped(self) -> int:
        return self._real.skipped

    @property
    def usage(self) -> tuple[int, int] | None:
        return self._real.usage

    @property
    def read_size(self) -> int:
        return self._real.read_size

    @property
    def write_fault(self) -> Fault | None:
        return self._fault or self._real.write_fault

    def changed(self, mapping: FieldMapping, since: datetime | None, cursor: str | None) -> Iterator[Page]:
        for number, page in enumerate(self._real.changed(mapping, since, cursor), 1):
            self._call()
            left = [record for record in page.records if record.id not in self._lies.lost]
            yield replace(
                page,
                records=[self._slipped(record) for record in self._seen(left)],
                server_time=page.server_time + self._lies.off,
            )
            if self._lies.pages is not None and number >= self._lies.pages:
                return

    def complete_until(self, mapping: FieldMapping, until: datetime) -> datetime:
        self._call()
        return self._real.complete_until(mapping, until)

    def members(self, segment: str) -> Iterator[list[str]]:
        return self._real.members(segment)

    def names(self, mapping: FieldMapping) -> Iterator[list[Record]]:
        for page in self._real.names(mapping):
            self._call()
            yield self._seen(page)

    def read(self, mapping: FieldMapping, ids: Sequence[str]) -> list[Record]:
        self._call()
        found = self._real.read(mapping, ids)
        shown = {record.id: record for record in self._seen(found)}
        return [shown.get(record.id, Record(record.id, {}, RecordState.ABSENT)) for record in found]

    def find(self, mapping: FieldMapping, field: Field, values: Sequence[str]) -> list[Record]:
        self._call()
        return self._seen(self._real.find(mapping, field, values))

    def find_alike(self, mapping: FieldMapping, matched: MappedField, value: str) -> list[Record]:
        self._call()
        return self._seen(self._real.find_alike(mapping, matched, value))

    def write(self, mapping: FieldMapping, writes: Sequence[Write]) -> list[Result]:
        self._fault = None
        number = self._call()
        refusals = {at: refusal for at, write in enumerate(writes) if (refusal := self._refusal(write))}
        sent = [write for at, write in enumerate(writes) if at not in refusals]
        done = iter(self._real.write(mapping, sent) if sent else [])
        if number in self._lies.unanswered:
            self._fault = self._unreachable()
            return [Result(write.id, _passing(self._fault)) for write in writes]
        return [refusals[at] if at in refusals else next(done) for at in range(len(writes))]

    # --- inside

    def _call(self) -> int:
        self._asked += 1
        if self._asked in self._lies.cut:
            raise self._unreachable()
        return self._asked

    def _unreachable(self) -> Unreachable:
        return Unreachable(self.system, f"{self.system.label} could not be reached.", code="NETWORK")

    def _seen(self, records: Sequence[Record]) -> list[Record]:
        return [
            self._without(record, self._lies.empty) if self._lies.empty else record
            for record in records
            if record.id not in self._lies.hidden
        ]

    def _slipped(self, record: Record) -> Record:
        slip = self._lies.slip
        return self._without(record, slip[1]) if slip and slip[0] == record.id else record

    def _without(self, record: Record, key: str) -> Record:
        if key not in record.values:
            return record
        values: dict[str, Value] = {**record.values, key: None}
        return replace(record, values=values)

    def _refusal(self, write: Write) -> Result | None:
        if write.id in self._lies.hidden:
            gone = "INVALID_CROSS_REFERENCE_KEY" if self.system is System.SALESFORCE else "GONE"
            return Result(write.id, refused(gone), deleted=True)
        if write.id in self._lies.refused:
            return Result(write.id, Refusal("UNABLE_TO_LOCK_ROW", "Locked.", Cause.PASSING))
        return None


def _passing(fault: Fault) -> Refusal:
    return Refusal(fault.code, fault.sentence, Cause.PASSING, fault.detail)
