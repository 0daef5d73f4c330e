"""Step 1 of a run: what changed in each system goes into its pairs, page by page, and the watermark moves
(docs/architecture.md, "Incremental reading")."""

from collections.abc import Callable, Generator, Iterable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement

from syncer.core.records import NOT_GONE, Kind, Record, RecordState, System
from syncer.core.trust.clocks import reading_began
from syncer.core.trust.restraint import outside
from syncer.sync.context import SyncContext
from syncer.sync.pair_store import PAIRS, SIDES, to_pair
from syncer.sync.pull.absence import ask_again
from syncer.sync.pull.findings import Findings
from syncer.sync.pull.ingest import Ingester
from syncer.sync.pull.watermarks import Watermark

log = structlog.get_logger(__name__)

OVERLAP = timedelta(minutes=10)
"""How far a reading reaches back before the previous one: records become visible minutes after their stamp
(contracts/salesforce.md A5.2)."""
MISSING_PAGE = 1000


class Pull:
    """Reads both systems into the pairs of one kind. ``on_page`` is called with the number of records of each
    page, before that page is committed; what it raises ends the reading."""

    def __init__(self, context: SyncContext, kind: Kind, on_page: Callable[[int], None]) -> None:
        self.context, self.kind, self.on_page = context, kind, on_page
        self.mapping, self.pairs = context.mapping(kind), context.pairs(kind)

    def run(
        self, system: System, *, full: bool = False, finish: bool = True, findings: Findings | None = None
    ) -> None:
        """Read what changed in ``system`` since its watermark, as `pages` does."""
        for _ in self.pages(system, full=full, finish=finish, findings=findings):
            pass

    def pages(
        self, system: System, *, full: bool = False, finish: bool = True, findings: Findings | None = None
    ) -> Generator[int, None, None]:
        """Read what changed in ``system`` since its watermark, or everything (``full``). Returns the number
        of records of each page, once it is committed. Raises the connector's `Fault`s; every committed page
        is kept, and the next reading goes on from it.

        ``finish`` is off where a reading of everything follows at once, whose watermark will do. With
        ``findings`` nothing should differ any more, and what does is noted there."""
        connector, database = self.context.connectors[system], self.context.database
        watermark = Watermark(self.mapping, system)
        reading = watermark.begin(database, full, self.context.clock())
        ingester = Ingester(self.pairs, system, self.context.clock(), reading.generation, findings)
        began, complete, asked_at = reading.began_at, None, self.context.clock()
        for page in connector.changed(self.mapping, reading.since, reading.cursor):
            began = began or self._began(system, page.server_time, asked_at)
            # Asked for right after the first answer: what is still hidden then must not fall behind the
            # watermark.
            if finish:
                complete = complete or connector.complete_until(self.mapping, began)
            self.on_page(len(page.records))
            if findings:
                findings.saw(system, sum(record.state is RecordState.LIVE for record in page.records))
            with database.begin() as connection:
                ingester.ingest(connection, page.records)
                watermark.advance(connection, page.cursor, began)
            yield len(page.records)
        if reading.generation is not None:
            self.find_missing(system, ingester, reading.generation)
        if began and complete:
            with database.begin() as connection:
                watermark.finish(connection, min(began, complete) - OVERLAP)

    def _began(self, system: System, server: datetime, asked_at: datetime) -> datetime:
        """When this reading began, by the clock that may be trusted (rule 23)."""
        began, off = reading_began(server, asked_at, self.context.clock())
        if off:
            ahead = "ahead of" if server > asked_at else "behind"
            log.warning("server's date is off", system=system.value, seconds=int(off.total_seconds()))
            self.context.warn(
                f"{system.label}'s clock is {_told(off)} {ahead} that of this machine. Nothing is missed:"
                " what changed in that time is read again. Have the wrong clock put right."
            )
        return began

    def find_missing(
        self, system: System, ingester: Ingester, generation: int, *among: ColumnElement[bool]
    ) -> None:
        """After everything was read: a live record that did not come is asked for by its ID, and so is one
        that was absent before (rule 9); only those that meet the conditions ``among``. Nobody is missed who
        is known to be outside the filter by which everything was read."""
        side, narrowed = SIDES[system], self.mapping.narrowed(system)
        missing = (
            PAIRS.c[side.id].is_not(None),
            PAIRS.c[side.state].in_(NOT_GONE),
            PAIRS.c[side.generation] < generation,
            *among,
        )
        for rows in self.pairs.walk(self.context.database, *missing, size=MISSING_PAGE, most=True):
            ids = [str(row[side.id]) for row in rows if not (narrowed and outside(to_pair(row), narrowed))]
            found = read_by_id(self.context, self.kind, system, ids)
            self.on_page(len(found))
            with self.context.database.begin() as connection:
                ingester.ingest(connection, found)


def _told(off: timedelta) -> str:
    minutes = round(off.total_seconds() / 60)
    return f"{minutes:,} minutes" if minutes < 120 else f"{round(minutes / 60):,} hours"


def refresh(context: SyncContext, kind: Kind, system: System, ids: Iterable[str | None]) -> list[Record]:
    """Read the records of ``system`` with these IDs into their pairs, now; gives them, one for each ID."""
    wanted = sorted({identity for identity in ids if identity})
    if not wanted:
        return []
    records = read_by_id(context, kind, system, wanted)
    ingest(context, kind, system, records)
    return records


def read_by_id(context: SyncContext, kind: Kind, system: System, ids: list[str]) -> list[Record]:
    """The records of ``system`` with these IDs, one for each."""
    records = context.connectors[system].read(context.mapping(kind), ids)
    if any(record.state is RecordState.ABSENT for record in records):
        return ask_again(context, kind, system, records)
    return records


def ingest(context: SyncContext, kind: Kind, system: System, records: list[Record]) -> None:
    """Take records of ``system`` that were read by ID, or found by a value, into the pairs."""
    if records:
        with context.database.begin() as connection:
            Ingester(context.pairs(kind), system, context.clock()).ingest(connection, records)
