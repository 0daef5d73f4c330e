"""Everything that a waiting run would do, record by record: planned again from what is known, and kept to
what the run showed (rule 19). Reads the database alone."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Engine, or_, select

from syncer.core.guard import (
    ChangeCounts,
    ChangeKind,
    FieldKey,
    digests,
    field_name,
    suspect_reads,
    without_blanks,
)
from syncer.core.plan import Change, Plan
from syncer.infra.database.engine import reading
from syncer.journal import runs
from syncer.journal.approvals import COUNTING, SHOWN
from syncer.journal.runs import Run
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.pair_store import PAIRS, PairStore
from syncer.sync.planning.planner import PlannedPair, Planner

PAGE = 500
"""Pairs that are read at once."""


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """A pair, and what waits of it: plans as they were shown, of which ``blanks_only`` are the emptied
    suspect fields alone. ``shown``: the digests of all that was shown, by direction; what is planned
    otherwise by now is not among the plans."""

    planned: PlannedPair
    plans: list[Plan]
    shown: dict[str, str]
    blanks_only: frozenset[str] = frozenset()

    @property
    def number(self) -> int:
        """The number of the pair, in whose order they come."""
        return self.planned.row["id"]


@dataclass
class WaitingChanges:
    """What ``run`` waits with, as of the ``counting`` that somebody saw (by default, the newest one).
    ``config``: the configuration in force; what was shown by another version is not found. ``only``: the
    records with these IDs, of either system, of which there are few; None: all."""

    engine: Engine
    config: CompiledConfig
    run: Run
    now: datetime
    counting: int | None = None
    only: Collection[str] | None = None
    suspects: set[FieldKey] = field(init=False)

    def __post_init__(self) -> None:
        numbers = self.run.numbers or {}
        self.counting = numbers.get(COUNTING, 0) if self.counting is None else self.counting
        self.suspects = set(suspect_reads(numbers.get("suspects", [])))
        rules = self.config.rules(self.now.date(), runs.last_done(self.engine, self.run))
        self.planner = Planner(reading(self.engine), rules, self.run.id, self.now)

    def pages(self, after: int = 0) -> Iterator[list[WaitingRecord]]:
        """The records after the pair of this number, a page at a time."""
        while shown := self._shown(after):
            after = max(shown)
            yield self._page(shown)

    def find(
        self, kind: ChangeKind | None = None, named: str | None = None, after: int = 0
    ) -> Iterator[tuple[int, Plan]]:
        """The plans after the pair of this number, each with its number: those with this ``kind`` of change,
        and with a change of the field that is ``named`` so (as the numbers name it, or by either key)."""
        for page in self.pages(after):
            for record in page:
                for plan in record.plans:
                    if fits(plan, kind, named):
                        yield record.number, plan

    def lines(self, kind: ChangeKind | None, named: str | None) -> Iterator[tuple[Plan, Change | None]]:
        """What `find` gives, a field at a time; None for a plan that changes none."""
        for _, plan in self.find(kind, named):
            for change in plan.changes or (None,):
                yield plan, change

    def part_of(self, plan: Plan, blanks_only: bool) -> Plan | None:
        """What of ``plan`` waits: all, or the blanks of suspect fields alone."""
        return without_blanks(plan, self.suspects)[1] if blanks_only else plan

    def digests(self, plan: Plan) -> tuple[str, ...]:
        """What an approval of ``plan`` covers."""
        return digests(plan, self.config.version)

    def _shown(self, after: int) -> dict[int, dict[str, str]]:
        """The digests of the next pairs, by number and direction."""
        here = [SHOWN.c.run == self.run.id, SHOWN.c.since <= self.counting]
        if self.only is not None:
            theirs = or_(PAIRS.c.element_id.in_(self.only), PAIRS.c.salesforce_id.in_(self.only))
            here.append(SHOWN.c.pair.in_(select(PAIRS.c.id).where(theirs)))
        pairs = select(SHOWN.c.pair).where(*here, SHOWN.c.pair > after).distinct()
        page = pairs.order_by(SHOWN.c.pair).limit(PAGE).subquery()
        rows = select(SHOWN.c.pair, SHOWN.c.direction, SHOWN.c.digest)
        found: dict[int, dict[str, str]] = defaultdict(dict)
        with reading(self.engine).connect() as connection:
            for row in connection.execute(rows.where(*here, SHOWN.c.pair.in_(select(page.c.pair)))):
                found[row.pair][row.direction] = row.digest
        return found

    def _page(self, shown: dict[int, dict[str, str]]) -> list[WaitingRecord]:
        found: list[WaitingRecord] = []
        for kind, mapping in self.config.mappings.items():
            with reading(self.engine).connect() as connection:
                rows = list(PairStore(mapping).rows_where(connection, "id", shown))
            for planned in self.planner.plan_rows(kind, rows):
                found.append(self._record(planned, shown[planned.row["id"]]))
        return sorted(found, key=lambda record: record.number)

    def _record(self, planned: PlannedPair, shown: dict[str, str]) -> WaitingRecord:
        plans, blanks_only = list[Plan](), set[str]()
        for plan in planned.plans:
            digest = shown.get(plan.direction.value)
            for alone in (False, True):
                part = self.part_of(plan, alone)
                if part and digest in self.digests(part):
                    plans.append(part)
                    blanks_only |= {plan.direction.value} if alone else set()
                    break
        return WaitingRecord(planned, plans, shown, frozenset(blanks_only))


def fits(plan: Plan, kind: ChangeKind | None, named: str | None) -> bool:
    """Whether ``plan`` has a change of this kind, of the field that is named so."""
    if named is None:
        return kind is None or kind in ChangeCounts().add([plan])
    return any(
        named in (change.element451, change.salesforce, field_name(plan, change))
        and (kind is None or kind in ChangeCounts().add([replace(plan, changes=(change,))]))
        for change in plan.changes
    )
