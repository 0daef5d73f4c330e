"""Steps 5 and 6 of a run: plans become batched writes, in an order in which the ID of a creation reaches the
other system in the same run; outcomes are logged, and the pairs learn what was written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from syncer.connectors.errors import Fault, Result
from syncer.connectors.protocol import Write
from syncer.core.error_codes.entry import Cause
from syncer.core.ids import element_id
from syncer.core.plan import Change, Direction, Plan, Status
from syncer.core.reasons import ID_FREED
from syncer.core.records import Kind, System
from syncer.core.trust.holds import ended
from syncer.journal.log import (
    LogContext,
    Outcome,
    clear_pending,
    planned_outcome,
    save_pending,
    write_entries,
)
from syncer.sync.context import SyncContext
from syncer.sync.holds import store as holds
from syncer.sync.planning.planner import PlannedPair, Planner
from syncer.sync.push.evidence import Batch, Evidence
from syncer.sync.push.pair_updates import settle_pairs
from syncer.sync.push.results import Results, as_carried_out


@dataclass(slots=True)
class Push:
    """Carries out the plans of a page of pairs. ``may_blank(system, field)`` is asked before a blanking write
    is sent (rule 6)."""

    context: SyncContext
    planner: Planner
    entry: LogContext
    previous_run: int
    may_blank: Callable[[System, str], None]

    def page(self, kind: Kind, pairs: Sequence[PlannedPair]) -> list[Outcome]:
        """Do what is planned for these pairs; on return every outcome is logged and the pairs have learned
        it.

        Raises the `Fault` that stopped the sending, if one did, after what was sent is logged; what was not
        sent stays due.
        """
        self._send(kind, _batch(pairs, Direction.IMPORT, creating=True))
        self._plan_what_follows(kind, pairs, Direction.IMPORT)
        self._send(kind, _batch(pairs, Direction.EXPORT))
        self._plan_what_follows(kind, pairs, Direction.EXPORT)
        self._send(kind, _batch(pairs, Direction.IMPORT, creating=False))
        not_written = [
            _not_written(planned, plan) for planned in pairs for plan in planned.plans if not plan.writes
        ]
        with self.context.database.begin() as connection:
            write_entries(connection, self.entry, not_written)
            due = [each for each in pairs if not each.stays_due or each.replan_now or each.replan_next_run]
            settle_pairs(connection, self.context.mapping(kind), due, self.entry.run, self.context.clock())
            self._end_holds(connection, kind, pairs)
        return [outcome for planned in pairs for outcome in planned.outcomes]

    def _end_holds(self, connection: Connection, kind: Kind, pairs: Iterable[PlannedPair]) -> None:
        """End what was held only until another value comes (rule 20). The plans of a pair that is planned
        again were not carried out as they are: its next ones tell."""
        mapping = self.context.mapping(kind)
        held = (each for each in pairs if each.pair.holds and not (each.replan_now or each.replan_next_run))
        outlived = [
            one for each in held for one in ended(each.pair.holds, each.plans, mapping, each.pair.values)
        ]
        if outlived:
            holds.end_outlived(connection, outlived, self.context.clock())

    def _send(self, kind: Kind, batch: Batch) -> None:
        """Send plans of one direction, and record what became of each."""
        batch = Evidence(self.context, kind, self.may_blank).confirmed(batch)
        if not batch:
            return
        target, database = batch[0][1].direction.target, self.context.database
        connector = self.context.connectors[target]
        with database.begin() as connection:
            pending = save_pending(connection, self.entry, (plan for _, plan in batch))
        if target is System.SALESFORCE:
            self._free_ids(kind, batch)
        sent = connector.write(self.context.mapping(kind), [_write(planned, plan) for planned, plan in batch])
        stopped = connector.write_fault
        results = Results(self.context, kind, self.entry.run, self.previous_run)
        results.look_up_existing(batch, sent)
        results.look_up_refused(batch, sent)
        with database.begin() as connection:
            answered = [
                (*planned, result)
                for planned, result in zip(batch, sent, strict=True)
                if not (stopped and _unsent(result, stopped))
            ]
            write_entries(connection, self.entry, results.record(connection, answered))
            # What has no definite answer may have been carried out: it stays pending for `recovery`.
            definite = (number for number, result in zip(pending, sent, strict=True) if _is_definite(result))
            clear_pending(connection, definite)
        if stopped:
            raise stopped

    def _free_ids(self, kind: Kind, batch: Batch) -> None:
        """Empty an ID in Salesforce that another record of this page is to get: they are unique there, and a
        data load may have shifted them."""
        mapping = self.context.mapping(kind)
        link = mapping.element_id
        key = link.salesforce.key
        wanted = {planned.pair.element_id for planned, plan in batch if key in (plan.outgoing or {})}
        freed: Batch = []
        for planned, plan in batch:
            held = planned.pair.salesforce.get(key)
            others = wanted - {None, planned.pair.element_id}
            if planned.pair.salesforce_id and key in (plan.outgoing or {}) and element_id(held) in others:
                emptied = Change(link.element451.key, key, link.owner, held, None)
                alone = replace(plan, changes=(emptied,), outgoing={key: None}, reason=ID_FREED)
                freed.append((planned, alone))
        if not freed:
            return
        with self.context.database.begin() as connection:
            pending = save_pending(connection, self.entry, (plan for _, plan in freed))
        salesforce = self.context.connectors[System.SALESFORCE]
        sent = salesforce.write(mapping, [_write(planned, plan) for planned, plan in freed])
        done = [
            planned_outcome(
                as_carried_out(plan, result, mapping), planned.pair.element_id, planned.pair.salesforce_id
            )
            for (planned, plan), result in zip(freed, sent, strict=True)
            if not result.refusal
        ]
        with self.context.database.begin() as connection:
            write_entries(connection, self.entry, done)
            definite = (number for number, result in zip(pending, sent, strict=True) if _is_definite(result))
            clear_pending(connection, definite)

    def _plan_what_follows(self, kind: Kind, pairs: Iterable[PlannedPair], direction: Direction) -> None:
        """Plan the other direction of what was created now that its ID is known; what was to follow a
        creation that failed is dropped."""
        for planned in pairs:
            if not any(each.follows for each in planned.plans) or not _inserts(planned, direction):
                continue
            planned.plans = [each for each in planned.plans if not each.follows]
            created = any(
                done.plan.direction is direction and done.status is Status.INSERTED
                for done in planned.outcomes
            )
            if created:
                again = self.planner.planners[kind].plans(planned.pair)
                planned.plans += [each for each in again if each.direction is not direction and each.writes]


def _batch(pairs: Iterable[PlannedPair], direction: Direction, creating: bool | None = None) -> Batch:
    """The plans of one direction that write; all of them, or only those that create or do not."""
    return [
        (planned, plan)
        for planned in pairs
        for plan in planned.plans
        if plan.direction is direction
        and plan.writes
        and not plan.follows
        and creating in (None, plan.status is Status.INSERTED)
    ]


def _inserts(planned: PlannedPair, direction: Direction) -> bool:
    return any(plan.direction is direction and plan.status is Status.INSERTED for plan in planned.plans)


def _not_written(planned: PlannedPair, plan: Plan) -> Outcome:
    """The outcome of a plan that writes nothing."""
    done = planned_outcome(plan, planned.pair.element_id, planned.pair.salesforce_id)
    planned.outcomes.append(done)
    return done


def _write(planned: PlannedPair, plan: Plan) -> Write:
    """Known records are updated by their ID; a new conversation is upserted, a new contact inserted (rule
    14)."""
    values, target = dict(plan.outgoing or {}), plan.direction.target
    account = planned.pair.contact.salesforce_id if planned.pair.contact else planned.row["account"]
    if identity := planned.pair.id(target):
        return Write("update", values, identity, account, plan.undoes, _believed_empty(plan))
    return Write("upsert" if plan.kind is Kind.CONVERSATION else "insert", values, None, account)


def _believed_empty(plan: Plan) -> frozenset[str]:
    """What an import writes empty along with the rest, as the contact is known to be: no blank was planned,
    so that nobody saw that its source is empty as well (rule 6)."""
    if plan.direction is not Direction.IMPORT or plan.undoes:
        return frozenset()
    empty = {key for key, value in (plan.outgoing or {}).items() if value is None}
    return frozenset(empty - {change.element451 for change in plan.changes})


def _unsent(result: Result, stopped: Fault) -> bool:
    refusal = result.refusal
    return (
        refusal is not None
        and refusal.cause is Cause.PASSING
        and refusal.code == (stopped.code or refusal.code)
    )


def _is_definite(result: Result) -> bool:
    """Whether the system said what became of the write. A passing refusal may hide a lost reply."""
    return result.refusal is None or result.refusal.cause is not Cause.PASSING
