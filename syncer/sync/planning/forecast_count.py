"""Counting for a forecast: all known pairs are planned by the rules in force and by the edited ones, with the
code that a run plans with, for as long as the time allows."""

from collections.abc import Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import cast

from sqlalchemy import Connection, Engine, select

from syncer.core.plan import Rules
from syncer.core.records import Kind, System
from syncer.infra.database.engine import reading
from syncer.sync.holds import store as holds
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import PAIRS, SIDES, PairStore, to_pair
from syncer.sync.planning.impact import RecordCount
from syncer.sync.planning.impact_counter import ImpactCounter
from syncer.sync.planning.planner import Planner
from syncer.sync.pull.watermarks import Watermark

PAGE_SIZE = 500
"""Pairs that are read at once."""
_NO_RUN = -1

RulesByKind = dict[Kind, Rules]


class ForecastCount:
    """Goes through the known pairs of the edited configuration's objects, a page at a time, until all are
    counted or the time is over."""

    def __init__(self, engine: Engine, before: RulesByKind, after: RulesByKind, seconds: float) -> None:
        """``before``: the rules in force; ``after``: the edited ones."""
        now = datetime.now(UTC)
        self._engine, self._before, self._after = reading(engine), before, after
        self._deadline = monotonic() + seconds
        self._planner_before = Planner(engine, before, _NO_RUN, now)
        self._planner_after = Planner(engine, after, _NO_RUN, now)
        self.impacts: dict[Kind, ImpactCounter] = {}
        self.counted = self.known = 0

    def count(self, kind: Kind) -> None:
        """Count the pairs of one kind; of each, one page at least."""
        before, after = self._before.get(kind), self._after[kind]
        comparable = before is not None and before.mapping.entity.name == after.mapping.entity.name
        impact = self.impacts[kind] = ImpactCounter(before if comparable else None, after)
        pairs, last_id = self._planner_after.pairs[kind], 0
        with self._engine.connect() as connection:
            unread = {system: Watermark(pairs.mapping, system).unread(connection) for system in System}
            self.known += pairs.count(connection, PAIRS.c.left_sync.is_(False))
        while monotonic() < self._deadline or not last_id:
            with self._engine.connect() as connection:
                rows = [_without_unread(row, unread) for row in _page(connection, pairs, last_id)]
            self._count_rows(kind, rows, impact)
            self.counted += len(rows)
            if len(rows) < PAGE_SIZE:
                return
            last_id = rows[-1]["id"]

    def failing(self) -> RecordCount:
        """The records of all kinds that would fail."""
        counts = [impact.failing for impact in self.impacts.values()]
        examples = [example for count in counts for example in count.examples]
        return RecordCount(sum(count.count for count in counts), examples)

    def _count_rows(self, kind: Kind, rows: list[Row], impact: ImpactCounter) -> None:
        if kind is Kind.CONTACT:
            with self._engine.connect() as connection:
                held = holds.of_pairs(connection, (row["id"] for row in rows if row["held"]))
            for row in rows:
                impact.plan(to_pair(row, holds=held.get(row["id"], ())))
            return
        # what a conversation knows of its contact depends on the rules, so that each side reads its own
        planned = self._planner_after.plan_rows(kind, rows)
        former = self._planner_before.plan_rows(kind, rows) if impact.before else []
        before = [each.plans for each in former] or [[] for _ in rows]
        for each, plans in zip(planned, before, strict=True):
            impact.add(each.pair, plans, each.plans)


def _without_unread(row: Row, unread: Mapping[System, frozenset[str]]) -> Row:
    """The row without the values of fields that have to be read again first (rule 6)."""
    for system, keys in unread.items():
        side = SIDES[system]
        row[side.values] = {key: value for key, value in (row[side.values] or {}).items() if key not in keys}
    return row


def _page(connection: Connection, pairs: PairStore, last_id: int) -> list[Row]:
    """The next pairs by id. The columns are compared as expressions: otherwise SQLite takes the index of
    kinds and sorts everything that it finds, for every page."""
    kind, entity = pairs.mapping.kind.value, pairs.mapping.entity.name
    statement = (
        select(PAIRS)
        .where(
            PAIRS.c.id > last_id,
            PAIRS.c.kind.concat("") == kind,
            PAIRS.c.entity.concat("") == entity,
            PAIRS.c.left_sync.is_(False),
        )
        .order_by(PAIRS.c.id)
        .limit(PAGE_SIZE)
    )
    return [cast(Row, dict(each)) for each in connection.execute(statement).mappings()]
