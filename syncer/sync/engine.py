"""One run: the whole road over everything that is due (docs/architecture.md, "A run"). A dry run is the same
road, left before the guard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic, sleep

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from syncer.connectors.errors import Fault
from syncer.connectors.protocol import Element451, Salesforce
from syncer.core.guard import Numbers, too_much
from syncer.core.plan import Plan, Status
from syncer.core.records import Kind, System
from syncer.infra import logs
from syncer.journal import approvals, runs, schedule_pause
from syncer.journal.log import Context, count
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from syncer.sync import config_change
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.export_scope import known_records, learn_contacts, take_in
from syncer.sync.match.merges import Merges
from syncer.sync.match.pairing import Matching
from syncer.sync.pair_store import Pairs
from syncer.sync.planning.guard_examples import Examples
from syncer.sync.planning.planner import Item, Planning
from syncer.sync.progress import Noting, Progress, Silent
from syncer.sync.pull.pull import Pull
from syncer.sync.pull.reconcile import reconcile
from syncer.sync.push.push import Push
from syncer.sync.push.recovery import recover

log = structlog.get_logger(__name__)

DATABASE_FAILED = (
    "The database failed in the middle of the run. Nothing is lost: the next run goes on with what is still"
    " due."
)
DATABASE_WAITS = (0.5, 1, 2, 4, 8)
"""Seconds between the tries to write down how a run ended, while a database is being restarted."""
FIELD_REFUSED = ("INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE")
PASSES = 3
"""How often a run plans what became due while it wrote; what is left then waits for the next run."""


class Cancelled(Exception):
    """Somebody, or the end of the process, stops the run between two batches; ``str()`` says so."""


@dataclass
class Road:
    """Everything that a run needs. ``may_blank(system, field)`` raises a `Fault` where the field no longer
    stands in the live catalogue.

    ``between(road, run)`` is called between two batches: requests for single records are done there, and it
    raises `Cancelled` to end the run.
    """

    engine: Engine
    salesforce: Salesforce
    element451: Element451
    setup: CompiledConfig
    may_blank: Callable[[System, str], None]
    progress: Progress = field(default_factory=Silent)
    between: Callable[["Road", Run], None] = lambda road, run: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def kinds(self) -> list[Kind]:
        """The kinds that are synced, contacts first (rule 13)."""
        return [
            kind
            for kind in Kind
            if kind in self.setup.mappings
            and (kind is Kind.CONTACT or self.setup.preferences.sync_conversations)
        ]

    def run(
        self,
        trigger: Trigger = Trigger.SYNC,
        *,
        full: bool = False,
        compare: bool = False,
        goes_on: int | None = None,
        slot: int | None = None,
    ) -> Run:
        """Do a whole run, or go on with the one that waits for approval. ``goes_on`` names the waiting run
        that somebody approved (`approval.agree`); raises `NotWaiting` where it does not wait. ``full`` reads
        everything again, ``compare`` compares the ids of both sides. ``slot`` is the tick that the run is
        for.

        Never raises for what a system answers: the run then ends `failed`, with the reason; what was done is
        logged, the rest stays due.
        """
        waiting = runs.waiting(self.engine)
        if goes_on is not None and (waiting is None or waiting.id != goes_on):
            raise approvals.NotWaiting(goes_on)
        run = waiting or runs.begin(self.engine, trigger, self.setup.version)
        run.slot = slot if slot is not None else run.slot
        return self.ended(run, lambda: self._go(run, full, compare))

    def dry_run(self, on_plan: Callable[[Run, Plan], None], *, full: bool = False) -> Run:
        """Read both sides and plan everything that is due; each plan that a run would count is handed to
        ``on_plan``, with the dry run. Nothing is written."""
        run = runs.begin(self.engine, Trigger.DRY_RUN, self.setup.version)

        def go() -> None:
            self.read(run, full=full)
            for kind, items in self._forecast(run):
                for plan in (plan for item in items for plan in item.plans if plan.counts):
                    count(run.counts, plan.direction, kind, plan.status)
                    on_plan(run, plan)
            run.state = RunState.DONE

        return self.ended(run, go)

    def read(self, run: Run | None = None, *, full: bool = False, compare: bool = False) -> None:
        """Steps 1 and 2: both sides are read, merges followed, and every record has found its other half, or
        has none."""
        config_change.apply(self.engine, self.setup)
        for kind in self.kinds:
            mapping = self.setup.mappings[kind]
            pull = Pull(
                self.engine,
                self.salesforce,
                self.element451,
                mapping,
                lambda _, records: self._read_page(run, records),
            )
            for system in (System.SALESFORCE, System.ELEMENT451):
                self.progress.phase(f"Reading {kind}s from {system.label}")
                pull.run(system, full=full)
            if compare:
                self.progress.phase(f"Comparing {kind}s")
                reconcile(self.engine, self.salesforce, self.element451, mapping, pull)
            self.progress.phase(f"Matching {kind}s")
            self._match(kind)
        if Kind.CONVERSATION in self.kinds:
            learn_contacts(self.engine, self.salesforce, self.element451, self.setup, self.clock())
            take_in(self.engine, self.setup, self.clock())

    def _read_page(self, run: Run | None, records: int) -> None:
        self.progress.advance(records)
        if run:
            self.between(self, run)

    def _match(self, kind: Kind) -> None:
        mapping = self.setup.mappings[kind]
        Merges(self.engine, self.salesforce, self.element451, mapping).run()
        Matching(self.engine, self.salesforce, self.element451, mapping).run(self.clock())

    def push(self, run: Run, context: Context, previous: int) -> Push:
        """The step that writes, for ``run``."""
        planning = Planning(self.engine, self.setup.rules(previous), run.id, self.clock())
        return Push(
            self.engine,
            self.salesforce,
            self.element451,
            planning,
            context,
            previous,
            self.may_blank,
            self.clock,
        )

    def ended(self, run: Run, go: Callable[[], None]) -> Run:
        """Do ``go`` for ``run`` and write down how it ended, whatever happens."""
        before, began = self._calls(), monotonic()
        heard, self.progress = self.progress, Noting(self.engine, run, self.progress)
        earlier, spent = dict(run.calls), run.seconds
        try:
            with logs.of_run(run.id):
                go()
        except Fault as fault:
            log.warning("run failed", run=run.id, code=fault.code, reason=fault.sentence)
            run.state, run.reason, run.code, run.detail, run.fault = (
                RunState.FAILED,
                fault.sentence,
                fault.code,
                fault.detail,
                fault,
            )
        except KeyboardInterrupt:
            run.state, run.reason, run.code = (
                RunState.CANCELLED,
                "Stopped. What was written is logged; the rest stays due.",
                "CANCELLED",
            )
            raise
        except Cancelled as cancelled:
            run.state, run.reason, run.code = RunState.CANCELLED, str(cancelled), "CANCELLED"
        except SQLAlchemyError as error:
            log.error("database failed", run=run.id, error=type(error).__name__)
            run.state, run.reason, run.code = RunState.FAILED, DATABASE_FAILED, "DATABASE"
            run.detail = str(getattr(error, "orig", None) or type(error).__name__).strip()
        finally:
            self.progress = heard
            if run.state == RunState.RUNNING:
                run.state, run.reason, run.code = RunState.FAILED, runs.ENDED_EARLY, "PROCESS_ENDED"
            run.calls = {name: earlier[name] + now - before[name] for name, now in self._calls().items()}
            run.seconds = spent + monotonic() - began
            self._save(run)
        return run

    def _save(self, run: Run) -> None:
        """Write down how the run ended, once the database answers again, if it is being restarted."""
        for wait in DATABASE_WAITS:
            try:
                return runs.save(self.engine, run)
            except OperationalError:
                sleep(wait)
        return runs.save(self.engine, run)

    def _calls(self) -> dict[str, int]:
        return {"salesforce": self.salesforce.calls, "element451": self.element451.calls}

    def _go(self, run: Run, full: bool, compare: bool) -> None:
        self.read(run, full=full, compare=compare)
        numbers, examples = Numbers(known=known_records(self.engine, self.setup)), Examples()
        push = self.push(
            run, Context(run.id, self.setup.version, self.setup.entities), runs.previous(self.engine, run)
        )
        for kind, items in self._forecast(run):
            for item in items:
                examples.add(item.pair, item.plans, numbers.add(item.plans))
            # Where nothing is to be written there is nothing to ask: those are done, and not planned a second
            # time.
            self._push(run, push, kind, [item for item in items if _is_quiet(item)])
        recover(self.engine, {kind: Pairs(mapping) for kind, mapping in self.setup.mappings.items()})
        reason = too_much(numbers, self.setup.preferences.guard)
        run.numbers, run.version = numbers.to_json(), self.setup.version
        objection = approvals.objection(self.engine, self.setup.version, numbers) if reason else None
        if objection is not None:
            run.state, run.reason, run.code = RunState.WAITING, f"{reason} {objection}".strip(), "GUARD"
            run.numbers |= {"examples": examples.to_json(), "counted_at": self.clock().isoformat()}
            return
        run.state, run.reason, run.code, run.approved = RunState.RUNNING, "", "", bool(reason)
        runs.save(self.engine, run)
        self._write(run, push)
        with self.engine.begin() as connection:
            approvals.forget(connection)
        run.state = RunState.DONE

    def _write(self, run: Run, push: Push) -> None:
        for attempt in range(PASSES):
            for kind in self.kinds:
                total = push.planning.due(kind)
                if not total:
                    continue
                if attempt:
                    self._match(kind)
                self.progress.phase(f"Writing {kind}s", total)
                self._write_kind(run, push, kind)

    def _write_kind(self, run: Run, push: Push, kind: Kind) -> None:
        for items in push.planning.pages(kind):
            self._push(run, push, kind, items)
            self.progress.advance(len(items))
            self.between(self, run)

    def _push(self, run: Run, push: Push, kind: Kind, items: list[Item]) -> None:
        try:
            push.page(kind, items)
        finally:
            # What was done before a fault counts as well: it is in the log.
            for made in (made for item in items for made in item.outcomes):
                if made.plan.counts:
                    count(run.counts, made.plan.direction, kind, made.status)
                run.field_refused |= made.code in FIELD_REFUSED

    def _forecast(self, run: Run) -> Iterator[tuple[Kind, list[Item]]]:
        """Every due pair's plans, without a write (guard and dry run)."""
        planning = Planning(
            self.engine, self.setup.rules(runs.previous(self.engine, run)), run.id, self.clock()
        )
        for kind in self.kinds:
            self.progress.phase(f"Planning {kind}s", planning.due(kind))
            for items in planning.pages(kind):
                yield kind, items
                self.progress.advance(len(items))
                self.between(self, run)


def _is_quiet(item: Item) -> bool:
    return all(made.status in (Status.UNCHANGED, Status.IGNORED) for made in item.plans)


def reject(engine: Engine, run: int) -> Run | None:
    """End a waiting run: nothing is written, its pairs stay due, and the schedule pauses. None where that run
    does not wait."""
    found = runs.find(engine, run)
    if found is None or found.state != RunState.WAITING:
        return None
    found.state, found.reason, found.code = (
        RunState.CANCELLED,
        "Rejected. Nothing was written; its records stay due.",
        runs.REJECTED,
    )
    runs.save(engine, found)
    with engine.begin() as connection:
        approvals.forget(connection)
        schedule_pause.reject(connection, run, found.version)
    return found
