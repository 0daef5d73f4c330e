"""What a write to one system would carry: the other side's values as it will store them, the link, the
lookup. Pure; standard library only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from syncer.core import values
from syncer.core.field_types.fit import must_be_filled
from syncer.core.ids import contradicted, element_id, salesforce_id
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.pair import Pair
from syncer.core.plan import Change, Plan
from syncer.core.records import System, Value, Values


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
    missing = stored is None or normalised in pair.former or stored in pair.former
    return Link(stored, missing, {key: wanted})


def damaged_link(pair: Pair, mapping: FieldMapping, source: System) -> Value:
    """What ``source`` stores in place of an ID and that names nobody (rule 7); None where it does not."""
    link = mapping.link(source) if source is System.ELEMENT451 else None
    stored = pair.values(source).get(link.of(source).key) if link else None
    return stored if contradicted(stored) else None


def contact_lookup(pair: Pair, mapping: FieldMapping) -> dict[str, Value]:
    """A conversation's lookup to its contact: the Salesforce ID of the contact's pair (rule 13)."""
    if mapping.contact is None or pair.contact is None:
        return {}
    return {mapping.contact.salesforce.key: pair.contact.salesforce_id}


class Misfit(NamedTuple):
    """A value that its field at the target does not take, or a field there that cannot take one: why, and
    what it would have been."""

    mapped: MappedField
    value: Value
    problem: str


def values_to_send(
    pair: Pair, target: System, fields: Iterable[MappedField]
) -> tuple[dict[str, Value], list[Misfit]]:
    """The source's values of these fields as the target will store them, and those that do not fit. A value
    not yet read is left out (rule 6), as is one that does not fit and is there already."""
    outgoing: dict[str, Value] = {}
    misfits: list[Misfit] = []
    known, held = pair.values(target.other), pair.values(target)
    for mapped in fields:
        source, field = mapped.of(target.other), mapped.of(target)
        if source.key not in known:
            continue
        value, problem = mapped.carried(known[source.key], target)
        problem = problem or field.type.unreadable(field, held.get(field.key))
        if problem is None:
            outgoing[field.key] = value
        elif field.key not in held or not values.same(field, held[field.key], value):
            misfits.append(Misfit(mapped, value, problem))
    return outgoing, misfits


def required_and_empty(pair: Pair, target: System, fields: Iterable[MappedField]) -> list[Misfit]:
    """The fields without which ``target`` creates no record, and for which the source has no value."""
    known = pair.values(target.other)
    return [
        Misfit(mapped, None, must_be_filled(mapped.of(target)))
        for mapped in fields
        if mapped.of(target).required and known.get(mapped.of(target.other).key) is None
    ]


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
