"""What a write to one system would carry: the other side's values as it will store them, the link, the
lookup; and the pair once a creation is done. Pure; standard library only."""

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import NamedTuple

from syncer.core import reasons, values
from syncer.core.field_types.default import default_value
from syncer.core.field_types.field_type import Family, Unfit
from syncer.core.field_types.fit import must_be_filled
from syncer.core.ids import contradicted, element_id, salesforce_id
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.pair import NEW, Pair
from syncer.core.plan import Change, Plan
from syncer.core.reasons import Reason
from syncer.core.records import RecordState, System, Value, Values


@dataclass(frozen=True, slots=True)
class Link:
    """What the target holds of the other system's ID. ``missing``: none that counts; ``write``: what has to
    be written so that it is right."""

    stored: Value
    missing: bool
    write: dict[str, Value]


def link_to_write(pair: Pair, mapping: FieldMapping, target: System) -> Link:
    """The link as ``target`` holds it. An ID that is merged away or gone counts as missing there (rule 7)."""
    link = mapping.link(target)
    if link is None:
        return Link(None, False, {})
    key, wanted = link.of(target).key, pair.id(target.other)
    stored = pair.values(target).get(key)
    normalised = salesforce_id(stored) if target is System.ELEMENT451 else element_id(stored)
    if stored is not None and (normalised or stored) == wanted:
        return Link(stored, False, {})
    missing = stored is None or normalised in pair.former or str(stored) in pair.former
    return Link(stored, missing, {key: wanted})


def damaged_link(pair: Pair, mapping: FieldMapping, source: System) -> Value:
    """What ``source`` stores in place of an ID and that names nobody (rule 7); None where it does not."""
    link = mapping.link(source) if source is System.ELEMENT451 else None
    stored = pair.values(source).get(link.of(source).key) if link else None
    return stored if contradicted(stored) else None


def damaged_labels(pair: Pair, source: System, fields: Iterable[MappedField]) -> list[str]:
    """The fields of ``source``, by their labels, whose text could not be decoded (rule 22)."""
    own = [mapped.of(source) for mapped in fields]
    return [field.label for field in own if (source, field.key) in pair.damaged]


def contact_lookup(pair: Pair, mapping: FieldMapping) -> dict[str, Value]:
    """A conversation's lookup to its contact: the Salesforce ID of the contact's pair (rule 13)."""
    if mapping.contact is None or pair.contact is None:
        return {}
    return {mapping.contact.salesforce.key: pair.contact.salesforce_id}


def fields_to_update(pair: Pair, mapping: FieldMapping, source: System) -> list[MappedField]:
    """What an update carries: the fields that ``source`` owns and that the other side lets be written, empty
    ones too, but for those with a default (rules 1 and 2)."""
    return [
        mapped
        for mapped in mapping.owned_by(source)
        if mapped.of(source.other).updatable and not (mapped.default and _has_none(pair, source, mapped))
    ]


def _has_none(pair: Pair, source: System, mapped: MappedField) -> bool:
    """Whether ``source`` is known to have no value for the field. One not yet read may have one (rule 6)."""
    known, key = pair.values(source), mapped.of(source).key
    return key in known and known[key] is None


class Misfit(NamedTuple):
    """A value that its field at the target does not take, or a field there that cannot take one: the key of
    this field, what the value would have been, and why. ``unlisted``: the value map does not list it."""

    key: str
    value: Value
    problem: str
    unlisted: bool = False


def why_unfit(misfits: Sequence[Misfit], others: bool = False) -> Reason:
    """Why a record with these fails. ``others``: there are further values to write, which do fit."""
    unlisted = all(each.unlisted for each in misfits)
    problems = {each.problem: each.value for each in misfits}
    return reasons.values_do_not_fit(problems, others=others, unlisted=unlisted)


def defaults_to_send(
    pair: Pair, target: System, mapping: FieldMapping, today: date
) -> tuple[dict[str, Value], list[Misfit]]:
    """What a creation in ``target`` gets where the source has no value, constants with it (rule 2), and the
    defaults that do not fit."""
    outgoing: dict[str, Value] = {}
    misfits: list[Misfit] = []
    wanted = [
        (mapped.of(target), partial(mapped.default_in, target, today))
        for mapped in mapping.fields
        if mapped.default and mapped.of(target).creatable and _has_none(pair, target.other, mapped)
    ]
    if target is System.SALESFORCE:
        wanted += [
            (one.salesforce, partial(default_value, one.salesforce, one.default, today))
            for one in mapping.constants
        ]
    for field, value in wanted:
        try:
            outgoing[field.key] = values.stored(field, value())
        except Unfit as problem:
            misfits.append(Misfit(field.key, problem.value, str(problem)))
    return outgoing, misfits


def values_to_send(
    pair: Pair, target: System, fields: Iterable[MappedField]
) -> tuple[dict[str, Value], list[Misfit]]:
    """The source's values of these fields as the target will store them, and those that do not fit. A value
    not yet read is left out (rule 6), as is one that does not fit and is there already."""
    outgoing: dict[str, Value] = {}
    misfits: list[Misfit] = []
    other = target.other
    known, held = pair.values(other), pair.values(target)
    for mapped in fields:
        source, field = mapped.of(other), mapped.of(target)
        if source.key not in known:
            continue
        value, problem = mapped.carried(known[source.key], target)
        unlisted = bool(mapped.not_in_map(known[source.key], target))
        there = held.get(field.key)
        if problem is None and (isinstance(there, list) or field.type.family is Family.SEVERAL):
            problem = field.type.unreadable(field, there)
        if problem is None:
            outgoing[field.key] = value
        elif unlisted or field.key not in held or not values.same(field, there, value):
            misfits.append(Misfit(field.key, value, problem, unlisted))
    return outgoing, misfits


def required_and_empty(
    pair: Pair, target: System, fields: Iterable[MappedField], defaults: Container[str]
) -> list[Misfit]:
    """The fields without which ``target`` creates no record, and for which neither the source nor the
    ``defaults``, by the target's keys, have a value."""
    known = pair.values(target.other)
    return [
        Misfit(mapped.of(target).key, None, must_be_filled(mapped.of(target)))
        for mapped in fields
        if mapped.of(target).required
        and known.get(mapped.of(target.other).key) is None
        and mapped.of(target).key not in defaults
    ]


def without(plan: Plan, refused: Collection[str]) -> Plan:
    """A plan that was carried out but for these fields, by the target's keys: their changes are left out
    (rule 15)."""
    target = plan.direction.target
    kept: list[Change] = []
    left_out = list(plan.left_out)
    for change in plan.changes:
        key = change.salesforce if target is System.SALESFORCE else change.element451
        (left_out if key in refused else kept).append(change)
    sent = {key: value for key, value in (plan.outgoing or {}).items() if key not in refused}
    return replace(plan, changes=tuple(kept), left_out=tuple(left_out), outgoing=sent)


def with_overwritten(plan: Plan, before: Values, mapping: FieldMapping) -> Plan:
    """A plan that was carried out, with the changes that it really made (rule 16): ``before`` is what the
    target held right before, of the fields that were written. What is missing there stays as last read."""
    target, planned = plan.direction.target, {}
    for change in plan.changes:
        planned[change.salesforce if target is System.SALESFORCE else change.element451] = change
    made: list[Change] = []
    for key, after in (plan.outgoing or {}).items():
        if key not in before:
            made += [planned[key]] if key in planned else []
        elif not values.same((mapped := mapping.by_key(target)[key]).of(target), before[key], after):
            made.append(
                Change(mapped.element451.key, mapped.salesforce.key, mapped.owner, before[key], after)
            )
    return replace(plan, changes=tuple(made))


def pair_after_creation(pair: Pair, creation: Plan, mapping: FieldMapping, new_id: str = NEW) -> Pair:
    """The pair as it will be once this creation is done: what was sent is known, and what could have been
    sent is as empty as the target stores it; what the target fills in itself, such as a formula, is unknown
    until it is read (rule 6)."""
    target = creation.direction.target
    sent = {
        field.key: values.stored(field, None)
        for field in mapping.read_from(target)
        if field.creatable and field.key in mapping.by_key(target)
    } | mapping.known_of(target, creation.outgoing or {})
    if target is System.ELEMENT451:
        return replace(pair, element_id=new_id, element451=sent, element_state=RecordState.LIVE)
    return replace(pair, salesforce_id=new_id, salesforce=sent, salesforce_state=RecordState.LIVE)
