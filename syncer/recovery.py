"""What a run that died was sending when it did: found again in what both systems hold now, and logged (rules 16 and 17)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine

from syncer import values
from syncer.logbook import left_over, log_left_over
from syncer.pairs import SIDES, Pairs, Row
from syncer.plan import Direction
from syncer.records import Kind, System


def recover(engine: Engine, pairs: Mapping[Kind, Pairs]) -> int:
    """Log the writes of dead runs that did arrive; how many. Call it once both sides are read: a write that did not arrive is still due."""
    with engine.begin() as connection:
        every = left_over(connection)
        done = [note for note in every if (kind := Kind(note["entry"]["kind"])) in pairs and _arrived(connection, pairs[kind], note)]
        log_left_over(connection, done, every)
    return len(done)


def _arrived(connection: Connection, pairs: Pairs, note: dict[str, Any]) -> bool:
    """Whether the target holds every value that was about to be sent. A creation's entry gets the ID that it lacked."""
    entry = note["entry"]
    target = Direction(entry["direction"]).target
    row = _row(connection, pairs, entry)
    if row is None or not row[SIDES[target].id]:
        return False
    held, fields = row[target.value] or {}, {field.key: field for field in pairs.mapping.read_from(target)}
    entry |= {"element_id": row["element_id"], "salesforce_id": row["salesforce_id"]}
    return all(values.same(fields[key], held.get(key), value) for key, value in note["outgoing"].items() if key in fields)


def _row(connection: Connection, pairs: Pairs, entry: dict[str, Any]) -> Row | None:
    for system in System:
        identity = entry[SIDES[system].id]
        if identity and (row := pairs.by_ids(connection, system, [identity]).get(identity)):
            return row
    return None
