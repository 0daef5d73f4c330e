"""What pairs learn from writes, collected and written at once: new values and IDs, and what was rewritten
(rule 5)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import Connection

from syncer.core.pair import Rewrite
from syncer.core.plan import Plan
from syncer.core.records import RecordState, System, Value
from syncer.sync.holds import store as holds
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import SIDES, PairStore, delete_rows, update_rows
from syncer.sync.planning.planner import PlannedPair


class PairUpdates:
    """Collects the column changes that one batch of writes brings; `save` stores them. Each `PlannedPair` is
    updated in memory as well."""

    def __init__(self, pairs: PairStore) -> None:
        self.pairs = pairs
        self._columns: dict[int, dict[str, Any]] = {}
        self._holders: dict[System, dict[str | None, Row]] = {system: {} for system in System}
        self._replaced: dict[int, int] = {}

    def look_up(self, connection: Connection, system: System, ids: Iterable[str]) -> None:
        """Find the rows that already stand for records which may turn out to be a planned pair's other
        half."""
        self._holders[system] |= self.pairs.by_ids(connection, system, ids, outline=True)

    def held_by(self, system: System, identity: str | None) -> str | None:
        """The other system's ID of the pair that stands for this record of ``system`` already; None where
        none was found."""
        holder = self._holders[system].get(identity or "")
        return holder[SIDES[system].other.id] if holder else None

    def record_values(
        self, planned: PlannedPair, system: System, values: dict[str, Value], identity: str | None = None
    ) -> bool:
        """``system`` now holds ``values`` (added to what is known) under ``identity``, if that is new.

        False, and nothing noted, where another pair holds that record already: then the two must not be
        joined.
        """
        side = SIDES[system]
        columns: dict[str, Any] = {}
        if identity and identity != planned.row[side.id]:
            holder = self._holders[system].get(identity)
            if holder and holder[side.other.id]:
                return False
            if holder:
                self._replaced[holder["id"]] = planned.row["id"]
            columns = {side.id: identity, "problem": None}
        known = dict(planned.pair.values(system)) | values
        columns |= {side.values: known, side.state: RecordState.LIVE.value} | self.pairs.derived_columns(
            system, known
        )
        if damaged := planned.row[side.damaged]:
            columns[side.damaged] = [key for key in damaged if key not in values] or None
        both = {system.other: planned.pair.values(system.other), system: known}
        if (search := self.pairs.search(both[System.ELEMENT451], both[System.SALESFORCE])) != planned.row[
            "search"
        ]:
            columns["search"] = search
        self.set_columns(planned, columns)
        if system is System.ELEMENT451:
            planned.pair = replace(
                planned.pair, element451=known, element_id=planned.row["element_id"], problem=None
            )
        else:
            planned.pair = replace(
                planned.pair, salesforce=known, salesforce_id=planned.row["salesforce_id"], problem=None
            )
        return True

    def set_columns(self, planned: PlannedPair, columns: dict[str, Any]) -> None:
        """Set these columns on the pair's row."""
        if columns:
            self._columns.setdefault(planned.row["id"], {}).update(columns)
            planned.row |= cast(Row, columns)

    def save(self, connection: Connection) -> None:
        """Write everything that was learned."""
        holds.follow(connection, self._replaced)
        delete_rows(connection, list(self._replaced))
        update_rows(connection, [columns | {"id": row} for row, columns in self._columns.items()])


def rewrites(planned: PlannedPair, plan: Plan, run: int, previous_run: int) -> dict[str, Any]:
    """The pair's rewrites after ``plan`` was written: a value that had to be written again in successive runs
    is counted."""
    counted = dict(planned.pair.rewrites)
    for change in plan.changes:
        key = change.salesforce if plan.direction.target is System.SALESFORCE else change.element451
        before = counted.get(key)
        again = before is not None and before.value == change.after and before.run == previous_run
        counted[key] = Rewrite(change.after, before.times + 1 if again and before else 1, run)
    return {key: list(value) for key, value in counted.items() if value.run in (run, previous_run)}
