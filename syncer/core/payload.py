"""What a write to one system would carry: the other side's values as it will store them, the link, the
lookup. Pure; standard library only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from syncer.core import values
from syncer.core.field_types.field_type import Unfit
from syncer.core.ids import element_id, salesforce_id
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


def contact_lookup(pair: Pair, mapping: FieldMapping) -> dict[str, Value]:
    """A conversation's lookup to its contact: the Salesforce ID of the contact's pair (rule 13)."""
    if mapping.contact is None or pair.contact is None:
        return {}
    return {mapping.contact.salesforce.key: pair.contact.salesforce_id}


def values_to_send(
    pair: Pair, target: System, fields: Iterable[MappedField]
) -> tuple[dict[str, Value], list[str]]:
    """The source's values of these fields as the target will store them, and a sentence for each that does
    not fit. A value not yet read is left out (rule 6)."""
    outgoing: dict[str, Value] = {}
    problems: list[str] = []
    known = pair.values(target.other)
    for mapped in fields:
        source, field = mapped.of(target.other), mapped.of(target)
        if source.key not in known:
            continue
        try:
            outgoing[field.key] = values.stored(field, mapped.converted(known[source.key], target))
        except Unfit as problem:
            problems.append(str(problem))
    return outgoing, problems


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
