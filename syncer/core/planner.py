"""What would be done to a pair, and why: the decision of every status before anything is written. Pure: no
I/O, no clock (rules 1 to 15).

Which fields an update carries is `FieldMapping.owned_by` in `syncer.core.mapping`; the sentences are
`syncer.core.reasons`; the values to send are `syncer.core.payload`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from syncer.core import reasons, values
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.pair import Pair
from syncer.core.payload import (
    Link,
    Misfit,
    contact_lookup,
    damaged_labels,
    damaged_link,
    defaults_to_send,
    fields_to_update,
    link_to_write,
    pair_after_creation,
    required_and_empty,
    values_to_send,
    why_unfit,
)
from syncer.core.plan import Change, Direction, Plan, Rules, Status
from syncer.core.preferences import Preferences, Scope
from syncer.core.reasons import Reason
from syncer.core.records import NOT_GONE, Kind, RecordState, System, Value
from syncer.core.trust.holds import change_key, obey
from syncer.core.trust.restraint import restrained


def plan_pair(pair: Pair, rules: Rules) -> list[Plan]:
    """The plans for one pair: an import, an export, both or none. A creation is followed by what the other
    direction then has to do. Previews, forecasts and runs call
    `syncer.core.compiled.planner`, which gives the same."""
    if pair.left:
        return []
    if deactivation := deactivation_of(pair):
        return [obey(deactivation, pair.holds, rules.mapping, lambda mapping: None)]
    if unseen := plan_absent(pair):
        return [unseen]
    ways = list(Direction) if pair.kind is Kind.CONTACT else [Direction.EXPORT]
    plans = [plan for direction in ways if (plan := _decided(pair, rules, direction))]
    for plan in plans:
        if plan.status is Status.INSERTED:
            then = pair_after_creation(pair, plan, rules.mapping)
            if (following := _decided(then, rules, plan.direction.opposite)) and following.writes:
                plans.append(replace(following, follows=True))
            break
    return plans


def _decided(pair: Pair, rules: Rules, direction: Direction) -> Plan | None:
    """The plan of one direction, as filters and holds let it be (rules 12 and 20)."""
    plan = (planner := _Planner(pair, rules, direction)).plan()
    limited = pair.holds or rules.mapping.filters
    return restrained(plan, pair, rules.mapping, planner.by) if plan and limited else plan


def may_update(pair: Pair, preferences: Preferences, direction: Direction) -> bool:
    """Whether the modes and the scope let the record at the target get its owner's values (rules 10 to
    13)."""
    if pair.kind is Kind.CONVERSATION:
        return True
    if direction is Direction.IMPORT:
        return preferences.update_existing
    return preferences.export_updates and (pair.in_scope or preferences.scope is Scope.ALL)


def deactivation_of(pair: Pair) -> Plan | None:
    """The plan to take a pair out of the sync, one of whose records is gone; None where both are live."""
    if not (pair.element_id and pair.salesforce_id):
        return None
    if pair.salesforce_state not in NOT_GONE:
        direction = Direction.IMPORT if pair.kind is Kind.CONTACT else Direction.EXPORT
        return bare_plan(pair, direction, reasons.deactivated_in_salesforce(pair.kind, pair.salesforce_state))
    if pair.element_state not in NOT_GONE:
        return bare_plan(pair, Direction.EXPORT, reasons.deactivated_in_element451(pair.kind))
    return None


def plan_absent(pair: Pair) -> Plan | None:
    """The failure of a pair with a record that cannot be read, which proves nothing (rule 9). Its direction
    is the one that writes to that record; for an unpaired record, the one that reads from it."""
    for system in System:
        if pair.id(system) and pair.state(system) is RecordState.ABSENT:
            is_conversation, unpaired = pair.kind is Kind.CONVERSATION, not pair.id(system.other)
            target = system.other if unpaired else system
            direction = Direction.EXPORT if is_conversation else Direction.to(target)
            return bare_plan(pair, direction, reasons.not_visible(pair.kind, system))
    return None


def bare_plan(pair: Pair, direction: Direction, reason: Reason) -> Plan:
    """A plan that carries no values."""
    ids = pair.element_id, pair.salesforce_id
    return Plan(pair.kind, direction, *ids, reason.status, reason.sentence, code=reason.code)


@dataclass(slots=True)
class _Planner:
    """Plans one pair in one direction."""

    pair: Pair
    rules: Rules
    direction: Direction

    @property
    def target(self) -> System:
        return self.direction.target

    @property
    def in_scope(self) -> bool:
        """Whether the contact is one of those that this direction carries (rule 12)."""
        every = self.direction is Direction.IMPORT or self.rules.preferences.scope is Scope.ALL
        return every or self.pair.in_scope

    def plan(self) -> Plan | None:
        """The plan; None where the source has no live record, or conversations are not synced."""
        source = self.direction.source
        if not self.pair.id(source) or self.pair.state(source) is not RecordState.LIVE:
            return None
        if self.pair.kind is Kind.CONTACT:
            return self.contact()
        return self.conversation() if self.rules.preferences.sync_conversations else None

    def by(self, mapping: FieldMapping) -> Plan | None:
        """The plan by another mapping."""
        return replace(self, rules=replace(self.rules, mapping=mapping)).plan()

    def contact(self) -> Plan:
        """The plan for a contact."""
        pair, source = self.pair, self.direction.source
        if pair.id(self.target):
            return self._paired_contact()
        if not self.in_scope:
            return self._plan(reasons.NOT_IN_SCOPE)
        if (stored := damaged_link(pair, self.rules.mapping, source)) is not None:
            return self._plan(reasons.damaged_id(stored))
        if pair.problem:
            return self._plan(reasons.no_clear_match(pair.problem, pair.problem_code))
        if self.direction is Direction.IMPORT and not self.rules.preferences.create_new:
            return self._plan(reasons.CREATE_NEW_IS_OFF)
        return self._creation(reasons.no_match(self.target))

    def conversation(self) -> Plan:
        """The plan for a conversation, which depends on its contact (rule 13)."""
        pair, contact = self.pair, self.pair.contact
        if damaged := self._damaged(filter(None, [self.rules.mapping.contact])):
            return damaged
        if contact is None:
            return self._plan(reasons.ANONYMOUS)
        if contact.left:
            return self._plan(reasons.contact_left(contact.failed))
        if contact.failed or not contact.salesforce_id:
            missing = reasons.CONTACT_NOT_IN_SALESFORCE if contact.known else reasons.CONTACT_NOT_FOUND
            return self._plan(reasons.contact_failed(contact.failed or missing))
        if pair.salesforce_id:
            return self._update(link_to_write(pair, self.rules.mapping, self.target))
        if pair.problem:
            return self._plan(reasons.no_clear_match(pair.problem, pair.problem_code))
        return self._creation(reasons.CONVERSATION_IS_NEW)

    def _paired_contact(self) -> Plan:
        link = link_to_write(self.pair, self.rules.mapping, self.target)
        if may_update(self.pair, self.rules.preferences, self.direction):
            return self._update(link)
        if link.missing:
            return self._unless_altered(self._plan(reasons.newly_paired(self.target), link.write))
        if link.write:
            return self._plan(reasons.id_changed(self.target, link.stored))
        if not self.in_scope:
            return self._plan(reasons.NOT_IN_SCOPE)
        return self._plan(reasons.updates_are_off(self.target))

    def _creation(self, reason: Reason) -> Plan:
        """A creation carries every mapped field that has a value, whoever owns it, and the defaults of those
        that have none (rule 2). It is done whole or not at all (rule 15)."""
        pair, mapping, source, target = self.pair, self.rules.mapping, self.direction.source, self.target
        if why := self.rules.no_creations.get(target):
            return self._plan(reasons.creations_stopped(why))
        creatable = [mapped for mapped in mapping.fields if mapped.of(target).creatable]
        if damaged := self._damaged([*filter(None, [mapping.link(source)]), *creatable]):
            return damaged
        known = pair.values(source)
        filled = [mapped for mapped in creatable if known.get(mapped.of(source).key) is not None]
        outgoing, misfits = values_to_send(pair, target, filled)
        defaults, unfit = defaults_to_send(pair, target, mapping, self.rules.today)
        outgoing |= defaults
        if misfits := [*misfits, *unfit, *required_and_empty(pair, target, creatable, defaults)]:
            return self._plan(why_unfit(misfits), left_out=misfits)
        outgoing |= contact_lookup(pair, mapping)
        if link := mapping.link(target):
            outgoing[link.of(target).key] = pair.id(source)
        return self._plan(reason, outgoing)

    def _update(self, link: Link) -> Plan:
        """An update carries the fields that the source owns, empty ones too, and no others (rule 1). What
        does not fit stays behind alone (rule 15)."""
        pair, mapping, target = self.pair, self.rules.mapping, self.target
        owned = fields_to_update(pair, mapping, self.direction.source)
        outgoing, misfits = values_to_send(pair, target, owned)
        outgoing |= contact_lookup(pair, mapping) | link.write
        changes = self._changes(outgoing)
        if target is System.SALESFORCE:
            # What it holds already is not sent again: an old value may no longer pass a check there.
            outgoing = {change.salesforce: change.after for change in changes}
        if link.missing:
            reason = reasons.newly_paired(target, pair.kind)
        elif link.write:
            reason = reasons.id_corrected(target, pair.kind)
        else:
            reason = reasons.values_differ(pair.kind) if changes else reasons.VALUES_AGREE
        if misfits:
            reason = why_unfit(misfits, others=bool(changes))
        if damaged := damaged_labels(pair, self.direction.source, owned):
            also = reason.sentence if misfits else ""
            reason = reasons.text_damaged(self.direction.source, damaged, also, others=bool(changes))
        return self._unless_altered(self._plan(reason, outgoing if changes else {}, changes, misfits))

    def _damaged(self, fields: Iterable[MappedField]) -> Plan | None:
        """The failure of a record whose source holds text in one of these fields that cannot be decoded (rule
        22)."""
        labels = damaged_labels(self.pair, self.direction.source, fields)
        return self._plan(reasons.text_damaged(self.direction.source, labels)) if labels else None

    def _unless_altered(self, plan: Plan) -> Plan:
        """``plan`` without the values, an ID too, that the target has altered after each of the last writes:
        these are not written again (rule 5)."""
        previous = self.rules.previous_run
        altered = {
            key
            for change in plan.changes
            if self.pair.is_altered(key := change_key(change, self.target), change.after, previous)
        }
        if not altered:
            return plan
        kept = tuple(change for change in plan.changes if change_key(change, self.target) not in altered)
        sent = {key: value for key, value in (plan.outgoing or {}).items() if kept and key not in altered}
        by_key = self.rules.mapping.by_key(self.target)
        labels = ", ".join(by_key[key].of(self.target).label for key in sorted(altered))
        earlier_reason = plan.reason if plan.status is Status.FAILED else ""
        others = bool(kept and not earlier_reason)
        reason = reasons.altered_after_write(self.target, labels, earlier_reason, others=others)
        return replace(
            plan,
            status=reason.status,
            reason=reason.sentence,
            code=plan.code or reason.code,
            changes=kept,
            left_out=plan.left_out + tuple(each for each in plan.changes if each not in kept),
            outgoing=sent,
        )

    def _plan(
        self,
        reason: Reason,
        outgoing: dict[str, Value] | None = None,
        changes: tuple[Change, ...] | None = None,
        left_out: Sequence[Misfit] = (),
    ) -> Plan:
        pair, sent = self.pair, outgoing or {}
        return Plan(
            kind=pair.kind,
            direction=self.direction,
            element_id=pair.known_id(System.ELEMENT451),
            salesforce_id=pair.known_id(System.SALESFORCE),
            status=reason.status,
            reason=reasons.because_missed(reason) if pair.missed else reason.sentence,
            changes=self._changes(sent) if changes is None else changes,
            left_out=tuple(self._change(one.key, one.value) for one in left_out),
            incoming=dict(pair.values(self.direction.source)),
            outgoing=sent,
            code=reason.code,
            own_side_changed=self.direction.source in pair.changed,
        )

    def _changes(self, outgoing: dict[str, Value]) -> tuple[Change, ...]:
        """The fields whose value at the target differs, as it stores them, from what would be sent."""
        held, by_key = self.pair.values(self.target), self.rules.mapping.by_key(self.target)
        return tuple(
            self._change(key, after)
            for key, after in outgoing.items()
            if key not in held
            or not (held[key] == after or values.same(by_key[key].of(self.target), held[key], after))
        )

    def _change(self, key: str, after: Value) -> Change:
        """The change of the target's field ``key``."""
        mapped = self.rules.mapping.by_key(self.target).get(key)
        if mapped is None:  # a constant
            return Change("", key, System.SALESFORCE, None, after)
        held, slug, name = self.pair.values(self.target), mapped.element451.key, mapped.salesforce.key
        return Change(slug, name, mapped.owner, held.get(key), after, key in held)
