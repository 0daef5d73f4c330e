"""Step 1 of the road: what changed on each side goes into its pair, page by page, and the mark moves
(docs/architecture.md, "Incremental reading")."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine

from syncer.connectors.protocol import Element451, Page, Salesforce
from syncer.core.mapping import Mapping
from syncer.core.records import Record, State, System
from syncer.sync.pair_store import PAIRS, SIDES, Pairs
from syncer.sync.pull.ingest import Absorber
from syncer.sync.pull.watermarks import Mark, Reading

OVERLAP = timedelta(minutes=10)
"""How far a reading goes back behind the one before: records become visible minutes after their stamp
(contracts/salesforce.md A5.2)."""
MISSING_PAGE = 1000


class Pull:
    """Reads both systems into the pairs of one mapping. ``on_page(system, records)`` is told of each page
    before it is committed."""

    def __init__(
        self,
        engine: Engine,
        salesforce: Salesforce,
        element451: Element451,
        mapping: Mapping,
        on_page: Callable[[System, int], None],
    ) -> None:
        self.engine, self.salesforce, self.element451, self.mapping, self.on_page = (
            engine,
            salesforce,
            element451,
            mapping,
            on_page,
        )
        self.pairs = Pairs(mapping)

    def run(self, system: System, *, full: bool = False) -> None:
        """Read what changed in ``system`` since its mark. Raises the adapter's `Fault`s; every committed page
        is kept, and gone on from."""
        mark = Mark(self.mapping, system)
        reading = mark.begin(self.engine, full)
        absorber = Absorber(self.pairs, system, reading.generation)
        began, covered = reading.began_at, None
        for page in self._pages(system, reading):
            began = began or page.server_time
            # Asked for right behind the first answer: what is still hidden then must not fall behind the
            # mark.
            covered = covered or self._covered(system, began)
            self.on_page(system, len(page.records))
            with self.engine.begin() as connection:
                absorber.absorb(connection, page.records)
                mark.advance(connection, page.cursor, began)
        if reading.generation is not None:
            self.find_missing(system, absorber, reading.generation)
        if began and covered:
            with self.engine.begin() as connection:
                mark.finish(connection, min(began, covered) - OVERLAP)

    def _pages(self, system: System, reading: Reading) -> Iterator[Page]:
        fields = self.mapping.read_from(system)
        if system is System.SALESFORCE:
            return self.salesforce.changed(self.mapping.entity, fields, reading.since, reading.cursor)
        return self.element451.changed(self.mapping.kind, fields, reading.since, reading.cursor)

    def _covered(self, system: System, began: datetime) -> datetime:
        return self.salesforce.covered(self.mapping.entity, began) if system is System.SALESFORCE else began

    def find_missing(self, system: System, absorber: Absorber, generation: int) -> None:
        """Everything was read: a live record that did not come is asked for by its ID, and is gone if it is
        not there."""
        side, after = SIDES[system], 0
        missing = (
            PAIRS.c[side.id].is_not(None),
            PAIRS.c[side.state] == State.LIVE.value,
            PAIRS.c[side.generation] < generation,
        )
        while True:
            with self.engine.connect() as connection:
                rows = self.pairs.page(connection, *missing, after=after, limit=MISSING_PAGE)
            if not rows:
                return
            after = rows[-1]["id"]
            found = read_by_id(
                self.salesforce, self.element451, self.mapping, system, [row[side.id] for row in rows]
            )
            self.on_page(system, len(found))
            with self.engine.begin() as connection:
                absorber.absorb(connection, found)


def read_by_id(
    salesforce: Salesforce, element451: Element451, mapping: Mapping, system: System, ids: list[str]
) -> list[Record]:
    """The records of ``system`` with these ids; one that does not exist comes as `State.GONE`."""
    if not ids:
        return []
    fields = mapping.read_from(system)
    if system is System.ELEMENT451:
        return element451.read(mapping.kind, ids, fields)
    found = {record.id: record for record in salesforce.read(mapping.entity, ids, fields)}
    return [found.get(identity) or Record(identity, {}, State.GONE) for identity in ids]
