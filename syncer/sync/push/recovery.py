"""What a run that died was sending when it did: found again in what both systems hold now, and logged (rules
16 and 17)."""

from enum import Enum
from itertools import product
from typing import Any

from sqlalchemy import Connection

from syncer.core import values
from syncer.core.plan import Direction
from syncer.core.reasons import BEFORE_AS_LAST_READ
from syncer.core.records import Kind, RecordState, System
from syncer.journal.log import log_pending, pending_writes
from syncer.sync.context import SyncContext
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import SIDES, PairStore
from syncer.sync.pull.pull import refresh


class Arrival(Enum):
    """What the record that a write went to tells of it."""

    YES = "yes"
    NO = "no"
    UNCERTAIN = "uncertain"


UNCERTAIN = (
    "The process ended while this was being sent, and nobody can tell whether it arrived: somebody may have"
    " changed the same values meanwhile. It is logged so that no value is lost."
)


def recover(context: SyncContext) -> int:
    """Log the writes of dead runs that did arrive, or may have. Returns how many. To be called once both
    systems are read: a write that did not arrive is still due."""
    with context.database.begin() as connection:
        return _log_what_arrived(context, connection, pending_writes(connection))


def recover_updates(context: SyncContext) -> int:
    """The same before anything is read: read the records that were being updated, then log what arrived.
    Creations stay pending until both systems are read, since nobody knows their IDs."""
    with context.database.connect() as connection:
        updates = [note for note in pending_writes(connection) if _target_id(note)]
    for kind, system in product(context.config.mappings, System):
        refresh(
            context, kind, system, (_target_id(note) for note in updates if _target(note) == (kind, system))
        )
    with context.database.begin() as connection:
        return _log_what_arrived(context, connection, updates)


def _log_what_arrived(context: SyncContext, connection: Connection, notes: list[dict[str, Any]]) -> int:
    pairs = {kind: context.pairs(kind) for kind in context.config.mappings}
    judged = [note for note in notes if _target(note)[0] in pairs]
    done = [note for note in judged if _has_arrived(connection, pairs[_target(note)[0]], note)]
    log_pending(connection, done, judged)
    return len(done)


def _target(note: dict[str, Any]) -> tuple[Kind, System]:
    return Kind(note["entry"]["kind"]), Direction(note["entry"]["direction"]).target


def _target_id(note: dict[str, Any]) -> str | None:
    identity: str | None = note["entry"][SIDES[_target(note)[1]].id]
    return identity


def _has_arrived(connection: Connection, pairs: PairStore, note: dict[str, Any]) -> bool:
    """Whether the write arrived, or may have. Completes its entry: with the ID that a creation lacked, and
    with how sure it is."""
    entry = note["entry"]
    target = Direction(entry["direction"]).target
    creates = not entry[SIDES[target].id]
    row = _row(connection, pairs, entry)
    if row is None or not row[SIDES[target].id]:
        found = Arrival.NO if creates else Arrival.UNCERTAIN
    else:
        found = _arrival(pairs, note, row)
        entry |= {"element_id": row["element_id"], "salesforce_id": row["salesforce_id"]}
    if found is Arrival.UNCERTAIN:
        entry |= {"reason": UNCERTAIN, "code": "PROCESS_ENDED"}
    elif found is Arrival.YES and not creates and _sent(entry):
        entry["reason"] = f"{entry['reason']} {BEFORE_AS_LAST_READ}"
    return found is not Arrival.NO


def _arrival(pairs: PairStore, note: dict[str, Any], row: Row) -> Arrival:
    """What the record, as it was just read, tells of this write.

    A write arrives as a whole: one value that it brought tells, where no former one stands and people changed
    others since. Former values beside new ones may be either; so may a field that is empty, since people
    empty fields too, and a record that cannot be read any more. A creation is told by the ID that it left in
    its record.
    """
    entry = note["entry"]
    target = Direction(entry["direction"]).target
    side, fields = SIDES[target], {field.key: field for field in pairs.mapping.read_from(target)}
    held = row[side.values] or {}

    def holds(key: str, value: Any) -> bool:
        return key in held and values.same(fields[key], held[key], value)

    link = pairs.mapping.link(target)
    if not entry[side.id] and link:
        key = link.of(target).key
        return Arrival.YES if key in note["outgoing"] and holds(key, note["outgoing"][key]) else Arrival.NO
    if row[side.state] != RecordState.LIVE:
        return Arrival.UNCERTAIN
    sent = [(change[target.value], change["before"], change["after"]) for change in _sent(entry)]
    sent = [each for each in sent if each[0] in fields]
    if not sent:
        ids = {key: value for key, value in note["outgoing"].items() if key in fields}
        arrived = all(holds(key, value) for key, value in ids.items())
        return (Arrival.YES if arrived else Arrival.NO) if ids else Arrival.UNCERTAIN
    former = [holds(key, before) for key, before, _ in sent]
    new = [after for key, _, after in sent if holds(key, after)]
    if any(value is not None for value in new) and not any(former):
        return Arrival.YES
    return Arrival.NO if all(former) and not new else Arrival.UNCERTAIN


def _row(connection: Connection, pairs: PairStore, entry: dict[str, Any]) -> Row | None:
    """The row of the record that was written to; of one that was being created, that of its other half."""
    target = Direction(entry["direction"]).target
    for system in (target, target.other):
        if identity := entry[SIDES[system].id]:
            return pairs.by_ids(connection, system, [identity]).get(identity)
    return None


def _sent(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The changes of this entry that were sent."""
    return [one for one in entry["changes"] if not (one.get("left_out") or one.get("held"))]
