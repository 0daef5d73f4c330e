"""The values of fields that were never read as a whole, read for some pairs: what a forecast needs of a
field that is to be mapped. Kept nowhere; the run that follows reads them again."""

from collections.abc import Mapping, Sequence

from more_itertools import chunked

from syncer.connectors.protocol import Connector
from syncer.core.mapping import FieldMapping
from syncer.core.records import RecordState, System
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import SIDES

Unread = Mapping[System, frozenset[str]]
"""The keys of the fields that are not read yet, by system."""
_AT_ONCE = 2000


def bring(
    connectors: Mapping[System, Connector], mapping: FieldMapping, rows: Sequence[Row], unread: Unread
) -> None:
    """Put the values of ``unread`` fields into these rows, as both systems hold them now. A record that is
    not live has none. Raises the connectors' `Fault`s."""
    for system, keys in unread.items():
        side = SIDES[system]
        by_id = {row[side.id]: row for row in rows if row[side.id]} if keys else {}
        for ids in chunked((identity for identity in by_id if identity), _AT_ONCE):
            for record in connectors[system].read(mapping, ids):
                if record.state is RecordState.LIVE and record.id in by_id:
                    new = {key: value for key, value in record.values.items() if key in keys}
                    row = by_id[record.id]
                    row[side.values] = {**(row[side.values] or {}), **new}
