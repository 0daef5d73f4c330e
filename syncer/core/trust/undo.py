"""Undo: what of the values that runs wrote can be put back, what not, and the plans for it (rule 21). Pure;
standard library only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from syncer.core import values
from syncer.core.field_types.fit import refusal_of
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.pair import Pair
from syncer.core.plan import Change, Direction, Plan, Rules
from syncer.core.planner import plan_pair
from syncer.core.records import RecordState, System, Value
from syncer.core.trust import undo_reasons as reasons
from syncer.core.trust.holds import Held, Hold, change_key
from syncer.core.trust.restraint import outside
from syncer.core.trust.written import Written


class Pile(StrEnum):
    """What becomes of a value; the keys of a run's ``piles``."""

    RESTORED = "restored"
    ALREADY = "already"
    MOVED_SINCE = "moved_since"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of one value of one record, or (``change`` is None) of the record itself: ``why`` it
    cannot be put back. ``change``: what the target holds now, and what stood there before."""

    pile: Pile
    target: System
    change: Change | None = None
    why: str = ""


def judge(pair: Pair, mapping: FieldMapping, writes: Sequence[Written]) -> list[Judged]:
    """What becomes of each value that ``writes`` wrote to the pair's two records. They are in the order in
    which they were written; ``pair`` holds what was just read."""
    chains: dict[tuple[System, str], list[Written]] = {}
    for one in writes:
        chains.setdefault((one.target, one.key), []).append(one)
    found = []
    for (target, _), chain in chains.items():
        if any(one.creates for one in chain):
            continue  # the record's creation says it of all its values
        found.append(_judge_chain(pair, mapping, target, chain))
    return found


def cannot(target: System, why: str) -> Judged:
    """What was done to a record as a whole, and is never undone."""
    return Judged(Pile.CANNOT, target, why=why)


def undo_plans(pair: Pair, judged: Iterable[Judged], mapping: FieldMapping) -> list[Plan]:
    """A plan for each of the pair's records that is concerned: what is put back, and what is not, with the
    reason."""
    by_target: dict[System, list[Judged]] = {}
    for one in judged:
        by_target.setdefault(one.target, []).append(one)
    return [_plan(pair, target, found, mapping) for target, found in by_target.items()]


def overwritten_again(pair: Pair, judged: Iterable[Judged], rules: Rules) -> list[tuple[System, Change]]:
    """Which values, of those that are put back and of those that are left, their owner would overwrite again
    by these rules: the system that holds each, and the change to keep out of it."""
    concerned = [one for one in judged if one.change and one.pile is not Pile.CANNOT]
    after = pair
    for system in System:
        back = {
            change_key(one.change, system): one.change.after
            for one in concerned
            if one.change and one.pile is Pile.RESTORED and one.target is system
        }
        if back:
            after = _with_values(after, system, back)
    ours = {(one.target, change_key(one.change, one.target)) for one in concerned if one.change}
    return [
        (plan.direction.target, change)
        for plan in plan_pair(after, rules)
        for change in plan.changes
        if (plan.direction.target, change_key(change, plan.direction.target)) in ours
    ]


def _judge_chain(pair: Pair, mapping: FieldMapping, target: System, chain: Sequence[Written]) -> Judged:
    first, last = chain[0], chain[-1]
    mapped = mapping.by_key(target).get(last.key)
    change = replace(last.change, before=last.change.after, after=first.change.before)
    if why := _why_not(pair, mapped, target, chain):
        return Judged(Pile.CANNOT, target, change, why)
    assert mapped is not None  # else it cannot
    field, now = mapped.of(target), pair.values(target)[last.key]
    change = Change(
        mapped.element451.key, mapped.salesforce.key, mapped.owner, now, first.change.before, True
    )
    if values.same(field, now, first.change.before):
        return Judged(Pile.ALREADY, target, change)
    whole = all(values.same(field, one.change.after, then.change.before) for one, then in pairwise(chain))
    if not whole or not values.same(field, now, last.change.after):
        return Judged(Pile.MOVED_SINCE, target, change)
    if refusal := refusal_of(field, first.change.before):
        return Judged(Pile.CANNOT, target, change, refusal)
    if left_out := _outside(pair, mapping):
        return Judged(Pile.CANNOT, target, change, left_out)
    if hold := next((hold for hold in pair.holds if _forbids(hold, mapped, target, change)), None):
        return Judged(Pile.CANNOT, target, change, hold.sentence)
    return Judged(Pile.RESTORED, target, change)


def _forbids(hold: Hold, mapped: MappedField, target: System, change: Change) -> bool:
    """Whether a hold keeps an undo from making ``change``. What an undo keeps out does not: whoever undoes
    the undo wants it. What an approval left out does: to let it in takes the right to approve."""
    field = mapped.of(target)
    if hold.what is Held.RECORD:
        return True
    if hold.key(target) != field.key:
        return False
    left_out = hold.what is Held.VALUE and hold.by_approval and hold.system is target
    return hold.what is Held.FIELD or (left_out and values.same(field, change.after, hold.value))


def _outside(pair: Pair, mapping: FieldMapping) -> str | None:
    """Why nothing is written of a record now, as a sentence (rule 12). A conversation follows its contact."""
    contact = pair.contact
    return outside(pair, mapping.filters) or (contact.failed if contact and contact.left else None)


def _why_not(pair: Pair, mapped: MappedField | None, target: System, chain: Sequence[Written]) -> str:
    """Why a value can be put back in no case, as a sentence; empty where it may be."""
    label = mapped.of(target).label if mapped else chain[-1].key
    if any(one.is_link for one in chain):
        return reasons.LINKS_STAY
    if not pair.id(target) or pair.state(target) is not RecordState.LIVE:
        return reasons.not_there_any_more(target)
    if mapped is None:
        return f"{label} is not mapped any more."
    if not mapped.of(target).updatable:
        return f"{label} cannot be written any more."
    if not all(one.change.known for one in chain):
        return f"What stood in {label} before was not known."
    if chain[-1].key not in pair.values(target):
        return f"What {label} holds now is not known."
    return ""


def _plan(pair: Pair, target: System, judged: Sequence[Judged], mapping: FieldMapping) -> Plan:
    """The plan for one record. What is left is shown with the rest, as left out."""
    back = tuple(one.change for one in judged if one.pile is Pile.RESTORED and one.change)
    left = tuple(one.change for one in judged if one.pile in (Pile.MOVED_SINCE, Pile.CANNOT) and one.change)
    moved = [_label(one, mapping) for one in judged if one.pile is Pile.MOVED_SINCE]
    told = [one.why for one in judged if one.pile is Pile.CANNOT]
    reason = reasons.undone(pair.kind, bool(back), moved, list(dict.fromkeys(told)))
    return Plan(
        pair.kind,
        Direction.to(target),
        pair.element_id,
        pair.salesforce_id,
        reason.status,
        reason.sentence,
        changes=back,
        outgoing={change_key(change, target): change.after for change in back},
        code=reason.code,
        left_out=left,
        undoes=True,
    )


def _with_values(pair: Pair, system: System, new: Mapping[str, Value]) -> Pair:
    held = {**pair.values(system), **new}
    return replace(pair, element451=held) if system is System.ELEMENT451 else replace(pair, salesforce=held)


def _label(one: Judged, mapping: FieldMapping) -> str:
    key = change_key(one.change, one.target) if one.change else ""
    mapped = mapping.by_key(one.target).get(key)
    return mapped.of(one.target).label if mapped else key
