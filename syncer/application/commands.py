"""The verbs of the product (sync, dry run, preview, test, retry, nightly): whoever asks, the command line or
a worker, asks here.

One connection, one run at a time, one mapping version per run (rule 18).
"""

from collections.abc import Callable
from functools import partial
from time import monotonic, sleep
from typing import Any

from syncer.alerting import deliver
from syncer.application.decisions import waiting_run
from syncer.application.engine_factory import NotReady, open_engine
from syncer.application.engine_host import ANSWER_WITHIN, DEAD_OWNER, LOOK_EVERY, Busy, Paused
from syncer.application.request_handler import handle_all
from syncer.application.undo import UndoCommands
from syncer.application.work_requests import PREVIEW, answered, refuse_all, submit
from syncer.configuration.document import Document
from syncer.connectors.errors import LimitReached
from syncer.core.permissions import MACHINE, Action
from syncer.core.plan import Direction, Plan
from syncer.core.trust.leaving_out import LeaveOut
from syncer.infra.database.lease import RUN, Lease, LeaseLost
from syncer.journal import approvals, run_queries, runs, schedule
from syncer.journal.dry_run_plans import PlanRecorder
from syncer.journal.log import Outcome, plan_json
from syncer.journal.retention import look_after
from syncer.journal.run_state import Trigger
from syncer.journal.runs import Run
from syncer.sync import everything, on_demand
from syncer.sync.engine import SyncEngine
from syncer.sync.everything import EverythingDue
from syncer.sync.failures import Which
from syncer.sync.match import linking
from syncer.sync.on_demand import NoSuchRecord, RecordRequest

__all__ = ["Busy", "Commands", "NotReady"]


class _Served(Exception):
    """The slot has its run already."""


class Commands(UndoCommands):
    """Does what somebody asks for. Verbs raise `NotPermitted`, `NotReady` and `Busy`, and the `Fault`s of
    connecting. Setting ``stopping`` (the process is to end) stops a run after the batch in hand."""

    def sync(self, trigger: Trigger = Trigger.SYNC, *, full: bool = False) -> Run:
        """A whole run now. What a system refuses ends the run `failed`, with the reason."""
        self._allow(Action.BACKFILL if full else Action.SYNC)
        with self.application.database.begin() as connection:
            schedule.resume_after_rejection(connection)  # someone said Sync now
        return self._whole(trigger, lambda engine: everything.sync(engine, trigger, full=full))

    def approve(
        self, run: int, *, agreed: bool = False, full: bool = False, without: LeaveOut | None = None
    ) -> Run:
        """Let the run that waits go on: as it waits now, or (``agreed``) as it was when somebody approved it
        (`waiting_run.approve`). What it does ``without`` is held."""
        self._allow(Action.APPROVE, f"run {run}", **(without.to_json() if without else {}))

        def go_on(engine: SyncEngine) -> Run:
            found = runs.find(engine.context.database, run)
            if found and found.trigger == Trigger.RETRY:
                return on_demand.retry_failing(engine, goes_on=run)[0]
            if found and found.trigger == Trigger.UNDO:
                return self._go_on_undoing(engine, run)
            return everything.sync(engine, full=full, goes_on=run)

        try:
            if not agreed:
                waiting_run.approve(self.application, run, without=without)
            return self._whole(Trigger.SYNC, go_on)
        except approvals.NotWaiting as gone:
            raise Busy(str(gone)) from None

    def backfill(self) -> Run:
        """A whole run that reads everything again."""
        return self.sync(Trigger.BACKFILL, full=True)

    def tick(self, slot: int) -> Run | None:
        """The scheduled run of ``slot``. None where it had its run already or the schedule stands still;
        `skipped` where another run goes on."""
        self.application.person.require_operator()

        def once(engine: SyncEngine) -> Run:
            # Looked at again now that the lease is ours: whoever held it may have served this very slot.
            if run_queries.slot_taken(self.application.database, slot):
                raise _Served
            return everything.sync(engine, Trigger.SCHEDULE, slot=slot)

        if run_queries.slot_taken(self.application.database, slot):
            return None
        if self._stands_still():
            deliver.after_no_run(self.application.database, self.application.settings)
            return None
        try:
            return self._whole(Trigger.SCHEDULE, once, slot, wait=DEAD_OWNER)
        except _Served:
            return None
        except Busy as busy:
            return runs.skip(self.application.database, Trigger.SCHEDULE, self._version(), slot, str(busy))

    def nightly(self) -> Run | None:
        """A whole run that first looks for what the increments missed (rule 23); None where the schedule
        stands still."""
        self.application.person.require_operator()
        run = None
        if not self._stands_still():
            checked = partial(everything.sync, trigger=Trigger.NIGHTLY, check=True)
            run = self._whole(Trigger.NIGHTLY, checked, wait=DEAD_OWNER)
        look_after(self.application.database, self.application.settings.log_retention_days)
        return run

    def audit(self, *, whole: bool = False) -> dict[str, Any]:
        """Look for what the increments missed, as every night (`Findings.to_json`): it becomes due. Nothing
        is written to either system. ``whole``: in all of Element451 too."""
        self._allow(Action.SYNC)
        with self._engine() as engine:
            return everything.audit(engine, everything=whole).to_json()

    def dry_run(self, on_plan: Callable[[Plan], None], *, full: bool = False) -> Run:
        """Plan everything that is due, and keep the plans (`planned`); nothing is written to either
        system."""
        self._allow(Action.DRY_RUN)

        def each(run: Run, plan: Plan) -> None:
            recorder.add(run, plan)
            on_plan(plan)

        with self._engine() as engine:
            recorder = PlanRecorder(engine.context.database)
            run = engine.dry_run(EverythingDue(full=full), each)
            recorder.finish(run)
        return self._after(run)

    def read(self, document: Document | None = None) -> None:
        """Read what changed in both systems, and match their records, by what is in force, or by a
        ``document`` where nothing is yet. Nothing is written to either system."""
        self._allow(Action.DRY_RUN)
        with self._engine(document=document) as engine:
            EverythingDue().read(engine, None)

    def preview(self, direction: Direction, asked: RecordRequest | None) -> list[dict[str, Any]]:
        """The plans (as `log.plan_json`) for one record, or for a sample of those that are due. While a
        run goes on, the run looks the record up between two batches. Raises `NoSuchRecord` and
        `Fault`s."""
        try:
            with self._reserve_open(), self._engine() as engine:
                plans = on_demand.preview(engine, asked) if asked else on_demand.sample(engine, direction)
        except Paused:
            raise
        except Busy:
            if asked:
                return self._previewed_by_the_run(asked)
            engine = open_engine(
                self.application, self.application.database, _never, self.progress, lambda engine, run: None
            )
            plans = on_demand.sample(engine, direction, read_first=False)
        return [plan_json(plan) for plan in plans]

    def _previewed_by_the_run(self, asked: RecordRequest) -> list[dict[str, Any]]:
        engine, direction, kind = self.application.database, asked.direction.value, asked.kind.value
        request = submit(
            engine,
            PREVIEW,
            direction=direction,
            kind=kind,
            salesforce_id=asked.salesforce_id,
            element_id=asked.element_id,
        )
        deadline = monotonic() + ANSWER_WITHIN
        while (answer := answered(self.application.database, request)) is None:
            if monotonic() > deadline or not self._busy():
                Commands(self.application.acting_as(MACHINE), self.progress, self.stopping).serve()
                deadline = monotonic() + ANSWER_WITHIN
            sleep(LOOK_EVERY / 10)
        if answer.failed:
            raise NoSuchRecord(answer.sentence)
        return answer.outcomes

    def _busy(self) -> bool:
        return Lease(self.application.database, RUN).holder() is not None

    def test(self, asked: RecordRequest) -> tuple[Run, list[Outcome]]:
        """Really do it for one record. Raises `NoSuchRecord`."""
        self._allow(Action.TEST, f"{asked.direction} {asked.kind} {asked.element_id or asked.salesforce_id}")
        with self._reserve_open(), self._engine() as engine:
            run, done = on_demand.do(engine, asked, Trigger.TEST)
        return self._after(run), done

    def retry(self, entry: int) -> tuple[Run, list[Outcome]]:
        """Do a logged record again, planned anew. Raises `NoSuchRecord`."""
        self._allow(Action.RETRY, f"entry {entry}")
        with self._reserve_open(), self._engine() as engine:
            run, done = on_demand.retry(engine, entry)
        return self._after(run), done

    def link(self, element_id: str, salesforce_id: str, *, dry_run: bool = False) -> list[dict[str, Any]]:
        """Make one pair of two contacts that a person says are the same; gives the plans of what the next run
        does. Raises `CannotLink`."""
        if not dry_run:
            self._allow(Action.LINK, f"{element_id} and {salesforce_id}")
        with self._reserve_open(), self._engine() as engine:
            return [
                plan_json(plan)
                for plan in linking.link(engine.context, element_id, salesforce_id, dry_run=dry_run)
            ]

    def retry_failed(self, which: Which = on_demand.ALL) -> tuple[Run, list[Outcome]]:
        """Do every record again that is failing now, or ``which`` of them; where it is too much, the run
        waits (rule 19)."""
        self._allow(Action.RETRY, "everything failing", **which.told())
        with self._engine() as engine:
            run, done = on_demand.retry_failing(engine, which)
        return self._after(run), done

    def reject(self, run: int) -> Run | None:
        """End the run that waits; None where that run does not."""
        self._allow(Action.REJECT, f"run {run}")
        rejected = approvals.reject(self.application.database, run)
        return self._after(rejected) if rejected else None

    def cancel(self, run: int) -> bool:
        """Ask a running run to stop at its next batch; False where it does not run."""
        self._allow(Action.CANCEL, f"run {run}")
        return runs.cancel(self.application.database, run, self.application.person.name)

    def serve(self) -> int:
        """See that every request that waits is done, by the run that is going on or by ourselves; how many we
        did. Whoever asked was allowed to."""
        self.application.person.require_operator()
        done = 0
        while self._asked() and not self.stopping.is_set():
            try:
                with self._reserve_open(), self._engine() as engine:
                    done += handle_all(engine)
            except LimitReached:
                done += 1  # the connection pauses now, and the others are told so
            except Paused as paused:
                refuse_all(self.application.database, str(paused))
            except Busy:
                sleep(LOOK_EVERY / 4)
        return done


def _never() -> None:
    raise LeaseLost("A preview writes nothing.")
