"""One result of a write becomes an outcome, and the pair learns what its target now holds."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from syncer.connectors.errors import Result
from syncer.core import reasons, values
from syncer.core.error_codes.entry import Cause
from syncer.core.mapping import FieldMapping
from syncer.core.matching.ambiguity import Ambiguity, describe, group_claims
from syncer.core.payload import with_overwritten, without
from syncer.core.plan import Plan, Status
from syncer.core.reasons import Reason
from syncer.core.records import Kind, Record, RecordState, System, Value
from syncer.journal.log import Outcome, planned_outcome
from syncer.sync.context import SyncContext
from syncer.sync.pair_store import SIDES
from syncer.sync.planning.planner import PlannedPair
from syncer.sync.pull.ingest import Ingester
from syncer.sync.pull.pull import read_by_id
from syncer.sync.push.pair_updates import PairUpdates, rewrites


class Results:
    """Records the results of one sending. ``previous_run`` is the run before this one, for values that keep
    being altered (rule 5)."""

    def __init__(self, context: SyncContext, kind: Kind, run: int, previous_run: int) -> None:
        self.pairs, self.run, self.previous_run = context.pairs(kind), run, previous_run
        self.salesforce = context.connectors[System.SALESFORCE]
        self.updates = PairUpdates(self.pairs)
        self._fields = {
            system: {field.key: field for field in self.pairs.mapping.read_from(system)} for system in System
        }
        self._existing: dict[str, Record] = {}
        self.context = context
        self._refused: dict[str, Record] = {}

    def record(
        self, connection: Connection, results: Sequence[tuple[PlannedPair, Plan, Result]]
    ) -> list[Outcome]:
        """The outcomes of these writes, and everything that the pairs learn from them, saved. A write that
        showed its record to be another case than was planned for has no outcome: it is planned anew."""
        for system in System:
            found = [
                result.id for _, plan, result in results if plan.direction.target is system and result.id
            ]
            found += [record.id for record in self._existing.values()] if system is System.SALESFORCE else []
            self.updates.look_up(connection, system, found)
        outcomes = []
        for planned, plan, result in results:
            recorded = self._outcome(planned, plan, result)
            if recorded:
                planned.outcomes.append(recorded)
                outcomes.append(recorded)
        self.updates.save(connection)
        return outcomes

    def look_up_refused(self, batch: Sequence[tuple[PlannedPair, Plan]], results: Sequence[Result]) -> None:
        """Read the records whose update was refused as if they were gone: a refusal proves nothing (rule
        9)."""
        ids = {
            identity
            for (planned, plan), result in zip(batch, results, strict=True)
            if result.deleted and (identity := planned.pair.id(plan.direction.target))
        }
        if ids:
            target = batch[0][1].direction.target
            found = read_by_id(self.context, self.pairs.mapping.kind, target, sorted(ids))
            self._refused = {record.id: record for record in found}

    def look_up_existing(self, batch: Sequence[tuple[PlannedPair, Plan]], results: Sequence[Result]) -> None:
        """Find the Salesforce records that refused a creation because they hold our ID already (rule 14),
        many at a time."""
        mapping = self.pairs.mapping
        wanted = [
            planned.pair.element_id
            for (planned, plan), result in zip(batch, results, strict=True)
            if result.existing
            and result.refusal
            and plan.direction.target is System.SALESFORCE
            and planned.pair.element_id
        ]
        if wanted:
            field = mapping.element_id.salesforce
            found = self.salesforce.find(mapping, field, wanted)
            self._existing = {
                str(record.values.get(field.key)): record
                for record in found
                if record.state is RecordState.LIVE
            }

    def _outcome(self, planned: PlannedPair, plan: Plan, result: Result) -> Outcome | None:
        if result.held_back and result.record:
            # A blank, unless our own reading of it was wrong: planned as one, and counted by the guard.
            target = plan.direction.target
            self.updates.record_values(planned, target, self._read(target, result.record))
            planned.replan_next_run = True
            return None
        if result.deleted:
            return self._deleted(planned, plan, result)
        if result.refusal and result.existing and planned.pair.element_id in self._existing:
            return self._exists(planned, plan, result, self._existing[planned.pair.element_id])
        if result.refusal:
            refusal = result.refusal
            failed = Outcome(
                plan,
                Status.FAILED,
                refusal.sentence,
                planned.pair.element_id,
                planned.pair.salesforce_id,
                refusal.code,
                refusal.detail,
            )
            return replace(failed, cause=refusal.cause, fields=refusal.fields)
        return self._done(planned, plan, result)

    def _done(self, planned: PlannedPair, plan: Plan, result: Result) -> Outcome:
        target = plan.direction.target
        creates = planned.pair.id(target) is None
        plan = _without_refused(plan, result) if creates else as_carried_out(plan, result, self.pairs.mapping)
        held = self.pairs.mapping.known_of(target, plan.outgoing or {})
        held |= self._read(target, result.record) if result.record else {}
        if creates and not result.record and plan.kind is Kind.CONVERSATION:
            held = {field.key: None for field in self.pairs.mapping.read_from(target)} | held
        if not self.updates.record_values(planned, target, held, result.id if creates else None):
            return self._taken(planned, plan, result.id, {})
        if not creates:
            self.updates.set_columns(
                planned, {"rewrites": rewrites(planned, plan, self.run, self.previous_run)}
            )
        done = planned_outcome(plan, planned.pair.element_id, planned.pair.salesforce_id)
        return replace(done, detail=result.left_out.detail) if result.left_out else done

    def _deleted(self, planned: PlannedPair, plan: Plan, result: Result) -> Outcome | None:
        """An update was refused as if its record were gone. What its system then says of the record decides;
        a deactivation is planned later, and passes the guard like any other (rule 9)."""
        target = plan.direction.target
        if planned.pair.id(target) is None:
            # The upsert of a conversation whose record is in the recycle bin.
            if self.updates.record_values(planned, target, {}, result.id):
                self.updates.set_columns(planned, {"salesforce_state": RecordState.DELETED.value})
            planned.replan_next_run = True
            return None
        seen = self._refused.get(planned.pair.id(target) or "")
        if seen and seen.state in (RecordState.DELETED, RecordState.MERGED, RecordState.GONE):
            columns = {SIDES[target].state: seen.state.value, "merged_into": seen.merged_into}
            self.updates.set_columns(planned, columns)
            planned.replan_next_run = True
            return None
        if seen and seen.state is RecordState.ABSENT:
            ingester = Ingester(self.pairs, target, self.context.clock())
            self.updates.set_columns(planned, ingester.absence_columns(planned.row, seen))
            if target is System.ELEMENT451:
                # Merged, perhaps: the next pass looks for the survivor.
                planned.replan_now = True
                return None
        refused = self._refusal(planned, plan, reasons.not_visible(plan.kind, target), cause=Cause.PASSING)
        return replace(refused, detail=result.refusal.detail if result.refusal else "")

    def _refusal(
        self, planned: PlannedPair, plan: Plan, reason: Reason, cause: Cause | None = None
    ) -> Outcome:
        pair = planned.pair
        return Outcome(
            plan,
            reason.status,
            reason.sentence,
            pair.element_id,
            pair.salesforce_id,
            reason.code,
            cause=cause,
        )

    def _exists(self, planned: PlannedPair, plan: Plan, result: Result, record: Record) -> Outcome | None:
        """A record with our ID is there already: our own creation whose reply was lost, or a record that
        somebody gave this ID."""
        found = self._read(System.SALESFORCE, record)
        if not self.updates.record_values(planned, System.SALESFORCE, found, record.id):
            return self._taken(planned, plan, record.id, found)
        fields = self._fields[System.SALESFORCE]
        ours = all(
            values.same(fields[key], found.get(key), value)
            for key, value in (plan.outgoing or {}).items()
            if key in fields
        )
        if result.uncertain and ours:
            return planned_outcome(plan, planned.pair.element_id, planned.pair.salesforce_id)
        planned.replan_now = True
        return None

    def _taken(
        self, planned: PlannedPair, plan: Plan, identity: str | None, found: dict[str, Value]
    ) -> Outcome:
        """The record that answers to our ID is the other half of another pair: nothing is joined (rule 7).
        ``found``: what it holds."""
        target, link = plan.direction.target, self.pairs.mapping.link(plan.direction.target)
        stored, other_half = (
            found.get(link.of(target).key) if link else None,
            self.updates.held_by(target, identity),
        )
        held = [(identity or "", str(stored))] if stored else []
        paired = [(identity or "", other_half)] if other_half else []
        ambiguity = Ambiguity(claims=group_claims(target, held, paired))
        reason = reasons.more_than_one_match(describe(reasons.AMBIGUOUS, ambiguity, plan.kind))
        return Outcome(
            plan,
            reason.status,
            reason.sentence,
            planned.pair.element_id,
            planned.pair.salesforce_id,
            reason.code,
            cause=Cause.LASTING,
        )

    def _read(self, system: System, record: Record) -> dict[str, Value]:
        fields = self._fields[system]
        return {
            key: values.stored(fields[key], value) for key, value in record.values.items() if key in fields
        }


def as_carried_out(plan: Plan, result: Result, mapping: FieldMapping) -> Plan:
    """The plan of an update that was written: with what it overwrote, or a reason that says that this is not
    known (rule 16); failed where some of its fields were refused (rule 15)."""
    plan = _without_refused(plan, result)
    if result.before is not None:
        return with_overwritten(plan, result.before, mapping)
    if plan.undoes:
        return plan  # it was planned from what had just been read
    return replace(plan, reason=f"{plan.reason} {reasons.BEFORE_AS_LAST_READ}") if plan.changes else plan


def _without_refused(plan: Plan, result: Result) -> Plan:
    """The plan without the fields that the target refused, and then failed."""
    why = result.left_out
    if why is None:
        return plan
    plan = without(plan, why.fields)
    rest = reasons.OTHERS_ARE_WRITTEN if plan.changes else ""
    told = plan.reason if plan.status is Status.FAILED else rest
    return replace(plan, status=Status.FAILED, reason=f"{why.sentence} {told}".strip(), code=why.code)
