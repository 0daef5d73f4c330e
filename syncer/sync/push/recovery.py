"""What a run that died was sending when it did: found again in what both systems hold now, and logged (rules
16 and 17)."""

from itertools import product
from typing import Any

from sqlalchemy import Connection

from syncer.core import values
from syncer.core.plan import Direction
from syncer.core.reasons import BEFORE_AS_LAST_READ
from syncer.core.records import Kind, System
from syncer.journal.log import log_pending, pending_writes
from syncer.sync.context import SyncContext
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import SIDES, PairStore
from syncer.sync.pull.pull import refresh

UNCERTAIN = (
    "The process ended while this was being sent, and somebody changed the same values since, so that nobody"
    " can tell whether it arrived. It is logged so that no value is lost."
)


def recover(context: SyncContext) -> int:
    """Log the writes of dead runs that did arrive, or may have. Gives how many. To be called once both
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
    with how sure it is.

    A write arrives as a whole: one value that it brought tells, even where people changed others since. Where
    none is left, but not every former value stands either, it may have arrived. A creation is told by the ID
    that it left in its record.
    """
    entry = note["entry"]
    target = Direction(entry["direction"]).target
    row = _row(connection, pairs, entry)
    if row is None or not row[SIDES[target].id]:
        return False
    held, fields = row[target.value] or {}, {field.key: field for field in pairs.mapping.read_from(target)}

    def holds(key: str, value: Any) -> bool:
        return key not in fields or values.same(fields[key], held.get(key), value)

    creates = not entry[SIDES[target].id]
    entry |= {"element_id": row["element_id"], "salesforce_id": row["salesforce_id"]}
    link = pairs.mapping.link(target)
    if creates and link:
        key = link.of(target).key
        return key in note["outgoing"] and holds(key, note["outgoing"][key])
    side = "salesforce" if target is System.SALESFORCE else "element451"
    changes = [each for each in entry["changes"] if each[side] in fields and _was_sent(each)]
    if not changes:
        return all(holds(key, value) for key, value in note["outgoing"].items())
    if any(holds(change[side], change["after"]) for change in changes):
        if not creates:
            entry["reason"] = f"{entry['reason']} {BEFORE_AS_LAST_READ}"
        return True
    if all(holds(change[side], change["before"]) for change in changes):
        return False
    entry |= {"reason": UNCERTAIN, "code": "PROCESS_ENDED"}
    return True


def _row(connection: Connection, pairs: PairStore, entry: dict[str, Any]) -> Row | None:
    for system in System:
        identity = entry[SIDES[system].id]
        if identity and (row := pairs.by_ids(connection, system, [identity]).get(identity)):
            return row
    return None


def _was_sent(change: dict[str, Any]) -> bool:
    return not (change.get("left_out") or change.get("held"))
