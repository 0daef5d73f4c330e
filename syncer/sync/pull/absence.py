"""What a read by ID did not bring is asked for once more, beside records that are known to live: only then
does its absence count (rule 9, `syncer.core.trust.absence`)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from more_itertools import chunked
from sqlalchemy import Connection, false, select, true

from syncer.core.records import Kind, Record, RecordState, System
from syncer.sync.context import SyncContext
from syncer.sync.pair_store import CHUNK, PAIRS, SIDES, PairStore, Side
from syncer.sync.pull.watermarks import Watermark

LIVE_WITNESSES = 3
"""So many records that are known to live go along: one of them may have been deleted meanwhile."""
MOST_LOOKED_AT = 100_000
"""So many of the newest pairs are looked at for them: usually the last few will do."""


def ask_again(context: SyncContext, kind: Kind, system: System, records: Sequence[Record]) -> list[Record]:
    """``records``, those that are absent as a second call brought them."""
    connector, mapping = context.connectors[system], context.mapping(kind)
    absent = [record.id for record in records if record.state is RecordState.ABSENT]
    witnesses = [record.id for record in records if record.state is RecordState.LIVE][:LIVE_WITNESSES]
    witnesses = witnesses or _known_to_live(context, kind, system, set(absent))
    found: dict[str, Record] = {}
    for chunk in chunked(absent, connector.read_size - LIVE_WITNESSES):
        again = connector.read(mapping, [*chunk, *witnesses])
        beside_living = any(record.state is RecordState.LIVE for record in again)
        found |= {record.id: replace(record, beside_living=beside_living) for record in again}
    return [
        found.get(record.id, record) if record.state is RecordState.ABSENT else record for record in records
    ]


def listed(records: Iterable[Record]) -> list[Record]:
    """``records`` that a list of the system named at the same time."""
    return [
        replace(record, listed=True) if record.state is RecordState.ABSENT else record for record in records
    ]


def _known_to_live(context: SyncContext, kind: Kind, system: System, others: set[str]) -> list[str]:
    """Records that were live when they were last read, those first that the newest reading of everything
    brought."""
    side, pairs = SIDES[system], context.pairs(kind)
    with context.database.connect() as connection:
        newest = Watermark(pairs.mapping, system).generation(connection)
        found: list[str] = []
        for generation in (newest, 0):
            live = _live(connection, pairs, side, generation)
            fresh = (each for each in live if each not in others and each not in found)
            found += islice(fresh, LIVE_WITNESSES - len(found))
    return found


def _live(connection: Connection, pairs: PairStore, side: Side, newest: int) -> Iterator[str]:
    """The last records that live, as a reading of this generation or a newer one had it: from the end of the
    index of what is due, and is not."""
    columns = [PAIRS.c[name] for name in ("id", side.id, side.state, side.generation)]
    for due in (false(), true()):
        before: int | None = None
        for _ in range(MOST_LOOKED_AT // CHUNK):
            page = select(*columns).where(pairs.here, PAIRS.c.due == due).order_by(PAIRS.c.id.desc())
            page = page if before is None else page.where(PAIRS.c.id < before)
            rows = connection.execute(page.limit(CHUNK)).all()
            for number, identity, state, generation in rows:
                before = number
                if identity and state == RecordState.LIVE and generation >= newest:
                    yield identity
            if len(rows) < CHUNK:
                break
