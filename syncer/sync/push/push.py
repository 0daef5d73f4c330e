"""Step 5 of the road: plans become batched writes, in an order in which the ID of a creation reaches the
other side in the same run."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from syncer.connectors.errors import Cause, Fault, FieldRefused, Result, Unreachable
from syncer.connectors.protocol import Element451, Salesforce, Write
from syncer.core.ids import element_id
from syncer.core.mapping import Mapping
from syncer.core.plan import Change, Direction, Plan, Status, plan
from syncer.core.records import Kind, Record, System
from syncer.journal.log import Context, Outcome, forget_sending, note_sending, outcome, write_entries
from syncer.sync.planning.planner import Item, Planning
from syncer.sync.pull.watermarks import Mark
from syncer.sync.push.completion import finish
from syncer.sync.push.results import Settler

Batch = list[tuple[Item, Plan]]


@dataclass(slots=True)
class Push:
    """Sends the plans of a page of pairs. ``may_blank(system, field)`` is asked before a blanking write goes
    out (rule 6)."""

    engine: Engine
    salesforce: Salesforce
    element451: Element451
    planning: Planning
    context: Context
    previous_run: int
    may_blank: Callable[[System, str], None]
    clock: Callable[[], datetime]

    def page(self, kind: Kind, items: Sequence[Item]) -> list[Outcome]:
        """Do what is planned for these pairs; on return every outcome is logged and the pairs have learned
        it.

        Raises the `Fault` that stopped the sending, if one did, after what was sent is logged; what was not
        sent stays due.
        """
        self._send(kind, _batch(items, Direction.IMPORT, Status.INSERTED), self._create_in_element451)
        self._plan_what_follows(kind, items, Direction.IMPORT)
        self._send(
            kind,
            _batch(items, Direction.EXPORT, Status.INSERTED, Status.UPDATED, Status.UPSERTED),
            self._write_to_salesforce,
        )
        self._plan_what_follows(kind, items, Direction.EXPORT)
        self._send(kind, _batch(items, Direction.IMPORT, Status.UPDATED), self._update_in_element451)
        quiet = [self._quiet(item, made) for item in items for made in item.plans if not made.status.writes]
        with self.engine.begin() as connection:
            write_entries(connection, self.context, quiet)
            finish(connection, kind, items, self.context.run, self.clock())
        return [made for item in items for made in item.outcomes]

    def _quiet(self, item: Item, made: Plan) -> Outcome:
        """The outcome of a plan that writes nothing."""
        done = outcome(made, item.pair.element_id, item.pair.salesforce_id)
        item.outcomes.append(done)
        return done

    def _send(
        self, kind: Kind, batch: Batch, send: Callable[[Mapping, Batch], tuple[list[Result], Fault | None]]
    ) -> None:
        if not batch:
            return
        mapping = self.planning.pairs[kind].mapping
        self._look_before_blanking(mapping, batch)
        with self.engine.begin() as connection:
            note_sending(connection, self.context, (made for _, made in batch))
        results, stopped = send(mapping, batch)
        settler = Settler(self.planning.pairs[kind], self.salesforce, self.context.run, self.previous_run)
        settler.look_up_existing(batch, results)
        with self.engine.begin() as connection:
            answered = [
                (*planned, result)
                for planned, result in zip(batch, results, strict=True)
                if not (stopped and _unsent(result, stopped))
            ]
            write_entries(connection, self.context, settler.settle_all(connection, answered))
            forget_sending(connection, self.context.run)
        if stopped:
            raise stopped

    def _look_before_blanking(self, mapping: Mapping, batch: Batch) -> None:
        blanking = [
            (made.direction.source, change)
            for _, made in batch
            for change in made.changes
            if change.after is None
        ]
        for source, field in {
            (source, change.element451 if source is System.ELEMENT451 else change.salesforce)
            for source, change in blanking
        }:
            try:
                self.may_blank(source, field)
            except FieldRefused:
                # What was read of it is not what it holds: read everything again once it is back.
                with self.engine.begin() as connection:
                    Mark(mapping, source).forget(connection, field)
                raise

    def _create_in_element451(self, mapping: Mapping, batch: Batch) -> tuple[list[Result], Fault | None]:
        assert mapping.salesforce_id is not None  # conversations are never imported
        rows = [dict(made.outgoing or {}) for _, made in batch]
        results = self.element451.create(
            rows, mapping.salesforce_id.element451.key, mapping.read_from(System.ELEMENT451)
        )
        return results, self.element451.stopped

    def _update_in_element451(self, _: Mapping, batch: Batch) -> tuple[list[Result], Fault | None]:
        results = self.element451.update(
            [(item.pair.element_id or "", dict(made.outgoing or {})) for item, made in batch]
        )
        return results, self.element451.stopped

    def _write_to_salesforce(self, mapping: Mapping, batch: Batch) -> tuple[list[Result], Fault | None]:
        writes = [_write(item, made) for item, made in batch]
        self._free_ids(mapping, batch)
        results = self.salesforce.write(mapping.entity, writes, mapping.element_id.salesforce.key)
        stopped = self.salesforce.stopped
        if mapping.kind is Kind.CONTACT and not stopped:
            results = self._read_back(mapping, writes, results)
        return results, stopped

    def _free_ids(self, mapping: Mapping, batch: Batch) -> None:
        """Empty an ID that another record of this page is to get: Salesforce keeps them unique, and a data
        load may have shifted them."""
        link = mapping.element_id
        key, wanted = (
            link.salesforce.key,
            {item.pair.element_id for item, made in batch if link.salesforce.key in (made.outgoing or {})},
        )
        freed: Batch = []
        for item, made in batch:
            held = item.pair.salesforce.get(key)
            if (
                item.pair.salesforce_id
                and key in (made.outgoing or {})
                and element_id(held) in wanted - {None, item.pair.element_id}
            ):
                emptied = Change(link.element451.key, key, link.owner, held, None)
                reason = "This ID belongs to another record, and is emptied before each gets its own."
                freed.append((item, replace(made, changes=(emptied,), outgoing={key: None}, reason=reason)))
        if not freed:
            return
        with self.engine.begin() as connection:
            note_sending(connection, self.context, (made for _, made in freed))
        results = self.salesforce.write(mapping.entity, [_write(item, made) for item, made in freed], key)
        with self.engine.begin() as connection:
            done = [
                outcome(made, item.pair.element_id, item.pair.salesforce_id)
                for (item, made), result in zip(freed, results, strict=True)
                if not result.refusal
            ]
            write_entries(connection, self.context, done)

    def _read_back(self, mapping: Mapping, writes: Sequence[Write], results: list[Result]) -> list[Result]:
        """Give each inserted contact the values that Salesforce gave it (defaults, automation), so that the
        other direction can follow."""
        inserted = [
            result.id
            for write, result in zip(writes, results, strict=True)
            if write.action == "insert" and not result.refusal
        ]
        ids = [identity for identity in inserted if identity]
        if not ids:
            return results
        try:
            found = self.salesforce.read(mapping.entity, ids, mapping.read_from(System.SALESFORCE))
        except Unreachable:
            return results  # what was sent is known; the next pull brings the rest
        by_id: dict[str | None, Record] = {record.id: record for record in found}
        return [
            result if result.refusal or result.id not in by_id else _with_record(result, by_id[result.id])
            for result in results
        ]

    def _plan_what_follows(self, kind: Kind, items: Iterable[Item], direction: Direction) -> None:
        """Plan the other direction of what was created now that its ID is known; what was to follow a
        creation that failed is dropped."""
        for item in items:
            if not any(made.follows for made in item.plans) or not _inserts(item, direction):
                continue
            item.plans = [made for made in item.plans if not made.follows]
            if any(
                done.plan.direction is direction and done.status is Status.INSERTED for done in item.outcomes
            ):
                again = plan(item.pair, self.planning.rules[kind])
                item.plans += [
                    made for made in again if made.direction is not direction and made.status.writes
                ]


def _batch(items: Iterable[Item], direction: Direction, *statuses: Status) -> Batch:
    return [
        (item, made)
        for item in items
        for made in item.plans
        if made.direction is direction and made.status in statuses and not made.follows
    ]


def _inserts(item: Item, direction: Direction) -> bool:
    return any(made.direction is direction and made.status is Status.INSERTED for made in item.plans)


def _write(item: Item, made: Plan) -> Write:
    """Known pairs are updated by Salesforce ID, whatever they are called; a new conversation is upserted, a
    new contact inserted (rule 14)."""
    values = dict(made.outgoing or {})
    account = item.pair.contact.salesforce_id if item.pair.contact else item.row["account"]
    if item.pair.salesforce_id:
        return Write("update", values, item.pair.salesforce_id, account)
    return Write("upsert" if made.kind is Kind.CONVERSATION else "insert", values, None, account)


def _with_record(result: Result, record: Record) -> Result:
    return Result(id=result.id, created=result.created, uncertain=result.uncertain, record=record)


def _unsent(result: Result, stopped: Fault) -> bool:
    refusal = result.refusal
    return (
        refusal is not None
        and refusal.cause is Cause.PASSING
        and refusal.code == (stopped.code or refusal.code)
    )
