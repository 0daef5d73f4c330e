"""The nightly check of the increments: what they missed is found and becomes due (rule 23).

Salesforce's contacts are read whole. Of Element451, names and e-mail of all contacts are compared, and read
whole are a thirtieth of the contacts and what was stamped in the last 48 hours (contracts/element451.md F11).
Of the conversations, some are read in turn on both sides, beside what was stamped: their transcripts make
pages so short (contracts/salesforce.md A4) that all of them would cost more calls than all contacts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zlib import crc32

from more_itertools import chunked
from sqlalchemy import ColumnElement, Connection, select, update

from syncer.core import values
from syncer.core.fields import Field
from syncer.core.records import NOT_GONE, Kind, Record, RecordState, System, Values
from syncer.infra.database import key_value
from syncer.sync.pair_store import CHUNK, PAIRS, SIDES
from syncer.sync.pull.absence import listed
from syncer.sync.pull.findings import Findings
from syncer.sync.pull.ingest import Ingester
from syncer.sync.pull.pull import Pull, read_by_id
from syncer.sync.pull.watermarks import Watermark

LOOK_BACK = timedelta(hours=48)
LOOK_BACK_RECORDS = {Kind.CONTACT: 13_000, Kind.CONVERSATION: 5_000}
"""How many records are looked back at in a night, 50 a call: 360 calls in all. The rest waits for
the next one."""
NIGHTS = 30
"""In so many nights every contact and every conversation of Element451 is read whole."""
FEWEST_CONVERSATIONS = 500
READ_AT_ONCE = 1000


def read_whole(kind: Kind, *, everything: bool) -> tuple[System, ...]:
    """The systems whose records of this kind a check reads all of."""
    if everything:
        return System.SALESFORCE, System.ELEMENT451
    return (System.SALESFORCE,) if kind is Kind.CONTACT else ()


class Audit:
    """Checks one kind after its increments were read. What differs is noted in ``findings``."""

    def __init__(self, pull: Pull, findings: Findings) -> None:
        self.pull, self.findings, self.context = pull, findings, pull.context
        self.mapping, self.pairs = pull.mapping, pull.pairs
        self.name = f"audit:{pull.kind.value}:{pull.mapping.entity.name}"
        self.now = self.context.clock()

    def run(self, *, everything: bool = False) -> None:
        """Look at both systems; ``everything``: at all that they hold."""
        whole = read_whole(self.pull.kind, everything=everything)
        for system in whole:
            self.pull.run(system, full=True, findings=self.findings)
        if System.SALESFORCE not in whole:
            self._known_in_turn(System.SALESFORCE)
            self._look_back(System.SALESFORCE)
        if System.ELEMENT451 not in whole:
            if self.pull.kind is Kind.CONTACT:
                self._names()
            else:
                self._in_turn()
            self._look_back(System.ELEMENT451)

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
            most = self._a_nights_share(connection, identity.is_not(None))
        seen, end = 0, ""
        for page in self.context.connectors[system].changed(self.mapping, None, begin or None):
            seen += self._take_in(system, listed(page.records), ingester)
            if seen >= most:
                end = page.cursor
                break
        between = [identity > begin] + ([identity <= end] if end else [])
        self.pull.find_missing(system, ingester, ingester.generation or 0, *between)
        with self.context.database.begin() as connection:
            key_value.write(connection, name, {"cursor": end})

    def _known_in_turn(self, system: System) -> None:
        """Read some known records of ``system`` by ID, in the order of their pairs, going on where the last
        night stopped."""
        side, name = SIDES[system], f"{self.name}:turn:{system.value}"
        known = PAIRS.c[side.id].is_not(None), PAIRS.c[side.state].in_(NOT_GONE)
        with self.context.database.connect() as connection:
            after = key_value.read(connection, name).get("pair") or 0
            most = self._a_nights_share(connection, *known)
        ingester = Ingester(self.pairs, system, self.now, findings=self.findings)
        while most > 0:
            with self.context.database.connect() as connection:
                limit = min(most, READ_AT_ONCE)
                rows = self.pairs.page(connection, *known, after=after, limit=limit, outline=True, most=True)
            if not rows:
                after = 0
                break
            records = read_by_id(self.context, self.pull.kind, system, [str(row[side.id]) for row in rows])
            self._take_in(system, records, ingester)
            after, most = rows[-1]["id"], most - len(rows)
        with self.context.database.begin() as connection:
            key_value.write(connection, name, {"pair": after})

    def _a_nights_share(self, connection: Connection, *conditions: ColumnElement[bool]) -> int:
        """How many of the records that meet these conditions are read in one night."""
        return max(FEWEST_CONVERSATIONS, -(-self.pairs.count(connection, *conditions) // NIGHTS))

    def _look_back(self, system: System) -> None:
        """Read again what was stamped in the last 48 hours, or since the last time that all of it was read;
        the next night goes on where this one stops."""
        name = f"{self.name}:look-back" + (":salesforce" if system is System.SALESFORCE else "")
        with self.context.database.connect() as connection:
            kept = key_value.read(connection, name)
        since = self.now - LOOK_BACK
        if kept:
            since = min(since, datetime.fromisoformat(kept["since"]))
        ingester, seen = Ingester(self.pairs, system, self.now, findings=self.findings), 0
        state = {"since": self.now.isoformat(), "cursor": ""}
        for page in self.context.connectors[system].changed(self.mapping, since, kept.get("cursor") or None):
            seen += self._take_in(system, listed(page.records), ingester)
            if seen >= LOOK_BACK_RECORDS[self.pull.kind]:
                state = {"since": since.isoformat(), "cursor": page.cursor}
                break
        with self.context.database.begin() as connection:
            key_value.write(connection, name, state)

    def _take_in(self, system: System, records: Sequence[Record], ingester: Ingester) -> int:
        with self.context.database.begin() as connection:
            ingester.ingest(connection, records)
        self.findings.saw(system, len(records))
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
