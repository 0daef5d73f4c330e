"""The guard: how much a run would change, and whether somebody has to approve it first (rule 19). Pure;
standard library only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from syncer.core.pair import NEW
from syncer.core.plan import Change, Direction, Plan, Status
from syncer.core.preferences import GuardLimits
from syncer.core.text import counted

HEADROOM_PERCENT = 10
"""An approval covers the numbers shown plus this much."""


class ChangeKind(StrEnum):
    """What the guard tells apart; the values are verbs, and kept with a run."""

    CREATE = "create"
    CHANGE = "change"
    BLANK = "blank"
    DEACTIVATE = "deactivate"


@dataclass
class ChangeCounts:
    """Records per kind of change, changes per kind and field, how many records would be touched at all, and
    how many are known."""

    kinds: Counter[ChangeKind] = field(default_factory=Counter)
    fields: Counter[tuple[ChangeKind, str]] = field(default_factory=Counter)
    touched: int = 0
    known: int = 0

    def add(self, plans: Iterable[Plan]) -> set[ChangeKind]:
        """Count the plans of one pair; returns its kinds of change. A record counts once per kind of change,
        a pair once as touched. A creation counts once: writing its ID to the other half's empty field is not
        counted as another change."""
        kinds: set[ChangeKind] = set()
        for plan in plans:
            if plan.status is Status.DEACTIVATED:
                kinds.add(ChangeKind.DEACTIVATE)
            elif plan.creates:
                kinds.add(ChangeKind.CREATE)
            elif plan.status.writes:
                kinds |= {self._count(plan, change) for change in plan.changes if not is_new_id(plan, change)}
        self.kinds.update(kinds)
        self.touched += bool(kinds)
        return kinds

    def _count(self, plan: Plan, change: Change) -> ChangeKind:
        kind = ChangeKind.BLANK if change.after is None else ChangeKind.CHANGE
        arrow = "→" if plan.direction is Direction.EXPORT else "←"
        self.fields[kind, f"{change.element451} {arrow} {change.salesforce}"] += 1
        return kind

    def to_json(self) -> dict[str, Any]:
        """The numbers as they are kept with a run and shown to people."""
        fields: dict[str, dict[str, int]] = {}
        for (kind, name), times in sorted(self.fields.items()):
            fields.setdefault(kind.value, {})[name] = times
        return {
            "kinds": {kind.value: records for kind, records in sorted(self.kinds.items())},
            "fields": fields,
            "touched": self.touched,
            "known": self.known,
        }


def is_new_id(plan: Plan, change: Change) -> bool:
    """Whether the change only writes a new record's ID where the other half held none. Where an ID is
    overwritten, that is a change like any other."""
    return plan.follows and change.after == NEW and change.known and change.before is None


def over_limits(counts: ChangeCounts, limits: GuardLimits) -> str | None:
    """Why a run of this size has to be approved first, as a sentence; None when it may go on."""
    of_a_kind, in_all = effective_limits(counts.known, limits)
    found = [
        f"{counted(records, 'record')} to {kind}"
        for kind, records in sorted(counts.kinds.items())
        if records > of_a_kind
    ]
    if counts.touched > in_all:
        found.append(f"{counts.touched:,} of {counts.known:,} records to touch in all (limit {in_all:,})")
    if not found:
        return None
    return f"This run would do a lot at once: {', '.join(found)}. The limit per kind is {of_a_kind:,}."


def effective_limits(known: int, limits: GuardLimits) -> tuple[int, int]:
    """How many records of a kind of change, and how many in all, a run may touch without approval where so
    many are known."""
    share = known * limits.percent // 100
    return max(limits.at_least, min(limits.records, share)), max(limits.at_least, share)


def approval_covers(counts: ChangeCounts, approved: dict[str, Any]) -> bool:
    """Whether an approval that was given for ``approved`` (from `ChangeCounts.to_json`) covers these counts,
    with a tenth more: in all, of each kind of change, and of each field. A field may exceed its own number by
    a tenth of its kind's, so that one more edit somewhere needs no new approval."""

    def within(now: int, shown: int, of: int) -> bool:
        return (now - shown) * 100 <= of * HEADROOM_PERCENT

    kinds, fields, touched = approved.get("kinds", {}), approved.get("fields", {}), approved.get("touched", 0)
    of_kinds = all(within(now, kinds.get(kind, 0), kinds.get(kind, 0)) for kind, now in counts.kinds.items())
    of_fields = all(
        within(now, fields.get(kind, {}).get(name, 0), kinds.get(kind, 0))
        for (kind, name), now in counts.fields.items()
    )
    return within(counts.touched, touched, touched) and of_kinds and of_fields
