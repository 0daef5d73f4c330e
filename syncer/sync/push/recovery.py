"""What a run that died was sending when it did: found again in what both systems hold now, and logged (rules
16 and 17)."""

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

UNCERTAIN = (
    "The process ended while this was being sent, and somebody changed the same values since, so that nobody"
    " can tell whether it arrived. It is logged so that no value is lost."
)


def recover(context: SyncContext) -> int:
    """Log the writes of dead runs that did arrive, or may have. Gives how many. To be called once both
    systems are read: a write that did not arrive is still due."""
    pairs = {kind: context.pairs(kind) for kind in context.config.mappings}
    with context.database.begin() as connection:
        every = pending_writes(connection)
        done = [
            note
            for note in every
            if (kind := Kind(note["entry"]["kind"])) in pairs and _arrived(connection, pairs[kind], note)
        ]
        log_pending(connection, done, every)
    return len(done)


def _arrived(connection: Connection, pairs: PairStore, note: dict[str, Any]) -> bool:
    """Whether the write arrived, or may have: then its entry says so. A creation's entry gets the ID that it
    lacked.

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
