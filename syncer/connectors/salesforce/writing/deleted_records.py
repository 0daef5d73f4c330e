"""Whether a refused write says that the record itself is gone, or only one that it refers to
(contracts/salesforce.md A8)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from syncer.connectors.errors import Fault, Refusal, Result, refused_by
from syncer.connectors.protocol import Write
from syncer.connectors.salesforce.writing.composite import WriteTarget
from syncer.core.error_codes.entry import Cause
from syncer.core.field_types.text import LOOKUP
from syncer.core.records import Record, RecordState

GONE = frozenset({"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"})
_REFERRED = (
    "A record that this one refers to is deleted in Salesforce, does not exist there, or is hidden from the"
    " connected user."
)
ById = Callable[[Sequence[str]], list[Record]]
ByKey = Callable[[Sequence[str]], Mapping[str, Record]]


def mark_deleted(
    target: WriteTarget,
    writes: Sequence[Write],
    results: dict[int, Result],
    judged_individually: Collection[int],
    by_id: ById,
    by_key: ByKey,
) -> None:
    """Set `deleted` where the record itself is in the recycle bin or gone, of those that were judged
    ``judged_individually``.

    An update without lookups can mean nothing else. Where a lookup was written too, the record is read
    (``by_id`` for updates, ``by_key`` for upserts). A creation's own record cannot be gone.
    """
    doubtful: list[int] = []
    for place in judged_individually:
        write, result = writes[place], results[place]
        why = result.refusal
        if why is None or why.code not in GONE:
            continue
        lookups = _lookups(target, write)
        named = {name.lower() for name in why.fields} - {"id"}
        if write.action == "insert" or named & {name.lower() for name in lookups}:
            results[place] = replace(result, refusal=_referred(why))
        elif write.action == "update" and not lookups:
            results[place] = replace(result, deleted=True)
        else:
            doubtful.append(place)
    if doubtful:
        _ask(target, writes, results, doubtful, by_id, by_key)


def _ask(
    target: WriteTarget,
    writes: Sequence[Write],
    results: dict[int, Result],
    places: list[int],
    by_id: ById,
    by_key: ByKey,
) -> None:
    updates = [place for place in places if writes[place].action == "update"]
    upserts = [place for place in places if writes[place].action == "upsert"]
    try:
        live = (
            {
                record.id[:15]
                for record in by_id([writes[place].id or "" for place in updates])
                if record.state is RecordState.LIVE
            }
            if updates
            else set()
        )
        known = by_key([_key(target, writes[place]) for place in upserts]) if upserts else {}
    except Fault as fault:
        for place in places:
            results[place] = replace(results[place], refusal=refused_by(fault))
        return
    for place in places:
        result, write = results[place], writes[place]
        if write.action == "update":
            gone = (write.id or "")[:15] not in live
        else:
            record = known.get(_key(target, write))
            gone = record is not None and record.state is not RecordState.LIVE
            result = replace(result, id=record.id) if record is not None else result
        why = result.refusal
        results[place] = (
            replace(result, deleted=True) if gone or why is None else replace(result, refusal=_referred(why))
        )


def _lookups(target: WriteTarget, write: Write) -> set[str]:
    fields = target.entity.fields
    return {
        key
        for key, value in write.values.items()
        if value is not None and key in fields and fields[key].type == LOOKUP
    }


def _key(target: WriteTarget, write: Write) -> str:
    return str(write.values.get(target.external_id or "") or "").casefold()


def _referred(why: Refusal) -> Refusal:
    return replace(why, sentence=_REFERRED, cause=Cause.LASTING)
