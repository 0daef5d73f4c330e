"""The values that both systems hold, checked against a configuration: which of them would fail, planned by
the code that a run plans with, for every known record (rule 15). Asks neither system for records."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import Engine, func, select

from syncer.core.field_types.field_type import Family
from syncer.core.field_types.fit import must_be_filled
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.plan import Change, Plan, Rules, Status
from syncer.core.records import Kind, System, Value
from syncer.infra.database.engine import reading
from syncer.sync.pair_store import PAIRS, SIDES, PairStore
from syncer.sync.planning.planner import PlannedPair, Planner

PAGE_SIZE = 500
WORST = 10
"""How many records are named for each thing that was found."""
_NO_RUN = -1


@dataclass(frozen=True, slots=True)
class ValueExample:
    """A record with a value that was found; ``why`` is a sentence."""

    element_id: str | None
    salesforce_id: str | None
    value: Value
    why: str


@dataclass(slots=True)
class ValueFinding:
    """What was found in one mapped field on its way to ``target``: how many ``records`` would fail for it
    with this ``code``, and the worst of them: those with the longest values."""

    kind: Kind
    target: System
    element451: str
    salesforce: str
    code: str
    records: int = 0
    _heap: list[tuple[int, int, ValueExample]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(0, -1))

    def add(self, example: ValueExample) -> None:
        """Count one more record."""
        self.records += 1
        entry = (len(str(example.value)), next(self._numbers), example)
        if len(self._heap) < WORST:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heappushpop(self._heap, entry)

    @property
    def examples(self) -> list[ValueExample]:
        """The worst ones, the longest value first; of equals those that were met first."""
        return [example for _, _, example in sorted(self._heap, key=lambda entry: entry[:2], reverse=True)]


@dataclass(slots=True)
class Longest:
    """The longest text that is on its way to a field of ``target``, in characters, and what fits there."""

    kind: Kind
    target: System
    element451: str
    salesforce: str
    limit: int
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Records of ``system`` that share their match values with others (rule 7): how many, in how many groups,
    and the largest groups by their ids."""

    system: System
    records: int
    groups: int
    examples: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class ValueCheck:
    """What was found: ``records`` were planned, ``failing`` of them would fail, for a value or for another
    reason; ``unread`` values, by the keys of their field, are not known yet."""

    records: int = 0
    failing: int = 0
    findings: dict[tuple[str, ...], ValueFinding] = field(default_factory=dict)
    longest: dict[tuple[str, ...], Longest] = field(default_factory=dict)
    unread: dict[tuple[str, str], int] = field(default_factory=dict)
    duplicates: list[Duplicates] = field(default_factory=list)


def check_values(
    engine: Engine, rules: dict[Kind, Rules], on_failure: Callable[[Plan], None] = lambda plan: None
) -> ValueCheck:
    """Check every known record against these rules, a page at a time; ``on_failure`` gets each plan that
    fails. Match values are those of the configuration in force."""
    found = ValueCheck()
    planner = Planner(reading(engine), rules, _NO_RUN, datetime.now(UTC))
    for kind, kind_rules in rules.items():
        pairs = planner.pairs[kind]
        for rows in pairs.walk(planner.engine, PAIRS.c.left_sync.is_(False), size=PAGE_SIZE, most=True):
            for planned in planner.plan_rows(kind, rows):
                _count(found, planned, kind_rules.mapping, on_failure)
        if kind_rules.mapping.match_on:
            shared = (_duplicates(planner.engine, pairs, system) for system in System)
            found.duplicates += filter(None, shared)
    return found


def _count(
    found: ValueCheck, planned: PlannedPair, mapping: FieldMapping, on_failure: Callable[[Plan], None]
) -> None:
    found.records += 1
    failed = [plan for plan in planned.plans if plan.status is Status.FAILED]
    found.failing += bool(failed)
    for plan in failed:
        on_failure(plan)
        for change in plan.left_out:
            _count_misfit(found, planned, plan, change, mapping)
    for mapped in mapping.fields:
        _count_value(found, planned, mapped)


def _count_misfit(
    found: ValueCheck, planned: PlannedPair, plan: Plan, change: Change, mapping: FieldMapping
) -> None:
    target = plan.direction.target
    mapped = mapping.by_key(System.SALESFORCE).get(change.salesforce)
    value = planned.pair.values(target.other).get(mapped.of(target.other).key) if mapped else change.after
    why = mapped.carried(value, target)[1] if mapped else None
    if mapped and value is None and why is None and mapped.of(target).required:
        why = must_be_filled(mapped.of(target))
    key = (plan.kind.value, target.value, change.element451, change.salesforce, plan.code)
    finding = found.findings.setdefault(
        key, ValueFinding(plan.kind, target, change.element451, change.salesforce, plan.code)
    )
    finding.add(ValueExample(plan.element_id, plan.salesforce_id, value, why or plan.reason))


def _count_value(found: ValueCheck, planned: PlannedPair, mapped: MappedField) -> None:
    """Note how long the owner's value is, or that it was not read."""
    source = mapped.owner
    if not planned.pair.id(source):
        return
    values, keys = planned.pair.values(source), (mapped.element451.key, mapped.salesforce.key)
    if mapped.of(source).key not in values:
        found.unread[keys] = found.unread.get(keys, 0) + 1
        return
    target, value = mapped.of(source.other), values[mapped.of(source).key]
    if isinstance(value, str) and target.family is Family.TEXT and target.length:
        kind = planned.pair.kind
        longest = found.longest.setdefault(
            (kind.value, *keys), Longest(kind, source.other, *keys, limit=target.length)
        )
        longest.characters = max(longest.characters, len(value))


def _duplicates(engine: Engine, pairs: PairStore, system: System) -> Duplicates | None:
    side = SIDES[system]
    match, identity = PAIRS.c[side.match], PAIRS.c[side.id]
    shared = (
        select(match, func.count().label("records"))
        .where(pairs.here, PAIRS.c.left_sync.is_(False), match.is_not(None), identity.is_not(None))
        .group_by(match)
        .having(func.count() > 1)
    ).subquery()
    with engine.connect() as connection:
        groups, records = connection.execute(
            select(func.count(), func.coalesce(func.sum(shared.c.records), 0))
        ).one()
        largest = connection.execute(
            select(shared.c[side.match]).order_by(shared.c.records.desc(), shared.c[side.match]).limit(WORST)
        ).scalars()
        examples = tuple(
            tuple(
                connection.execute(
                    select(identity).where(pairs.here, match == value).order_by(PAIRS.c.id).limit(WORST)
                ).scalars()
            )
            for value in largest.all()
        )
    return Duplicates(system, int(records), groups, examples) if groups else None
