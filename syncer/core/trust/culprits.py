"""Which values make a record fail, as far as that is known: by these its failure is grouped with those of
others. Pure; standard library only."""

from collections.abc import Collection
from typing import Any

from syncer.core.field_types.field_type import written_out
from syncer.core.mapping import FieldMapping
from syncer.core.plan import Plan
from syncer.core.records import Value
from syncer.core.trust.holds import change_key

MOST, LONGEST = 20, 200
"""So many values are kept of a failure, and so much of each."""

Culprit = list[Any]
"""A value as it is kept with a failure: the field's slug and API name, and what its source holds, as text;
None where that is empty."""


def culprits(plan: Plan, refused: Collection[str], mapping: FieldMapping) -> list[Culprit]:
    """The values of a failed plan that were left out, and those of the target's fields that were
    ``refused``. Of several values in a field, those that its value map should list, each by itself."""
    source, target = plan.direction.source, plan.direction.target
    named = [change for change in plan.changes if change_key(change, target) in refused]
    known, fields = plan.incoming or {}, mapping.by_key(target)
    found: list[Culprit] = []
    for one in (*plan.left_out, *named):
        value = known.get(change_key(one, source), one.after)
        mapped = fields.get(change_key(one, target))
        unlisted = mapped.not_in_map(value, target) if mapped and isinstance(value, list) else ()
        found += [[one.element451, one.salesforce, as_text(each)] for each in unlisted or (value,)]
    return found[:MOST]


def as_text(value: Value) -> str | None:
    """A value as it is told apart from others, and as a value map lists it."""
    if value is None:
        return None
    return ("; ".join(value) if isinstance(value, list) else written_out(value))[:LONGEST]


def is_whole(text: str | None) -> bool:
    """Whether a text of `as_text` is surely all of the value."""
    return text is None or len(text) < LONGEST
