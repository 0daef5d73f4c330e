"""Some plans that stand for many: what fails and what empties a field come first, and each sort of thing that
would happen is among them. Pure; standard library only."""

from itertools import chain, zip_longest

from syncer.core.plan import Plan, Status

LOOKED_AT = 25
"""For each plan that is wanted, so many are looked at before those that came are taken."""
_ORDER = (Status.FAILED, Status.DEACTIVATED, Status.UPDATED, Status.UPSERTED, Status.INSERTED)


class Mixture:
    """Takes plans as they come, and keeps at most ``size`` of each sort."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._sorts: dict[tuple[int, int], list[Plan]] = {}
        self._quiet: list[Plan] = []
        self._seen = 0

    def add(self, plan: Plan) -> bool:
        """Look at one more; whether it may come to be picked."""
        if plan.writes or plan.status in _ORDER:
            self._seen += 1
            kept = self._sorts.setdefault(_sort(plan), [])
        else:
            kept = self._quiet
        if len(kept) == self._size:
            return False
        kept.append(plan)
        return True

    @property
    def enough(self) -> bool:
        """Whether so many were looked at that the mixture will hardly change."""
        return self._seen >= self._size * LOOKED_AT

    def picked(self) -> list[Plan]:
        """The plans: of each sort in turn, until there are enough; sort by sort, what loses most first. Of
        those to which nothing would happen there is one, and more only fill up."""
        sorts = [*(self._sorts[sort] for sort in sorted(self._sorts)), self._quiet[:1]]
        in_turn = [plan for plan in chain.from_iterable(zip_longest(*sorts)) if plan is not None]
        chosen = sorted(in_turn[: self._size], key=_sort)
        return (chosen + self._quiet[1:])[: self._size]


def _sort(plan: Plan) -> tuple[int, int]:
    """What is told apart, the most urgent first: failures, then what is emptied, then by status."""
    if plan.status is Status.FAILED:
        return 0, 0
    if not plan.writes and plan.status not in _ORDER:
        return 3, 0
    emptied = any(change.after is None and change.before is not None for change in plan.changes)
    return 1 if emptied else 2, _ORDER.index(plan.status) if plan.status in _ORDER else len(_ORDER)
