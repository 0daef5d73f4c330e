"""The guard: how much a run would change, and whether that is too much to do unasked (rule 19). Pure;
standard library only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from syncer.core.pair import NEW
from syncer.core.plan import Change, Direction, Plan, Status
from syncer.core.preferences import GuardLimits
from syncer.core.text import counted

CREATE, CHANGE, BLANK, DEACTIVATE = "create", "change", "blank", "deactivate"
HEADROOM_PERCENT = 10
"""An approval covers the numbers shown plus this much."""


@dataclass
class Numbers:
    """Records per kind of change, changes per kind and field, and how many records would be touched at
    all."""

    kinds: Counter[str] = field(default_factory=Counter)
    fields: Counter[tuple[str, str]] = field(default_factory=Counter)
    touched: int = 0
    known: int = 0

    def add(self, plans: Iterable[Plan]) -> set[str]:
        """Count the plans of one pair; gives its kinds of change. A record counts once per kind of change, a
        pair once as touched. A creation counts once: the ID that it leaves in the other half's empty field is
        no change more."""
        kinds: set[str] = set()
        for plan in plans:
            if plan.status is Status.DEACTIVATED:
                kinds.add(DEACTIVATE)
            elif plan.status.writes:
                kinds |= (
                    {CREATE}
                    if plan.creates
                    else {
                        self._count(plan, change) for change in plan.changes if not only_links(plan, change)
                    }
                )
        self.kinds.update(kinds)
        self.touched += bool(kinds)
        return kinds

    def _count(self, plan: Plan, change: Change) -> str:
        kind = BLANK if change.after is None else CHANGE
        arrow = "→" if plan.direction is Direction.EXPORT else "←"
        self.fields[kind, f"{change.element451} {arrow} {change.salesforce}"] += 1
        return kind

    def to_json(self) -> dict[str, Any]:
        """The numbers as they are kept with a run and shown to people."""
        fields: dict[str, dict[str, int]] = {}
        for (kind, name), times in sorted(self.fields.items()):
            fields.setdefault(kind, {})[name] = times
        return {
            "kinds": dict(sorted(self.kinds.items())),
            "fields": fields,
            "touched": self.touched,
            "known": self.known,
        }


def only_links(plan: Plan, change: Change) -> bool:
    """Whether it is the new record's ID, written where the other half held none: an ID that is overwritten is
    a change."""
    return plan.follows and change.after == NEW and change.known and change.before is None


def too_much(numbers: Numbers, limits: GuardLimits) -> str | None:
    """Why a run of this size has to be approved first, as a sentence; None when it may go on."""
    of_a_kind, in_all = allowed(numbers.known, limits)
    found = [
        f"{counted(count, 'record')} to {kind}"
        for kind, count in sorted(numbers.kinds.items())
        if count > of_a_kind
    ]
    if numbers.touched > in_all:
        found.append(f"{numbers.touched:,} of {numbers.known:,} records to touch in all (limit {in_all:,})")
    return (
        f"This run would do a lot at once: {', '.join(found)}. The limit per kind is {of_a_kind:,}."
        if found
        else None
    )


def allowed(known: int, limits: GuardLimits) -> tuple[int, int]:
    """How many records of a kind of change, and how many in all, a run may touch unasked where so many are
    known."""
    share = known * limits.percent // 100
    return max(limits.at_least, min(limits.records, share)), max(limits.at_least, share)


def covered(numbers: Numbers, approved: dict[str, Any]) -> bool:
    """Whether an approval that was given for ``approved`` (as `Numbers.to_json` made it) covers these
    numbers, with a tenth more: in all, of each kind of change, and of each field. What a field may exceed its
    number by is a tenth of its kind's: one more edit somewhere asks nobody anew."""

    def within(now: int, shown: int, of: int) -> bool:
        return (now - shown) * 100 <= of * HEADROOM_PERCENT

    kinds, fields, touched = approved.get("kinds", {}), approved.get("fields", {}), approved.get("touched", 0)
    of_kinds = all(within(now, kinds.get(kind, 0), kinds.get(kind, 0)) for kind, now in numbers.kinds.items())
    of_fields = all(
        within(now, fields.get(kind, {}).get(name, 0), kinds.get(kind, 0))
        for (kind, name), now in numbers.fields.items()
    )
    return within(numbers.touched, touched, touched) and of_kinds and of_fields
