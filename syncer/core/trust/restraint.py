"""A plan as the filters and the holds of its pair let it be (rules 12 and 20). Pure; standard library
only."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from syncer.core.mapping import FieldMapping
from syncer.core.matching.conditions import Condition
from syncer.core.pair import Pair
from syncer.core.plan import Plan, Status
from syncer.core.records import RecordState
from syncer.core.trust.holds import obey


def restrained(
    free: Plan, pair: Pair, mapping: FieldMapping, again: Callable[[FieldMapping], Plan | None]
) -> Plan:
    """``free``, which was planned as if there were neither; ``again`` plans the same by another mapping.
    Nothing is written to or created for a record outside the filters, not even the link."""
    if why := outside(pair, mapping.filters):
        nothing = replace(free, status=Status.IGNORED, reason=why, code="", changes=(), left_out=())
        return replace(nothing, outgoing={})
    return obey(free, pair.holds, mapping, again)


def outside(pair: Pair, filters: Iterable[Condition]) -> str | None:
    """Why a pair is not synced, as a sentence: a living record of it does not meet a condition of its side.
    None where it meets all, or what was not read yet may meet them: a record just created. Damaged text meets
    no condition, whatever that asks: nobody can tell what it says (rule 22). Nobody is in a segment before it
    was looked at."""
    for condition in filters:
        system, key = condition.field.system, condition.field.key
        if not pair.id(system) or pair.state(system) is not RecordState.LIVE:
            continue
        known, damaged = pair.values(system), (system, key) in pair.damaged
        unknown = key not in known
        if damaged or (bool(condition.segment) if unknown else not condition.holds(known[key])):
            return f"It is outside the filter of {system.label}: only where {condition}."
    return None
