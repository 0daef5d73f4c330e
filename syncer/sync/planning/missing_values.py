"""The values of fields that were never read as a whole, read for some pairs: what a forecast needs of a
field that is to be mapped. Kept nowhere; the run that follows reads them again."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from more_itertools import chunked

from syncer.connectors.protocol import Connector
from syncer.core.mapping import FieldMapping
from syncer.core.matching.members import Members
from syncer.core.records import RecordState, System
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import SIDES

Unread = Mapping[System, frozenset[str]]
"""The keys of the fields that are not read yet, by system."""
_AT_ONCE = 2000


class Segments:
    """Who is in which segment: each is read once, when it is asked for. ``read`` gives the ids of a segment
    as `Connector.members` does."""

    def __init__(self, read: Callable[[str], Iterable[Iterable[str]]]) -> None:
        self._read = read
        self._members: dict[str, Members] = {}

    def bring(self, mapping: FieldMapping, rows: Sequence[Row], unread: Unread) -> None:
        """Put into these rows whether they are in the segments among ``unread``. Raises the connector's
        `Fault`s."""
        side = SIDES[System.ELEMENT451]
        for condition in mapping.segments:
            key, guid = condition.field.key, condition.segment
            if key not in unread[System.ELEMENT451]:
                continue
            if guid not in self._members:
                self._members[guid] = Members(self._read(guid))
            for row in (row for row in rows if row[side.id]):
                row[side.values] = {**(row[side.values] or {}), key: row[side.id] in self._members[guid]}


def bring(
    connectors: Mapping[System, Connector], mapping: FieldMapping, rows: Sequence[Row], unread: Unread
) -> None:
    """Put the values of ``unread`` fields into these rows, as both systems hold them now. A record that is
    not live has none. Raises the connectors' `Fault`s."""
    for system, keys in unread.items():
        side = SIDES[system]
        keys = keys - {one.field.key for one in mapping.segments}
        by_id = {row[side.id]: row for row in rows if row[side.id]} if keys else {}
        for ids in chunked((identity for identity in by_id if identity), _AT_ONCE):
            for record in connectors[system].read(mapping, ids):
                if record.state is RecordState.LIVE and record.id in by_id:
                    new = {key: value for key, value in record.values.items() if key in keys}
                    row = by_id[record.id]
                    row[side.values] = {**(row[side.values] or {}), **new}
