"""What is held is read and never written (rule 20): a plan as the holds of its pair let it be, and which of
them end because another value came. Pure; standard library only."""

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from syncer.core import values
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.plan import Change, Plan, Status
from syncer.core.records import System, Value

Stored = Callable[[System], Mapping[str, Value]]
"""Returns what a record of the pair holds in a system, by keys."""


class Held(StrEnum):
    """What a hold keeps as it is: the whole record or a field of it, whatever comes; or, until something else
    comes, one value of a field, a creation, a deactivation. The values are kept in the database."""

    RECORD = "record"
    FIELD = "field"
    VALUE = "value"
    CREATION = "creation"
    DEACTIVATION = "deactivation"


@dataclass(frozen=True, slots=True)
class Hold:
    """What one hold keeps out of one pair. ``sentence`` says who holds it, until when, and why.

    A field is named by both its keys. ``system``: where ``value`` is kept out; None where nothing is written
    on either side. Of a creation, ``value`` is its `creation_digest`. ``by_approval``: it was left out of an
    approval, so that only those may end it who may approve.
    """

    id: int
    sentence: str
    what: Held
    system: System | None = None
    element451: str = ""
    salesforce: str = ""
    value: Value = None
    by_approval: bool = False

    def key(self, system: System) -> str:
        """The key of the held field in ``system``."""
        return self.element451 if system is System.ELEMENT451 else self.salesforce

    def covers(self, plan: Plan) -> bool:
        """Whether it keeps out all of ``plan``."""
        if self.what is Held.RECORD:
            return plan.status is not Status.DEACTIVATED
        if self.what is Held.DEACTIVATION:
            return plan.status is Status.DEACTIVATED
        here = self.what is Held.CREATION and self.system is plan.direction.target
        return here and plan.creates and self.value == creation_digest(plan)

    def covers_change(self, plan: Plan, change: Change, mapping: FieldMapping) -> bool:
        """Whether it keeps ``change`` of ``plan`` out."""
        target = plan.direction.target
        if self.what not in (Held.FIELD, Held.VALUE) or self.key(target) != change_key(change, target):
            return False
        return self.what is Held.FIELD or (
            self.system is target and _same(mapping, target, change, self.value)
        )


def obey(
    free: Plan, holds: Sequence[Hold], mapping: FieldMapping, again: Callable[[FieldMapping], Plan | None]
) -> Plan:
    """``free``, which was planned as if nothing were held, as the ``holds`` of its pair let it be. ``again``
    plans the same by another mapping: that without the fields that are held."""
    target = free.direction.target
    if hold := next((hold for hold in holds if hold.covers(free)), None):
        return _all_held(free, free.changes + free.left_out, [hold])
    kept_out = _kept_out(free, holds, mapping)
    if not kept_out:
        return free
    fields = [mapped for mapped in mapping.fields if mapped.of(target).key in kept_out]
    held = [one for one in free.changes + free.left_out if change_key(one, target) in kept_out]
    by = list({hold.sentence: hold for hold in kept_out.values()}.values())
    if free.creates and any(mapped.of(target).required for mapped in fields):
        return _all_held(free, free.changes, by)
    plan = _without(again(mapping.without(fields)) or free, kept_out)
    if not held:
        return plan
    if not plan.writes and plan.status is not Status.FAILED:
        return _all_held(plan, held, by)
    told = " ".join(_of_fields(mapping, target, held, kept_out))
    return replace(plan, held=tuple(held), reason=f"{plan.reason} {told}")


def ended(holds: Iterable[Hold], plans: Sequence[Plan], mapping: FieldMapping, stored: Stored) -> set[int]:
    """The ids of those holds of a pair that end with its ``plans``, as they were carried out: they keep out
    one value, and another one is written, or both sides hold it already. What the source shows, but is not
    written (by the modes and the scope, or because its emptiness is not believed), ends none. ``stored``:
    what each record of the pair held before."""
    return {hold.id for hold in holds if any(_ends(hold, plan, mapping, stored) for plan in plans)}


def creation_digest(plan: Plan) -> str:
    """Stands for what the source wants created, without defaults, which may change with the day."""
    source, known = plan.direction.source, plan.incoming or {}
    wanted = {
        change_key(one, plan.direction.target): one.after
        for one in plan.changes
        if known.get(change_key(one, source)) is not None
    }
    return hashlib.blake2b(json.dumps(sorted(wanted.items())).encode(), digest_size=16).hexdigest()


def change_key(change: Change, system: System) -> str:
    """The key in ``system`` of the field that changes."""
    return change.element451 if system is System.ELEMENT451 else change.salesforce


def _kept_out(free: Plan, holds: Sequence[Hold], mapping: FieldMapping) -> dict[str, Hold]:
    """The fields of the target, by their keys, that may not be written, and by which hold."""
    target = free.direction.target
    found = {hold.key(target): hold for hold in holds if hold.what is Held.FIELD}
    for change in free.changes + free.left_out:
        for hold in holds:
            if hold.covers_change(free, change, mapping):
                found.setdefault(change_key(change, target), hold)
    return {key: hold for key, hold in found.items() if key in mapping.by_key(target)}


def _without(plan: Plan, keys: Container[str]) -> Plan:
    """``plan`` without these fields of its target: a link, which is in every mapping."""
    target = plan.direction.target
    kept = tuple(one for one in plan.changes if change_key(one, target) not in keys)
    if len(kept) == len(plan.changes):
        return plan
    sent = {key: value for key, value in (plan.outgoing or {}).items() if kept and key not in keys}
    return replace(plan, changes=kept, outgoing=sent)


def _all_held(plan: Plan, held: Sequence[Change], by: Sequence[Hold]) -> Plan:
    return replace(
        plan,
        status=Status.IGNORED,
        reason=" ".join(dict.fromkeys(hold.sentence for hold in by)),
        code="",
        changes=(),
        left_out=(),
        outgoing={},
        held=tuple(held),
    )


def _of_fields(
    mapping: FieldMapping, target: System, held: Iterable[Change], by: Mapping[str, Hold]
) -> list[str]:
    """A sentence for each hold: which fields it keeps as they are."""
    labels: dict[str, list[str]] = {}
    for change in held:
        key = change_key(change, target)
        labels.setdefault(by[key].sentence, []).append(mapping.by_key(target)[key].of(target).label)
    return [f"Not written: {', '.join(names)}. {sentence}" for sentence, names in labels.items()]


def _ends(hold: Hold, plan: Plan, mapping: FieldMapping, stored: Stored) -> bool:
    target = plan.direction.target
    if hold.what is Held.CREATION:
        return hold.system is target and (plan.writes or plan.status is Status.UNCHANGED)
    if hold.what is Held.DEACTIVATION:
        return plan.incoming is not None  # the record is back: it is planned by its values
    if hold.what is not Held.VALUE or hold.system is None:
        return False
    mapped = mapping.by_key(hold.system).get(hold.key(hold.system))
    if mapped is None or any(change_key(one, target) == mapped.of(target).key for one in plan.held):
        return False
    if target is not hold.system:
        return _carries(plan, mapped)
    return _other_value_comes(hold, plan, mapped, stored(target))


def _carries(plan: Plan, mapped: MappedField) -> bool:
    target = plan.direction.target
    return plan.writes and any(change_key(one, target) == mapped.of(target).key for one in plan.changes)


def _other_value_comes(hold: Hold, plan: Plan, mapped: MappedField, stored: Mapping[str, Value]) -> bool:
    """Whether the owner has another value than the one that is kept out, and it is written or there
    already."""
    target, known = plan.direction.target, plan.incoming or {}
    field, source_key = mapped.of(target), mapped.of(target.other).key
    updates = plan.writes or plan.held or plan.status is Status.UNCHANGED
    if mapped.owner is target or not updates or source_key not in known:
        return False
    value, problem = mapped.carried(known[source_key], target)
    if problem is not None or values.same(field, value, hold.value):
        return False
    shared = field.key in stored and values.same(field, value, stored[field.key])
    return shared or _carries(plan, mapped)


def _same(mapping: FieldMapping, target: System, change: Change, value: Value) -> bool:
    mapped = mapping.by_key(target).get(change_key(change, target))
    return mapped is not None and values.same(mapped.of(target), change.after, value)
