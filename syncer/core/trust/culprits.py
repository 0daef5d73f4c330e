"""Which values make a record fail, as far as that is known: by these its failure is grouped with those of
others. Pure; standard library only."""

from collections.abc import Collection
from typing import Any

from syncer.core.plan import Plan
from syncer.core.records import Value
from syncer.core.trust.holds import change_key

MOST, LONGEST = 20, 200
"""So many values are kept of a failure, and so much of each."""

Culprit = list[Any]
"""A value as it is kept with a failure: the field's slug and API name, and what its source holds, as text;
None where that is empty."""


def culprits(plan: Plan, refused: Collection[str]) -> list[Culprit]:
    """The values of a failed plan that were left out, and those of the target's fields that were
    ``refused``."""
    source, target = plan.direction.source, plan.direction.target
    named = [change for change in plan.changes if change_key(change, target) in refused]
    known = plan.incoming or {}
    return [
        [one.element451, one.salesforce, as_text(known.get(change_key(one, source), one.after))]
        for one in (*plan.left_out, *named)
    ][:MOST]


def as_text(value: Value) -> str | None:
    """A value as it is told apart from others."""
    if value is None:
        return None
    return "; ".join(value)[:LONGEST] if isinstance(value, list) else str(value)[:LONGEST]
