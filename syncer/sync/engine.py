"""The sync engine: one road for every run. Pull, match, plan — a preview or dry run ends here — guard, push,
log (docs/architecture.md). Which records it takes is the `Selection`'s to say.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic, sleep
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from syncer.connectors.errors import Fault, FieldRefused
from syncer.connectors.system_text import without_values
from syncer.core.plan import Plan, Status
from syncer.core.records import Kind, System
from syncer.core.text import counted
from syncer.infra import logs
from syncer.journal import runs
from syncer.journal.ended_early import DATABASE_FAILED, PROCESS_ENDED, STOPPED, ended_early
from syncer.journal.log import LogContext, Outcome, count
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.context import SyncContext
from syncer.sync.gate import Gate, Pages
from syncer.sync.match.merges import Merges
from syncer.sync.match.pairing import Pairing
from syncer.sync.planning.planner import PlannedPair, Planner
from syncer.sync.progress import Progress, RecordedProgress, Silent
from syncer.sync.push.push import Push
from syncer.sync.push.recovery import recover

log = structlog.get_logger(__name__)

DATABASE_WAITS = (0.5, 1, 2, 4, 8)
"""Seconds between the tries to save how a run ended, while a database is being restarted."""
FIELD_REFUSED = ("INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE")
NOT_A_RUN = -1
T = TypeVar("T")


class Cancelled(Exception):
    """Somebody, or the end of the process, stops the run between two batches; ``str()`` says so."""


class Selection(Protocol):
    """Which records a run is about."""

    whole: bool
    """Everything that is due: what unattended runs need not log is only counted, and the run can be
    interrupted between two pages."""
    guarded: bool
    """Nobody looked at each of the records: the guard asks first where it is too much (rule 19)."""
    passes: int
    """How often the run plans what became due while it wrote; what is left then waits for the next run."""
    retry_of: int | None
    """The log entry that is done again."""

    @property
    def remembered(self) -> Mapping[str, Any]:
        """What a run has to keep among its numbers, so that it can go on where it waits."""

    def read(self, engine: "SyncEngine", run: Run | None) -> None:
        """Steps 1 and 2: bring the records as they are now into their pairs, and find their other halves."""

    def pages(self, planner: Planner, kind: Kind) -> Iterator[list[PlannedPair]]:
        """Step 3: the selected pairs of a kind with their plans. Asked for when the kinds before it are
        done."""


@dataclass
class SyncEngine:
    """Runs selections. ``may_blank(system, field)`` raises a `Fault` where the field is no longer in the live
    catalogue. ``without_field(fault)`` gives the configuration without the field that was refused, None where
    it cannot run without it.

    ``between_pages(engine, run)`` is called between two pages of a whole run, and of an undo: requests for
    single records are done there, and it raises `Cancelled` to end the run. ``before_write(run, kind,
    pairs)`` is called with pairs that are about to be written.
    """

    context: SyncContext
    may_blank: Callable[[System, str], None]
    progress: Progress = field(default_factory=Silent)
    between_pages: Callable[["SyncEngine", Run], None] = lambda engine, run: None
    without_field: Callable[[FieldRefused], CompiledConfig | None] = lambda fault: None
    before_write: Callable[[Run, Kind, Sequence[PlannedPair]], None] = lambda run, kind, pairs: None

    def run(
        self, selection: Selection, run: Run, on_outcomes: Callable[[list[Outcome]], object] = len
    ) -> Run:
        """Do the run: all six steps. ``on_outcomes`` is called with the outcomes of each page.

        Never raises for what a system answers: the run then ends `failed`, with the reason; what was done is
        logged, the rest stays due.
        """
        return self._recorded(run, lambda: self._steps(selection, run, on_outcomes))

    def dry_run(self, selection: Selection, on_plan: Callable[[Run, Plan], None]) -> Run:
        """Steps 1 to 3 as a run of its own; each plan that a run would count is handed to ``on_plan``."""
        run = runs.begin(self.context.database, Trigger.DRY_RUN, self.context.config.version)

        def steps() -> None:
            for kind, pairs in self.plan(selection, run):
                for plan in (plan for pair in pairs for plan in pair.plans if plan.counts):
                    count(run.counts, plan.direction, kind, plan.status)
                    on_plan(run, plan)
            run.state = RunState.DONE

        return self._recorded(run, steps)

    def plan(self, selection: Selection, run: Run | None = None) -> Iterator[tuple[Kind, list[PlannedPair]]]:
        """Steps 1 to 3: the selected pairs with their plans, a page at a time. Nothing is written to a
        system."""
        selection.read(self, run)
        yield from self._planned(selection, self._planner(run), run, "Planning")

    def match(self, kind: Kind) -> None:
        """Step 2 for every due pair of a kind: merges are followed, unpaired records find their halves."""
        merges = Merges(self.context, kind)
        merges.run()
        Pairing(self.context, kind).run()
        merges.follow_in_salesforce()

    def _steps(self, selection: Selection, run: Run, on_outcomes: Callable[[list[Outcome]], object]) -> None:
        push = self._push(selection, run)
        gate = Gate(self.context, run, remembered=lambda: selection.remembered)

        def write(kind: Kind, pairs: Sequence[PlannedPair]) -> None:
            self.before_write(run, kind, pairs)
            on_outcomes(self._write(selection, run, push, kind, pairs))

        if not selection.guarded:
            selection.read(self, run)
        elif not self._guard(selection, run, gate, write):
            return
        for attempt in range(selection.passes):
            for kind, pairs in self._planned(selection, push.planner, run, "Writing", again=attempt > 0):
                write(kind, gate.allowed(pairs))
                del pairs  # before the next page is read
        run.state = RunState.WAITING if gate.shown else RunState.DONE
        if gate.shown:
            run.numbers, run.reason, run.code = gate.shown, gate.reason, "GUARD"
        elif selection.remembered:
            run.numbers = {**(run.numbers or {}), **selection.remembered}

    def _guard(
        self,
        selection: Selection,
        run: Run,
        gate: Gate,
        write: Callable[[Kind, Sequence[PlannedPair]], None],
    ) -> bool:
        """Steps 1 to 4: whether the run may write; else it waits for approval (rule 19)."""

        def first() -> Pages:
            for kind, pairs in self.plan(selection, run):
                yield kind, pairs
                if selection.whole:
                    # Where nothing is to be written there is nothing to ask: done now, and not planned again.
                    write(kind, [each for each in pairs if _writes_nothing(each)])
                del pairs

        def again() -> Pages:
            return self._planned(selection, self._planner(run), None, "Counting")

        gate.judge(first(), again)
        if selection.whole:  # else the pairs that were not selected are as they were when the run died
            recover(self.context)
        run.version = self.context.config.version
        return gate.settle(again) and runs.save(self.context.database, run)

    def _planned(
        self, selection: Selection, planner: Planner, run: Run | None, doing: str, *, again: bool = False
    ) -> Iterator[tuple[Kind, list[PlannedPair]]]:
        for kind in self.context.kinds:
            due = planner.due(kind) if selection.whole else None
            if again and due:
                self.match(kind)
            self.progress.phase(f"{doing} {kind}s", due)
            for pairs in selection.pages(planner, kind):
                # Who leaves the sync was counted by the guard, or waits for the next run (rule 9).
                done = len(pairs)
                yield kind, [each for each in pairs if not (again and _leaves(each))]
                del pairs
                self.progress.advance(done)
                if run and (selection.whole or run.undone):
                    self.between_pages(self, run)
            if due:
                by = planner.planners[kind]
                log.info("planned", kind=kind.value, compiled=by.compiled, otherwise=by.referred)

    def _planner(self, run: Run | None) -> Planner:
        database = self.context.database
        now = self.context.clock()
        previous = runs.last_done(database, run) if run else runs.last_done(database)
        rules = self.context.config.rules(now.date(), previous)
        return Planner(database, rules, run.id if run else NOT_A_RUN, now)

    def _push(self, selection: Selection, run: Run) -> Push:
        config = self.context.config
        entry = LogContext(
            run.id,
            config.version,
            config.entities,
            log_unchanged=not selection.whole,
            retry_of=selection.retry_of,
            unasked_at=self.context.clock() if selection.guarded else None,
        )
        previous = runs.last_done(self.context.database, run)
        return Push(self.context, self._planner(run), entry, previous, self.may_blank)

    def _write(
        self, selection: Selection, run: Run, push: Push, kind: Kind, pairs: Sequence[PlannedPair]
    ) -> list[Outcome]:
        try:
            return push.page(kind, pairs)
        finally:
            # What was done before a fault counts as well: it is in the log.
            for outcome in (outcome for pair in pairs for outcome in pair.outcomes):
                if outcome.plan.counts or not selection.whole:
                    count(run.counts, outcome.plan.direction, kind, outcome.status)
                run.field_refused |= outcome.code in FIELD_REFUSED

    def _recorded(self, run: Run, steps: Callable[[], None]) -> Run:
        """Do ``steps`` for ``run`` and save how it ended, whatever happens."""
        before, began = self.context.calls, monotonic()
        skipped = self.context.skipped_rows
        outer, self.progress = self.progress, RecordedProgress(self.context.database, run, self.progress)
        earlier, spent = dict(run.calls), run.seconds
        try:
            with logs.of_run(run.id):
                self.without_what_is_refused(steps)
        except Fault as fault:
            log.warning("run failed", run=run.id, code=fault.code, reason=fault.sentence)
            run.state, run.reason, run.code = RunState.FAILED, fault.sentence, fault.code
            run.detail, run.fault = fault.detail, fault
        except KeyboardInterrupt:
            run.state, run.code = RunState.CANCELLED, "CANCELLED"
            run.reason = ended_early(STOPPED, run.undone)
            raise
        except Cancelled as cancelled:
            run.state, run.reason, run.code = RunState.CANCELLED, str(cancelled), "CANCELLED"
        except SQLAlchemyError as error:
            log.error("database failed", run=run.id, error=type(error).__name__)
            run.state, run.code = RunState.FAILED, "DATABASE"
            run.reason = ended_early(DATABASE_FAILED, run.undone)
            said = str(getattr(error, "orig", None) or type(error).__name__).strip()
            run.detail = without_values(said.partition("\n")[0])  # what follows quotes the row
        finally:
            self.progress = outer
            if run.state == RunState.RUNNING:
                run.state, run.code = RunState.FAILED, "PROCESS_ENDED"
                run.reason = ended_early(PROCESS_ENDED, run.undone)
            if run.state == RunState.DONE:
                run.reason = " ".join(filter(None, (*self.context.warnings, run.reason)))
                _say_skipped(run, self.context.skipped_rows - skipped)
            run.calls = {name: earlier[name] + now - before[name] for name, now in self.context.calls.items()}
            run.seconds = spent + monotonic() - began
            self._save(run)
        return run

    def without_what_is_refused(self, steps: Callable[[], T]) -> T:
        """Do ``steps``; where a field is refused on the way, again without it (rule 22)."""
        while True:
            try:
                return steps()
            except FieldRefused as fault:
                config = self.without_field(fault)
                if config is None or config.suspension == self.context.config.suspension:
                    raise
                log.warning("field suspended", code=fault.code, fields=fault.fields)
                self.context = replace(self.context, config=config)

    def _save(self, run: Run) -> None:
        """Save how the run ended, once the database answers again, if it is being restarted."""
        for wait in DATABASE_WAITS:
            try:
                runs.save(self.context.database, run)
                return
            except OperationalError:
                sleep(wait)
        runs.save(self.context.database, run)


def _say_skipped(run: Run, rows: int) -> None:
    """Say of a run that left rows out that it did, besides what there is to be said already."""
    if rows:
        what = counted(rows, "row", one="One row")
        sentence = f"{what} that came without an ID had to be left out. Nothing was concluded from that."
        run.reason, run.code = f"{sentence} {run.reason}".strip(), run.code or "ROWS_SKIPPED"


def _leaves(pair: PlannedPair) -> bool:
    return any(plan.status is Status.DEACTIVATED for plan in pair.plans)


def _writes_nothing(pair: PlannedPair) -> bool:
    return all(plan.status in (Status.UNCHANGED, Status.IGNORED) for plan in pair.plans)
