"""The nightly check of the increments: what they missed is found and becomes due (rule 23).

Salesforce is read whole. Of Element451, names and e-mail of all contacts are compared, and read whole are a
thirtieth of the contacts, what was stamped in the last 48 hours, and some conversations in turn
(contracts/element451.md F11).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zlib import crc32

from more_itertools import chunked
from sqlalchemy import Connection, select, update

from syncer.core import values
from syncer.core.fields import Field
from syncer.core.records import Kind, Record, RecordState, System, Values
from syncer.infra.database import key_value
from syncer.sync.pair_store import CHUNK, PAIRS, SIDES
from syncer.sync.pull.absence import listed
from syncer.sync.pull.findings import Findings
from syncer.sync.pull.ingest import Ingester
from syncer.sync.pull.pull import Pull
from syncer.sync.pull.watermarks import Watermark

LOOK_BACK = timedelta(hours=48)
LOOK_BACK_RECORDS = {Kind.CONTACT: 13_000, Kind.CONVERSATION: 5_000}
"""How many records are looked back at in a night, 50 a call: 360 calls in all. The rest waits for
the next one."""
NIGHTS = 30
"""In so many nights every contact and every conversation of Element451 is read whole."""
FEWEST_CONVERSATIONS = 500
READ_AT_ONCE = 1000


class Audit:
    """Checks one kind after its increments were read. What differs is noted in ``findings``."""

    def __init__(self, pull: Pull, findings: Findings) -> None:
        self.pull, self.findings, self.context = pull, findings, pull.context
        self.mapping, self.pairs = pull.mapping, pull.pairs
        self.name = f"audit:{pull.kind.value}:{pull.mapping.entity.name}"
        self.now = self.context.clock()

    def run(self, *, everything: bool = False) -> None:
        """Look at both systems; ``everything``: at all of Element451 too."""
        self.pull.run(System.SALESFORCE, full=True, findings=self.findings)
        if everything:
            self.pull.run(System.ELEMENT451, full=True, findings=self.findings)
            return
        if self.pull.kind is Kind.CONTACT:
            self._names()
        else:
            self._in_turn()
        self._look_back()

    def _names(self) -> None:
        """Compare names and e-mail of every contact; what differs, what is unknown, and whose turn it is, is
        read whole. Who is not there any more is asked for by ID."""
        system, ingester = System.ELEMENT451, self._ingester()
        for page in self.context.connectors[system].names(self.mapping):
            with self.context.database.begin() as connection:
                doubtful = self._doubtful(connection, page, ingester)
            for ids in chunked(doubtful, READ_AT_ONCE):
                records = listed(self.context.connectors[system].read(self.mapping, ids))
                with self.context.database.begin() as connection:
                    ingester.ingest(connection, records)
            self.findings.saw(system, len(page))
            self.pull.on_page(len(page))
        self.pull.find_missing(system, ingester, ingester.generation or 0)

    def _doubtful(self, connection: Connection, page: Sequence[Record], ingester: Ingester) -> list[str]:
        """Whom to read whole; the others are noted as being there."""
        side, night = SIDES[System.ELEMENT451], self.now.date().toordinal() % NIGHTS
        fields = {field.key: field for field in self.mapping.read_from(System.ELEMENT451)}
        identity, doubtful = PAIRS.c[side.id], list[str]()
        for chunk in chunked(page, CHUNK):
            here = (
                self.pairs.here,
                identity.in_([record.id for record in chunk]),
                PAIRS.c[side.state] == RecordState.LIVE.value,
            )
            found = connection.execute(select(identity, PAIRS.c[side.values]).where(*here)).all()
            known = {who: held or {} for who, held in found}
            connection.execute(update(PAIRS).where(*here).values({side.generation: ingester.generation}))
            doubtful += [
                record.id
                for record in chunk
                if crc32(record.id.encode()) % NIGHTS == night
                or record.id not in known
                or _differs(fields, known[record.id], record)
            ]
        return doubtful

    def _in_turn(self) -> None:
        """Read some conversations whole, in the order of their IDs, going on where the last night stopped;
        what should be among them and is not is asked for by ID."""
        system, side, ingester = System.ELEMENT451, SIDES[System.ELEMENT451], self._ingester()
        identity = PAIRS.c[side.id]
        name = f"{self.name}:turn"
        with self.context.database.connect() as connection:
            begin = key_value.read(connection, name).get("cursor") or ""
            known = self.pairs.count(connection, identity.is_not(None))
        most, seen, end = max(FEWEST_CONVERSATIONS, -(-known // NIGHTS)), 0, ""
        for page in self.context.connectors[system].changed(self.mapping, None, begin or None):
            seen += self._take_in(page.records, ingester)
            if seen >= most:
                end = page.cursor
                break
        between = [identity > begin] + ([identity <= end] if end else [])
        self.pull.find_missing(system, ingester, ingester.generation or 0, *between)
        with self.context.database.begin() as connection:
            key_value.write(connection, name, {"cursor": end})

    def _look_back(self) -> None:
        """Read again what was stamped in the last 48 hours, or since the last time that all of it was read;
        the next night goes on where this one stops."""
        system, name = System.ELEMENT451, f"{self.name}:look-back"
        with self.context.database.connect() as connection:
            kept = key_value.read(connection, name)
        since = self.now - LOOK_BACK
        if kept:
            since = min(since, datetime.fromisoformat(kept["since"]))
        ingester, seen = Ingester(self.pairs, system, self.now, findings=self.findings), 0
        state = {"since": self.now.isoformat(), "cursor": ""}
        for page in self.context.connectors[system].changed(self.mapping, since, kept.get("cursor") or None):
            seen += self._take_in(page.records, ingester)
            if seen >= LOOK_BACK_RECORDS[self.pull.kind]:
                state = {"since": since.isoformat(), "cursor": page.cursor}
                break
        with self.context.database.begin() as connection:
            key_value.write(connection, name, state)

    def _take_in(self, records: Sequence[Record], ingester: Ingester) -> int:
        with self.context.database.begin() as connection:
            ingester.ingest(connection, listed(records))
        self.findings.saw(System.ELEMENT451, len(records))
        self.pull.on_page(len(records))
        return len(records)

    def _ingester(self) -> Ingester:
        """One that notes what it was shown, so that what is missing can be told."""
        with self.context.database.begin() as connection:
            generation = Watermark(self.mapping, System.ELEMENT451).next_generation(connection)
        return Ingester(self.pairs, System.ELEMENT451, self.now, generation, self.findings)


def _differs(fields: Mapping[str, Field], known: Values, record: Record) -> bool:
    """Whether a contact's names or e-mail are not those that its pair holds."""
    return any(
        key not in known or not values.same(fields[key], known[key], value)
        for key, value in record.values.items()
    )
