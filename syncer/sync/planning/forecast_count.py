"""Counting for a forecast: known pairs are planned by the rules in force and by the edited ones, with the
code that a run plans with: all of them, or a random sample for as long as the time allows."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from math import inf
from random import Random
from time import monotonic

from more_itertools import chunked
from sqlalchemy import Connection, Engine, select

from syncer.core.plan import Rules
from syncer.core.records import Kind, System
from syncer.core.trust.estimate import Estimate, estimate
from syncer.infra.database.engine import reading
from syncer.sync.holds import store as holds
from syncer.sync.pair_rows import Row, read_rows
from syncer.sync.pair_store import PAIRS, SIDES, PairStore, to_pair
from syncer.sync.planning.impact import RecordCount
from syncer.sync.planning.impact_counter import ImpactCounter
from syncer.sync.planning.missing_values import Unread
from syncer.sync.planning.planner import Planner
from syncer.sync.planning.sample import random_ids
from syncer.sync.pull.watermarks import Watermark

PAGE_SIZE = 500
"""Pairs that are read at once."""
_NO_RUN = -1

RulesByKind = dict[Kind, Rules]
Read = Callable[[Kind, Sequence[Row], Unread], None]
"""Brings the values of fields that were not read yet into some rows of a kind."""


def _read_nothing(kind: Kind, rows: Sequence[Row], unread: Unread) -> None:
    pass


class ForecastCount:
    """Goes through the known pairs of the edited configuration's objects, a page at a time."""

    def __init__(
        self,
        engine: Engine,
        before: RulesByKind,
        after: RulesByKind,
        *,
        seconds: float = inf,
        sample: int | None = None,
        read: Read = _read_nothing,
        random: Random | None = None,
        counter: Callable[[Rules | None, Rules], ImpactCounter] = ImpactCounter,
    ) -> None:
        """``before``: the rules in force; ``after``: the edited ones. With ``sample``, at most so many pairs
        of each kind are counted, drawn at random, until the ``seconds`` are over; without, all of them."""
        now = datetime.now(UTC)
        self._engine, self._before, self._after = reading(engine), before, after
        self._deadline, self._sample, self._read = monotonic() + seconds, sample, read
        self._random, self._counter = random or Random(), counter  # noqa: S311 - draws a sample
        self._planner_before = Planner(engine, before, _NO_RUN, now)
        self._planner_after = Planner(engine, after, _NO_RUN, now)
        self.impacts: dict[Kind, ImpactCounter] = {}
        self.counted: dict[Kind, int] = {}
        self.known: dict[Kind, int] = {}
        self.unread: dict[Kind, int] = {}
        """The records that were counted of which a value is still not known."""

    def count(self, kind: Kind) -> None:
        """Count the pairs of one kind; of each, one page at least."""
        before, after = self._before.get(kind), self._after[kind]
        comparable = before is not None and before.mapping.entity.name == after.mapping.entity.name
        impact = self.impacts[kind] = self._counter(before if comparable else None, after)
        pairs = self._planner_after.pairs[kind]
        with self._engine.connect() as connection:
            unread = {system: Watermark(pairs.mapping, system).unread(connection) for system in System}
            self.known[kind] = pairs.known(connection)
        self.counted[kind] = self.unread[kind] = 0
        for page in self._pages(pairs):
            rows = [_without_unread(row, unread) for row in page]
            if any(unread.values()):
                self._read(kind, rows, unread)
                self.unread[kind] += sum(_lacks(row, unread) for row in rows)
            self._count_rows(kind, rows, impact)
            self.counted[kind] += len(rows)
            if monotonic() >= self._deadline:
                return

    def estimate(self, kind: Kind, hits: int) -> Estimate:
        """How many of all known pairs of this kind, where ``hits`` of those counted."""
        return estimate(hits, self.counted[kind], self.known[kind])

    def _pages(self, pairs: PairStore) -> Iterator[list[Row]]:
        if self._sample is None:
            last_id = 0
            while rows := self._page(pairs, last_id):
                yield rows
                last_id = rows[-1]["id"]
            return
        with self._engine.connect() as connection:
            staying = PAIRS.c.left_sync.is_(False)
            drawn = random_ids(connection, pairs, staying, self._sample, self._random)
        for ids in chunked(drawn, PAGE_SIZE):
            with self._engine.connect() as connection:
                rows = list(pairs.rows_where(connection, "id", ids))
            yield rows

    def _page(self, pairs: PairStore, last_id: int) -> list[Row]:
        with self._engine.connect() as connection:
            return _page(connection, pairs, last_id)

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


def _lacks(row: Row, unread: Unread) -> bool:
    """Whether a value of a field that had to be read is not known of one of the row's records."""
    return any(
        row[SIDES[system].id] and not keys <= (row[SIDES[system].values] or {}).keys()
        for system, keys in unread.items()
    )


def _without_unread(row: Row, unread: Unread) -> Row:
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
    return list(read_rows(connection.execute(statement)))
