"""One result of a write becomes an outcome, and the pair learns what its target now holds."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from syncer.connectors.errors import Cause, Result
from syncer.connectors.protocol import Salesforce
from syncer.core import values
from syncer.core.matching import AMBIGUOUS, Clash, grouped, told
from syncer.core.plan import Plan, Status
from syncer.core.records import Kind, Record, State, System, Value
from syncer.journal.log import Outcome, outcome
from syncer.sync.pair_store import Pairs
from syncer.sync.planning.planner import Item
from syncer.sync.push.pair_updates import Lessons, rewrites


class Settler:
    """Settles the results of one sending. ``previous_run`` is the run before this one, for values that keep
    being altered (rule 5)."""

    def __init__(self, pairs: Pairs, salesforce: Salesforce, run: int, previous_run: int) -> None:
        self.pairs, self.salesforce, self.run, self.previous_run = pairs, salesforce, run, previous_run
        self.lessons = Lessons(pairs)
        self._existing: dict[str, Record] = {}

    def settle_all(
        self, connection: Connection, results: Sequence[tuple[Item, Plan, Result]]
    ) -> list[Outcome]:
        """The outcomes of these writes, and everything that the pairs learn from them, saved. A write that
        showed its record to be another case than was planned for has no outcome: it is planned anew."""
        for system in System:
            found = [
                result.id for _, made, result in results if made.direction.target is system and result.id
            ]
            found += [record.id for record in self._existing.values()] if system is System.SALESFORCE else []
            self.lessons.look_up(connection, system, found)
        outcomes = []
        for item, made, result in results:
            settled = self._settle(item, made, result)
            if settled:
                item.outcomes.append(settled)
                outcomes.append(settled)
        self.lessons.save(connection)
        return outcomes

    def look_up_existing(self, batch: Sequence[tuple[Item, Plan]], results: Sequence[Result]) -> None:
        """Find the Salesforce records that refused a creation because they hold our ID already (rule 14),
        many at a time."""
        mapping = self.pairs.mapping
        wanted = [
            item.pair.element_id
            for (item, made), result in zip(batch, results, strict=True)
            if result.existing
            and result.refusal
            and made.direction.target is System.SALESFORCE
            and item.pair.element_id
        ]
        if wanted:
            field = mapping.element_id.salesforce
            found = self.salesforce.find(mapping.entity, field, wanted, mapping.read_from(System.SALESFORCE))
            self._existing = {
                str(record.values.get(field.key)): record for record in found if record.state is State.LIVE
            }

    def _settle(self, item: Item, made: Plan, result: Result) -> Outcome | None:
        if result.deleted:
            return self._deleted(item, made)
        if result.refusal and result.existing and item.pair.element_id in self._existing:
            return self._exists(item, made, result, self._existing[item.pair.element_id])
        if result.refusal:
            refusal = result.refusal
            failed = Outcome(
                made,
                Status.FAILED,
                refusal.sentence,
                item.pair.element_id,
                item.pair.salesforce_id,
                refusal.code,
                refusal.detail,
            )
            return replace(failed, cause=refusal.cause)
        return self._done(item, made, result)

    def _done(self, item: Item, made: Plan, result: Result) -> Outcome:
        target = made.direction.target
        held = dict(made.outgoing or {}) | (self._read(target, result.record) if result.record else {})
        creates = item.pair.id(target) is None
        if creates and not result.record and made.kind is Kind.CONVERSATION:
            held = {field.key: None for field in self.pairs.mapping.read_from(target)} | held
        if not self.lessons.values(item, target, held, result.id if creates else None):
            return self._taken(item, made, result.id, {})
        if not creates:
            self.lessons.columns(item, {"rewrites": rewrites(item, made, self.run, self.previous_run)})
        return outcome(made, item.pair.element_id, item.pair.salesforce_id)

    def _deleted(self, item: Item, made: Plan) -> Outcome | None:
        if made.direction.target is System.ELEMENT451:
            # Merged, perhaps: the next pass looks for the survivor before it deactivates.
            self.lessons.columns(item, {"element_state": State.GONE.value})
            item.again = True
            return None
        self.lessons.columns(item, {"salesforce_state": State.DELETED.value})
        noun = "contact" if made.kind is Kind.CONTACT else "conversation"
        reason = (
            f"The {noun} was deleted in Salesforce, so that it left the sync. Nothing was written; it comes"
            " back when the record does."
        )
        return Outcome(
            replace(made, changes=()),
            Status.DEACTIVATED,
            reason,
            item.pair.element_id,
            item.pair.salesforce_id,
        )

    def _exists(self, item: Item, made: Plan, result: Result, record: Record) -> Outcome | None:
        """A record with our ID is there already: our own creation whose reply was lost, or a record that
        somebody gave this ID."""
        found = self._read(System.SALESFORCE, record)
        if not self.lessons.values(item, System.SALESFORCE, found, record.id):
            return self._taken(item, made, record.id, found)
        fields = {field.key: field for field in self.pairs.mapping.read_from(System.SALESFORCE)}
        ours = all(
            values.same(fields[key], found.get(key), value)
            for key, value in (made.outgoing or {}).items()
            if key in fields
        )
        if result.uncertain and ours:
            return outcome(made, item.pair.element_id, item.pair.salesforce_id)
        item.again = True
        return None

    def _taken(self, item: Item, made: Plan, identity: str | None, found: dict[str, Value]) -> Outcome:
        """The record that answers to our ID is the other half of another pair: nothing is joined (rule 7).
        ``found``: what it holds."""
        target, link = made.direction.target, self.pairs.mapping.link(made.direction.target)
        stored, pair = (
            found.get(link.of(target).key) if link else None,
            self.lessons.held_by(target, identity),
        )
        held = [(identity or "", str(stored))] if stored else []
        clash = Clash(says=grouped(target, held, [(identity or "", pair)] if pair else []))
        reason = told(AMBIGUOUS, clash, made.kind)
        return Outcome(
            made,
            Status.FAILED,
            reason,
            item.pair.element_id,
            item.pair.salesforce_id,
            "MORE_THAN_ONE_MATCH",
            cause=Cause.LASTING,
        )

    def _read(self, system: System, record: Record) -> dict[str, Value]:
        fields = {field.key: field for field in self.pairs.mapping.read_from(system)}
        return {
            key: values.stored(fields[key], value) for key, value in record.values.items() if key in fields
        }
