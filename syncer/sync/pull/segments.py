"""Who is in the segments that the filter asks for (rule 12). A membership moves no stamp: it is looked at
every night, and before a segment counts for the first time."""

from syncer.core.matching.members import Members
from syncer.core.records import System
from syncer.sync.pair_rows import Columns, Row
from syncer.sync.pair_store import PAIRS, SIDES, due_columns, make_conversations_due, update_rows
from syncer.sync.pull.pull import Pull
from syncer.sync.pull.watermarks import Watermark

_SYSTEM = System.ELEMENT451


def look(pull: Pull, *, again: bool) -> None:
    """Note of every known contact whether it is in each segment of the filter: those that were not looked at
    yet, or all of them ``again``. Whoever comes in or leaves becomes due. Raises the connector's `Fault`s;
    what was noted until then is kept."""
    watermark = Watermark(pull.mapping, _SYSTEM)
    for condition in pull.mapping.segments:
        key = condition.field.key
        with pull.context.database.connect() as connection:
            known = key not in watermark.unread(connection)
        if again or not known:
            members = Members(pull.context.connectors[_SYSTEM].members(condition.segment))
            _note(pull, key, members)
            with pull.context.database.begin() as connection:
                watermark.looked_at(connection, key)


def _note(pull: Pull, key: str, members: Members) -> None:
    side = SIDES[_SYSTEM]
    for rows in pull.pairs.walk(pull.context.database, PAIRS.c[side.id].is_not(None), most=True):
        turned = [row for row in rows if (row[side.values] or {}).get(key) is not (row[side.id] in members)]
        with pull.context.database.begin() as connection:
            update_rows(connection, [_turned(row, key, row[side.id] in members) for row in turned])
            make_conversations_due(connection, (row[side.id] for row in turned))
        pull.on_page(0)


def _turned(row: Row, key: str, inside: bool) -> Columns:
    side = SIDES[_SYSTEM]
    held = {**(row[side.values] or {}), key: inside}
    return due_columns(row) | {side.values: held, side.changed: True}
