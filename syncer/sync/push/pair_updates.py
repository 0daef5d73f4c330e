"""What pairs learn from the writes that were done, collected and written at once: new values, new IDs, what
was rewritten (rule 5)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from syncer.core.pair import Rewrite
from syncer.core.plan import Plan
from syncer.core.records import State, System, Value
from syncer.sync.pair_store import SIDES, Pairs, Row, change, remove
from syncer.sync.planning.planner import PlannedPair


class PairUpdates:
    """Collects what the items of one sending learn; `save` writes it. Items stay in step with what will be
    written."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self._columns: dict[int, dict[str, Any]] = {}
        self._holders: dict[System, dict[str, Row]] = {system: {} for system in System}
        self._replaced: list[int] = []

    def look_up(self, connection: Connection, system: System, ids: Iterable[str]) -> None:
        """Find the rows that already stand for records that may turn out to be an item's new half."""
        self._holders[system] |= self.pairs.by_ids(connection, system, ids)

    def held_by(self, system: System, identity: str | None) -> str | None:
        """The other system's ID of the pair that stands for this record of ``system`` already; None where
        none was found."""
        holder = self._holders[system].get(identity or "")
        return holder[SIDES[system].other.id] if holder else None

    def values(
        self, item: PlannedPair, system: System, values: dict[str, Value], identity: str | None = None
    ) -> bool:
        """``system`` now holds ``values`` (added to what is known) under ``identity``, if that is new.

        False, and nothing noted, where another pair holds that record already: then the two must not be
        joined.
        """
        side = SIDES[system]
        columns: dict[str, Any] = {}
        if identity and identity != item.row[side.id]:
            holder = self._holders[system].get(identity)
            if holder and holder[side.other.id]:
                return False
            if holder:
                self._replaced.append(holder["id"])
            columns = {side.id: identity, "problem": None}
        known = dict(item.pair.values(system)) | values
        columns |= {side.values: known, side.state: State.LIVE.value} | self.pairs.links_and_keys(
            system, known
        )
        both = {system.other: item.pair.values(system.other), system: known}
        if (search := self.pairs.search(both[System.ELEMENT451], both[System.SALESFORCE])) != item.row[
            "search"
        ]:
            columns["search"] = search
        self.columns(item, columns)
        if system is System.ELEMENT451:
            item.pair = replace(item.pair, element451=known, element_id=item.row["element_id"], problem=None)
        else:
            item.pair = replace(
                item.pair, salesforce=known, salesforce_id=item.row["salesforce_id"], problem=None
            )
        return True

    def columns(self, item: PlannedPair, columns: dict[str, Any]) -> None:
        """The item's row gets these columns."""
        self._columns.setdefault(item.row["id"], {}).update(columns)
        item.row |= columns

    def save(self, connection: Connection) -> None:
        """Write everything that was learned."""
        remove(connection, self._replaced)
        change(connection, [columns | {"id": row} for row, columns in self._columns.items()])


def rewrites(item: PlannedPair, plan: Plan, run: int, previous_run: int) -> dict[str, Any]:
    """The pair's rewrites after ``plan`` was written: a value that had to be written again in successive runs
    is counted."""
    kept = dict(item.pair.rewrites)
    for made in plan.changes:
        key = made.salesforce if plan.direction.target is System.SALESFORCE else made.element451
        before = kept.get(key)
        again = before is not None and before.value == made.after and before.run == previous_run
        kept[key] = Rewrite(made.after, before.times + 1 if again and before else 1, run)
    return {key: list(value) for key, value in kept.items() if value.run in (run, previous_run)}
