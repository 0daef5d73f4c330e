"""Everything that a configuration would do to the known pairs, whatever is in force: as the guard counts it
(rule 19), with the writes that this takes and examples of each thing. Pure; standard library only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from syncer.core.guard import ChangeCounts, ChangeKind, field_name
from syncer.core.pair import Pair
from syncer.core.plan import Change, Direction, Plan, Status
from syncer.core.records import Kind
from syncer.sync.planning.impact import MAX_EXAMPLES, RecordCount, RecordExample
from syncer.sync.planning.impact_counter import ImpactCounter, example

FAIL = "fail"
Write = tuple[Kind, Direction, str]
"""A kind, a direction, and ``create``, ``update`` or ``blank``."""


@dataclass
class Outlook(ImpactCounter):
    """Counts pair after pair of one kind. ``counts`` are records per kind of change, and per field;
    ``fails`` records per field that does not fit; ``writes`` what has to be sent."""

    counts: ChangeCounts = field(default_factory=ChangeCounts)
    failed: RecordCount = field(default_factory=RecordCount)
    fails: dict[str, RecordCount] = field(default_factory=dict)
    writes: Counter[Write] = field(default_factory=Counter)
    shown: dict[tuple[ChangeKind, str], list[RecordExample]] = field(default_factory=dict)

    def add(self, pair: Pair, before: Iterable[Plan], after: Iterable[Plan]) -> None:
        """Count what the plans ``after`` do to this pair."""
        plans = list(after)
        self.counts.add(plans)
        failing = [plan for plan in plans if plan.status is Status.FAILED]
        if failing:
            self.failed.add(example(pair, reason=failing[0].reason))
        for plan in failing:
            for change in plan.left_out:
                count = self.fails.setdefault(field_name(plan, change), RecordCount())
                count.add(example(pair, change.before, change.after, plan.reason))
        for plan in plans:
            if plan.writes:
                self._count_write(pair, plan)

    def _count_write(self, pair: Pair, plan: Plan) -> None:
        self.writes[plan.kind, plan.direction, "create" if plan.creates else "update"] += 1
        if plan.creates:
            self._show(ChangeKind.CREATE, "", example(pair))
            return
        self.writes[plan.kind, plan.direction, "blank"] += any(map(_blanks, plan.changes))
        for change in plan.changes:
            kind = ChangeKind.BLANK if _blanks(change) else ChangeKind.CHANGE
            self._show(kind, field_name(plan, change), example(pair, change.before, change.after))

    def _show(self, kind: ChangeKind, name: str, one: RecordExample) -> None:
        kept = self.shown.setdefault((kind, name), [])
        if len(kept) < MAX_EXAMPLES:
            kept.append(one)

    def field_counts(self) -> dict[str, dict[str, int]]:
        """Records by field, as the guard names it, and by ``change``, ``blank`` and ``fail``."""
        found: dict[str, dict[str, int]] = {}
        for (kind, name), records in self.counts.fields.items():
            found.setdefault(name, {})[kind.value] = records
        for name, count in self.fails.items():
            found.setdefault(name, {})[FAIL] = count.count
        return {name: {what: found[name].get(what, 0) for what in FIELD_KINDS} for name in sorted(found)}

    def examples(self, what: str, name: str) -> list[dict[str, Any]]:
        """At most ten records for a kind of change of a field, as JSON."""
        if what == FAIL:
            kept = self.fails[name].examples if name in self.fails else []
        else:
            kept = self.shown.get((ChangeKind(what), name), [])
        return list(map(as_json, kept))


FIELD_KINDS = (ChangeKind.CHANGE.value, ChangeKind.BLANK.value, FAIL)


def as_json(one: RecordExample) -> dict[str, Any]:
    """An example as the command line prints it."""
    return {
        "name": one.name,
        "element_id": one.element_id,
        "salesforce_id": one.salesforce_id,
        "before": one.before,
        "after": one.after,
        "reason": one.reason,
    }


def _blanks(change: Change) -> bool:
    return change.after is None
