"""Counting what other rules would do to pairs: each pair is planned by both, and the plans are compared.
Pure; standard library only."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from syncer.core.compiled.planner import PairPlanner
from syncer.core.guard import is_new_id
from syncer.core.mapping import MappedField
from syncer.core.pair import Pair
from syncer.core.person_names import name_and_email
from syncer.core.plan import Change, Direction, Plan, Rules, Status
from syncer.core.planner import may_update
from syncer.core.records import Kind, System, Value
from syncer.sync.planning.impact import FieldImpact, RecordCount, RecordExample
from syncer.sync.planning.plan_inputs import PlanInputs

_SUBJECT = "conversation-subject"

_FieldKey = tuple[Direction, str, str]
"""A mapped field in one direction: its slug and its API name."""


@dataclass
class ImpactCounter:
    """Counts pair after pair of one kind. ``before``: the rules in force, None if none apply to these pairs;
    ``after``: the others."""

    before: Rules | None
    after: Rules
    fields: dict[tuple[System, str, str], FieldImpact] = field(default_factory=dict)
    created: dict[System, RecordCount] = field(default_factory=dict)
    failing: RecordCount = field(default_factory=RecordCount)
    written: int = 0
    """Records that would be created or changed."""

    def plan(self, pair: Pair) -> None:
        """Plan this pair by both rules, and count the differences."""
        if self._differing:
            before, after = self._differing
            plans = after.plans(pair)
            failed = any(plan.status is Status.FAILED for plan in before.plans(pair))
            if not failed and not any(_acts(plan) for plan in plans):
                self.add(pair, (), plans)
                return
        plans = self._planner_after.plans(pair)
        compares = self._planner_before and any(_acts(plan) for plan in plans)
        former = self._planner_before.plans(pair) if self._planner_before and compares else ()
        self.add(pair, former, plans)

    def add(self, pair: Pair, before: Iterable[Plan], after: Iterable[Plan]) -> None:
        """Count what the plans ``after`` do to this pair that the plans ``before`` do not."""
        former = list(before)
        values = {key: value for plan in former for key, value in _written_values(plan)}
        failing = {plan.direction for plan in former if plan.status is Status.FAILED}
        creating = {plan.direction for plan in former if plan.creates}
        written = False
        for plan in after:
            if plan.status is Status.FAILED and plan.direction not in failing:
                self.failing.add(example(pair, reason=plan.reason))
            if plan.status is Status.FAILED and not plan.writes:
                continue
            if not plan.creates:
                written |= self._count_changes(pair, plan, values)
            elif plan.direction not in creating:
                self.created.setdefault(plan.direction.target, RecordCount()).add(example(pair))
                written = True
        self.written += written

    def _count_changes(self, pair: Pair, plan: Plan, former: dict[_FieldKey, Value]) -> bool:
        """Count the fields that ``plan`` changes otherwise than the ``former`` values; whether there are
        any."""
        counted, unread = False, self._unread_fields(pair, plan.direction)
        for change in plan.changes if plan.writes else ():
            key = (plan.direction, change.element451, change.salesforce)
            if is_new_id(plan, change) or (key in former and former[key] == change.after):
                continue
            mapped = self.after.mapping.by_key(System.SALESFORCE)[change.salesforce]
            if change.known:
                self._count_change(pair, plan, mapped, change)
                counted = True
            else:
                unread[change.salesforce] = mapped
        for mapped in unread.values():
            self._impact(plan, mapped).unread += 1
        return counted

    def _count_change(self, pair: Pair, plan: Plan, mapped: MappedField, change: Change) -> None:
        impact = self._impact(plan, mapped)
        count = impact.blanked if change.after is None else impact.changed
        count.add(example(pair, change.before, change.after))

    def _unread_fields(self, pair: Pair, direction: Direction) -> dict[str, MappedField]:
        """The fields, by API name, that the record at the target would get by the new rules only, and whose
        source has not been read."""
        paired = pair.element_id and pair.salesforce_id
        if not paired or not may_update(pair, self.after.preferences, direction):
            return {}
        updated_before = self.before is not None and may_update(pair, self.before.preferences, direction)
        sent = self._newly_sent[direction] if updated_before else self._sent[direction]
        read = pair.values(direction.source)
        return {
            mapped.salesforce.key: mapped for mapped in sent if mapped.of(direction.source).key not in read
        }

    def _impact(self, plan: Plan, mapped: MappedField) -> FieldImpact:
        target = plan.direction.target
        key = (target, mapped.element451.key, mapped.salesforce.key)
        return self.fields.setdefault(key, FieldImpact(plan.kind, mapped, target))

    @cached_property
    def _planner_before(self) -> PairPlanner | None:
        return PairPlanner(self.before) if self.before else None

    @cached_property
    def _planner_after(self) -> PairPlanner:
        return PairPlanner(self.after)

    @cached_property
    def _differing(self) -> tuple[PairPlanner, PairPlanner] | None:
        """Plans by both rules without the fields that are the same in both. A pair to which these do nothing
        has no difference, which is quickly seen. None if the modes differ, which concern every field."""
        if self.before is None or PlanInputs.of(self.before).modes != PlanInputs.of(self.after).modes:
            return None
        same = set(self.before.mapping.fields) & set(self.after.mapping.fields)
        return _planner_without(self.before, same), _planner_without(self.after, same)

    @cached_property
    def _sent(self) -> dict[Direction, tuple[MappedField, ...]]:
        """The fields that an update carries by the new rules."""
        return {
            direction: tuple(
                mapped
                for mapped in self.after.mapping.owned_by(direction.source)
                if mapped.of(direction.target).updatable
            )
            for direction in Direction
        }

    @cached_property
    def _newly_sent(self) -> dict[Direction, tuple[MappedField, ...]]:
        """Those of them that an update does not carry by the rules in force."""
        former = {
            direction: self.before.mapping.owned_by(direction.source) if self.before else ()
            for direction in Direction
        }
        return {
            direction: tuple(mapped for mapped in self._sent[direction] if mapped not in former[direction])
            for direction in Direction
        }


def _acts(plan: Plan) -> bool:
    return plan.writes or plan.status is Status.FAILED


def _planner_without(rules: Rules, left_out: set[MappedField]) -> PairPlanner:
    fields = tuple(mapped for mapped in rules.mapping.fields if mapped not in left_out)
    return PairPlanner(replace(rules, mapping=replace(rules.mapping, fields=fields, match_on=())))


def _written_values(plan: Plan) -> Iterable[tuple[_FieldKey, Value]]:
    """The values that an update writes, by field."""
    if plan.writes and not plan.creates:
        for change in plan.changes:
            yield (plan.direction, change.element451, change.salesforce), change.after


def example(pair: Pair, before: Value = None, after: Value = None, reason: str = "") -> RecordExample:
    """This pair as an example of a record, with a value before and after, or the reason why it would fail."""
    name = next(filter(None, name_and_email(pair.element451, pair.salesforce)), "")
    if pair.kind is Kind.CONVERSATION:
        name = str(pair.element451.get(_SUBJECT) or "")
    return RecordExample(name, pair.element_id, pair.salesforce_id, before, after, reason)
