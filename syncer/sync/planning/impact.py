"""What other rules would do to pairs: the plans of a pair under both, compared and counted. Pure; standard
library only."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from syncer.core.guard import is_new_id
from syncer.core.mapping import MappedField
from syncer.core.pair import Pair
from syncer.core.person_names import name_and_email
from syncer.core.plan import Direction, Plan, Rules, Status
from syncer.core.planner import may_update, plan_pair
from syncer.core.records import Kind, System, Value

MAX_EXAMPLES = 10
"""How many records are named for each thing that would happen."""
_SUBJECT = "conversation-subject"


@dataclass(frozen=True, slots=True)
class RecordExample:
    """One record of those that were counted: what it is called (empty where nothing is known), its IDs, and
    the value before and after.

    ``reason`` is given for one that would fail.
    """

    name: str
    element_id: str | None
    salesforce_id: str | None
    before: Value = None
    after: Value = None
    reason: str = ""


@dataclass(slots=True)
class RecordCount:
    """So many records, and the first of them."""

    count: int = 0
    examples: list[RecordExample] = field(default_factory=list)

    def add(self, example: RecordExample) -> None:
        """Count one more."""
        self.count += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append(example)


@dataclass(slots=True)
class FieldImpact:
    """What happens to one field of one system: records that get another value, records that are blanked, and
    ``unread``, those of which nothing can be said, because the field has not been read on both sides yet
    (rule 6)."""

    kind: Kind
    mapped: MappedField
    target: System
    changed: RecordCount = field(default_factory=RecordCount)
    blanked: RecordCount = field(default_factory=RecordCount)
    unread: int = 0

    @property
    def examples(self) -> list[RecordExample]:
        """At most ten records: blanked ones first, which lose most, and room for others."""
        blanked = self.blanked.examples[: max(MAX_EXAMPLES // 2, MAX_EXAMPLES - len(self.changed.examples))]
        return blanked + self.changed.examples[: MAX_EXAMPLES - len(blanked)]


@dataclass
class ImpactCounter:
    """Compares pair after pair of one kind. ``before``: the rules in force, None where none are that apply to
    these pairs; ``after``: the others."""

    before: Rules | None
    after: Rules
    effects: dict[tuple[System, str, str], FieldImpact] = field(default_factory=dict)
    created: dict[System, RecordCount] = field(default_factory=dict)
    failing: RecordCount = field(default_factory=RecordCount)
    touched: int = 0

    def plan(self, pair: Pair) -> None:
        """Plan this pair by both rules, and count what differs."""
        if self._narrow:
            before, after = self._narrow
            narrow = plan_pair(pair, after)
            if not any(
                _acts(made)
                for made in (
                    *narrow,
                    *(made for made in plan_pair(pair, before) if made.status is Status.FAILED),
                )
            ):
                self.add(pair, (), narrow)
                return
        made = plan_pair(pair, self.after)
        self.add(pair, plan_pair(pair, self.before) if self.before and any(map(_acts, made)) else (), made)

    def add(self, pair: Pair, before: Iterable[Plan], after: Iterable[Plan]) -> None:
        """Count what the plans ``after`` do to this pair that the plans ``before`` do not."""
        former = list(before)
        written = {key: value for made in former for key, value in _written(made)}
        same = {(made.direction, made.status is Status.FAILED, made.creates) for made in former}
        touched = False
        for made in after:
            if made.status is Status.FAILED:
                if (made.direction, True, False) not in same:
                    self.failing.add(_example(pair, reason=made.reason))
            elif made.creates:
                if (made.direction, False, True) not in same:
                    self.created.setdefault(made.direction.target, RecordCount()).add(_example(pair))
                    touched = True
            else:
                touched |= self._compare(pair, made, written)
        self.touched += touched

    def _compare(self, pair: Pair, made: Plan, written: dict[tuple[Direction, str, str], Value]) -> bool:
        touched, unread = False, self._unread(pair, made.direction)
        for change in made.changes if made.status.writes else ():
            key = (made.direction, change.element451, change.salesforce)
            if is_new_id(made, change) or (key in written and written[key] == change.after):
                continue
            mapped = self.after.mapping.by_key(System.SALESFORCE)[change.salesforce]
            if not change.known:
                unread[mapped.salesforce.key] = mapped
                continue
            effect = self._effect(made, mapped)
            lot = effect.blanked if change.after is None else effect.changed
            lot.add(_example(pair, change.before, change.after))
            touched = True
        for mapped in unread.values():
            self._effect(made, mapped).unread += 1
        return touched

    def _unread(self, pair: Pair, direction: Direction) -> dict[str, MappedField]:
        """The fields that the record at the target would get by the new rules only, and whose source has not
        been read."""
        if not (
            pair.element_id and pair.salesforce_id and may_update(pair, self.after.preferences, direction)
        ):
            return {}
        as_before = self.before is not None and may_update(pair, self.before.preferences, direction)
        known = pair.values(direction.source)
        candidates = self._newly_carried[direction] if as_before else self._carried[direction]
        return {
            mapped.salesforce.key: mapped
            for mapped in candidates
            if mapped.of(direction.source).key not in known
        }

    def _effect(self, made: Plan, mapped: MappedField) -> FieldImpact:
        target = made.direction.target
        key = (target, mapped.element451.key, mapped.salesforce.key)
        return self.effects.setdefault(key, FieldImpact(made.kind, mapped, target))

    @cached_property
    def _narrow(self) -> tuple[Rules, Rules] | None:
        """Both rules without the fields that are the same in both: a pair that they do nothing to has no
        difference, and that is quickly seen. None where the modes differ, which concern every field."""
        if self.before is None or _modes(self.before) != _modes(self.after):
            return None
        both = set(self.before.mapping.fields) & set(self.after.mapping.fields)
        before, after = (
            tuple(mapped for mapped in rules.mapping.fields if mapped not in both)
            for rules in (self.before, self.after)
        )
        return _with(self.before, before), _with(self.after, after)

    @cached_property
    def _carried(self) -> dict[Direction, tuple[MappedField, ...]]:
        return {
            direction: tuple(
                mapped
                for mapped in self.after.mapping.owned_by(direction.source)
                if mapped.of(direction.target).updatable
            )
            for direction in Direction
        }

    @cached_property
    def _newly_carried(self) -> dict[Direction, tuple[MappedField, ...]]:
        former = {
            direction: self.before.mapping.owned_by(direction.source) if self.before else ()
            for direction in Direction
        }
        return {
            direction: tuple(mapped for mapped in self._carried[direction] if mapped not in former[direction])
            for direction in Direction
        }


def _acts(made: Plan) -> bool:
    return made.status.writes or made.status is Status.FAILED


def _modes(rules: Rules) -> tuple[object, ...]:
    preferences = rules.preferences
    return preferences.update_existing, preferences.create_new, preferences.export_mode, preferences.scope


def _with(rules: Rules, fields: tuple[MappedField, ...]) -> Rules:
    return replace(rules, mapping=replace(rules.mapping, fields=fields, match_on=()))


def _written(made: Plan) -> Iterable[tuple[tuple[Direction, str, str], Value]]:
    if made.status.writes and not made.creates:
        for change in made.changes:
            yield (made.direction, change.element451, change.salesforce), change.after


def _example(pair: Pair, before: Value = None, after: Value = None, reason: str = "") -> RecordExample:
    called = next(filter(None, name_and_email(pair.element451, pair.salesforce)), "")
    if pair.kind is Kind.CONVERSATION:
        called = str(pair.element451.get(_SUBJECT) or "")
    return RecordExample(called, pair.element_id, pair.salesforce_id, before, after, reason)
