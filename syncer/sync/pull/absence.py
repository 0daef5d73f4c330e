"""What a read by ID did not bring is asked for once more, beside records that are known to live: only then
does its absence count (rule 9, `syncer.core.trust.absence`)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from more_itertools import chunked
from sqlalchemy import select

from syncer.core.records import Kind, Record, RecordState, System
from syncer.sync.context import SyncContext
from syncer.sync.pair_store import PAIRS, SIDES

WITNESSES = 3
"""So many records that are known to live go along: one of them may have been deleted meanwhile."""


def ask_again(context: SyncContext, kind: Kind, system: System, records: Sequence[Record]) -> list[Record]:
    """``records``, those that are absent as a second call brought them."""
    connector, mapping = context.connectors[system], context.mapping(kind)
    absent = [record.id for record in records if record.state is RecordState.ABSENT]
    witnesses = [record.id for record in records if record.state is RecordState.LIVE][:WITNESSES]
    witnesses = witnesses or _known_to_live(context, kind, system, set(absent))
    found: dict[str, Record] = {}
    for chunk in chunked(absent, connector.read_size - WITNESSES):
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
    identity = PAIRS.c[side.id]
    live = (
        select(identity)
        .where(pairs.here, identity.is_not(None), PAIRS.c[side.state] == RecordState.LIVE.value)
        .order_by(PAIRS.c[side.generation].desc(), PAIRS.c.id.desc())
        .limit(WITNESSES + len(others))
    )
    with context.database.connect() as connection:
        return [found for found in connection.execute(live).scalars() if found not in others][:WITNESSES]
