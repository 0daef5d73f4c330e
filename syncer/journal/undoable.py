"""What is to be undone, and the log entries that it is about (rule 21)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from more_itertools import chunked
from sqlalchemy import ColumnElement, Connection, Engine, Select, select, tuple_

from syncer.core.plan import Status
from syncer.core.records import Kind
from syncer.core.trust.written import Written, written_by
from syncer.journal import log_queries
from syncer.journal.log import ENTRIES
from syncer.journal.log_queries import LogFilter
from syncer.journal.run_state import Trigger
from syncer.journal.runs import RUNS

CHUNK = 500
LOOKED_AT = 1000
"""Log entries of one record that are looked through at most for its last write."""
_DID_SOMETHING = (Status.INSERTED, Status.UPDATED, Status.UPSERTED, Status.DEACTIVATED, Status.FAILED)
_READ = [
    ENTRIES.c[name]
    for name in (
        "id",
        "run",
        "version",
        "time",
        "kind",
        "entity",
        "direction",
        "status",
        "element_id",
        "salesforce_id",
        "changes",
    )
]
Entry = Mapping[str, Any]
"""A row of the table of entries."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """What is undone: a ``run``, an ``entry`` (``run`` then says of which), or the runs of a ``version``; of
    these all fields, or the one that ``field`` names, by its slug or API name."""

    run: int | None = None
    version: int | None = None
    entry: int | None = None
    field: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the run that does it, and printed."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def __str__(self) -> str:
        """As people are told."""
        what = f"entry {self.entry}" if self.entry is not None else f"version {self.version}"
        what = f"run {self.run}" if self.entry is None and self.run is not None else what
        return f"{what}, {self.field}" if self.field else what

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The other way round."""
        return cls(**document)

    def concerns(self, one: Written) -> bool:
        """Whether a written value is of the field that is meant."""
        return self.field in (None, one.change.element451, one.change.salesforce)

    def pages(self, engine: Engine, kind: Kind, size: int) -> Iterator[list[Entry]]:
        """The entries of this kind that did something, newest first in each run, ``size`` at a time."""
        if self.entry is not None:
            yield from _pages(engine, kind, ENTRIES.c.id == self.entry, size)
            return
        for run in [self.run] if self.run is not None else _runs_of(engine, self.version):
            yield from _pages(engine, kind, ENTRIES.c.run == run, size)

    def of_records(self, connection: Connection, kind: Kind, ids: Iterable[str]) -> dict[str, list[Entry]]:
        """All that is meant of these records' entries, by their ID in Element451, oldest first."""
        found: dict[str, list[Entry]] = {}
        for chunk in chunked(ids, CHUNK):
            query = _query(kind).where(ENTRIES.c.element_id.in_(chunk), self._meant())
            for row in connection.execute(query.order_by(ENTRIES.c.time, ENTRIES.c.id)).mappings():
                found.setdefault(row["element_id"], []).append(dict(row))
        return found

    def whole_undos(self, engine: Engine) -> list[int]:
        """The undos that are meant as a whole."""
        if self.field is not None or self.entry is not None:
            return []
        which = RUNS.c.id == self.run if self.run is not None else RUNS.c.version == self.version
        with engine.connect() as connection:
            undos = select(RUNS.c.id).where(which, RUNS.c.trigger == Trigger.UNDO)
            return list(connection.execute(undos).scalars())

    def oldest_run(self, engine: Engine) -> tuple[int, datetime] | None:
        """The first of the runs that are meant, and when it began; None where there is none."""
        which = RUNS.c.id == self.run if self.run is not None else RUNS.c.version == self.version
        with engine.connect() as connection:
            query = select(RUNS.c.id, RUNS.c.started_at).where(which).order_by(RUNS.c.id).limit(1)
            found = connection.execute(query).first()
        return (found.id, found.started_at) if found else None

    def _meant(self) -> ColumnElement[bool]:
        if self.entry is not None:
            return ENTRIES.c.id == self.entry
        # "+ 0" keeps SQLite, which has no statistics, from taking the index of runs for a few records.
        return ENTRIES.c.version == self.version if self.run is None else ENTRIES.c.run + 0 == self.run


def last_write(engine: Engine, record: str, field: str | None = None) -> int | None:
    """The newest entry that wrote anything to the record with this ID in either system, or to that field of
    it; None where none did."""
    asked = Undoing(field=field)
    for batch in log_queries.batches(engine, LogFilter(record=record), LOOKED_AT, 100):
        for entry in batch:
            if any(asked.concerns(one) for one in written_by(entry)):
                return int(entry["entry"])
    return None


def _pages(engine: Engine, kind: Kind, which: ColumnElement[bool], size: int) -> Iterator[list[Entry]]:
    query = _query(kind).where(which).order_by(ENTRIES.c.time.desc(), ENTRIES.c.id.desc()).limit(size)
    page: Select[Any] | None = query
    while page is not None and (rows := _read(engine, page)):
        before = tuple_(ENTRIES.c.time, ENTRIES.c.id) < tuple_(rows[-1]["time"], rows[-1]["id"])
        page = query.where(before) if len(rows) == size else None
        yield rows
        del rows  # before the next page is read


def _query(kind: Kind) -> Select[Any]:
    return select(*_READ).where(ENTRIES.c.kind == kind.value, ENTRIES.c.status.in_(_DID_SOMETHING))


def _read(engine: Engine, query: Select[Any]) -> list[Entry]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _runs_of(engine: Engine, version: int | None) -> Iterator[int]:
    """The runs under a version, newest first, a page at a time."""
    query = select(RUNS.c.id).where(RUNS.c.version == version).order_by(RUNS.c.id.desc()).limit(CHUNK)
    page = query
    while True:
        with engine.connect() as connection:
            numbers = connection.execute(page).scalars().all()
        yield from numbers
        if len(numbers) < CHUNK:
            return
        page = query.where(RUNS.c.id < numbers[-1])
