"""The sync engine in a command's hands: opened under the lease, interrupted between two pages, and what
follows every run."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic

import structlog

from syncer.alerting import deliver
from syncer.application.container import Application
from syncer.application.engine_factory import NotReady, compiled, in_force, open_engine
from syncer.application.request_handler import handle_all
from syncer.application.work_requests import waiting
from syncer.configuration.document import Document
from syncer.connectors.errors import Fault, FieldRefused, LimitReached
from syncer.core.permissions import MACHINE, Action
from syncer.core.records import System
from syncer.infra.collector import look_rarely
from syncer.infra.database.lease import RUN, Lease, LeaseLost, fenced
from syncer.journal import api_usage, audit, runs, schedule, share_pause
from syncer.journal.ended_early import ended_early
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from syncer.sync.engine import Cancelled, SyncEngine
from syncer.sync.progress import Progress, Silent

log = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks for requests, and for a wish to stop, between the batches of a run."""
ANSWER_WITHIN = 60.0
"""Seconds after which a preview that the running run was asked for is computed by this process instead."""
DEAD_OWNER = 90.0
"""Seconds that a tick waits for the lease: longer than one is held that belonged to a process which died on
another machine."""


class Busy(Exception):
    """Another run is going on, or the connection pauses; ``str()`` says which, and until when."""


class Paused(Busy):
    """The connection pauses until its limit is over."""


class EngineHost:
    """Opens the engine for one run at a time (rule 18), and looks after the run when it is over. Setting
    ``stopping`` (the process is to end) stops a run after the batch in hand."""

    def __init__(
        self,
        application: Application,
        progress: Progress | None = None,
        stopping: threading.Event | None = None,
    ) -> None:
        self.application, self.progress, self.stopping = (
            application,
            progress or Silent(),
            stopping or threading.Event(),
        )
        self._looked, self._keeps_reserve = 0.0, True

    @contextmanager
    def _engine(self, wait: float = 0.0, document: Document | None = None) -> Iterator[SyncEngine]:
        application = self.application
        self._raise_if_paused()
        lease = Lease(application.database, RUN, application.settings.lease_seconds)
        deadline = monotonic() + wait
        while not lease.take(min(LOOK_EVERY, wait)):
            if monotonic() < deadline and not self.stopping.is_set():
                continue
            raise Busy(f"Another run is going on ({lease.holder()}). This one was skipped; nothing is lost.")
        try:
            fenced_off = fenced(application.database, lease)
            engine = open_engine(
                application,
                fenced_off,
                lease.check,
                self.progress,
                self._between,
                document,
                keeps_reserve=lambda: self._keeps_reserve,
            )
            look_rarely()
            yield engine
            api_usage.save(application.database, engine.context.connectors[System.SALESFORCE].usage)
        except LimitReached as limit:
            self._pause(limit)
            raise
        finally:
            lease.release()

    def _raise_if_paused(self) -> None:
        """Raise `Paused` while a system asked for no calls, or our share of its calls is spent and this work
        may not use the reserve."""
        for system in System:
            view = self.application.connections.view(system)
            if view and view.pauses(datetime.now(UTC)) and not self._has_reserve(system):
                raise Paused(
                    f"{system.label} allows no more calls for now. The sync pauses until"
                    f" {view.paused_until:%Y-%m-%d %H:%M} UTC and then goes on."
                )

    def _has_reserve(self, system: System) -> bool:
        if self._keeps_reserve or system is not System.SALESFORCE:
            return False
        with self.application.database.connect() as connection:
            return share_pause.is_made_by_share(connection)

    def _pause(self, limit: LimitReached) -> None:
        """Let later runs wait as well; unless the share that it came from has been raised meanwhile."""
        if limit.share is None or limit.share >= self.application.preferences.api_share_percent:
            connections = self.application.acting_as(MACHINE).connections
            connections.pause(limit.system, limit.until, limit.share)

    def _whole(
        self, trigger: Trigger, go: Callable[[SyncEngine], Run], slot: int | None = None, wait: float = 0.0
    ) -> Run:
        try:
            with self._engine(wait) as engine:
                run = go(engine)
            return self._after(run)
        except Fault as fault:
            return self._never_begun(trigger, slot, fault.sentence, fault.code, fault.detail, fault)
        except LeaseLost as lost:
            raise Busy(f"{lost} Nothing was written after that; the run that took over goes on.") from None
        except NotReady as found:
            if not found.problems:
                raise
            reason = " ".join([str(found), *(problem.message for problem in found.problems)])
            return self._never_begun(trigger, slot, reason, "CONFIGURATION")

    def _allow(self, act: Action, about: str = "", **detail: object) -> None:
        audit.authorize(self.application.database, self.application.person, act, about, **detail)

    def _between(self, engine: SyncEngine, run: Run) -> None:
        """Between two batches of ``run``: do what was asked for single records; stop the run where somebody
        wants it stopped."""
        if self.stopping.is_set():
            raise Cancelled(ended_early("The program was stopped.", run.undone))
        if monotonic() - self._looked < LOOK_EVERY:
            return
        self._looked = monotonic()
        if by := runs.cancelled_by(self.application.database, run.id):
            if run.undone:
                raise Cancelled(ended_early(f"Cancelled by {by}.", run.undone))
            raise Cancelled(f"Cancelled by {by}. What was written is logged; the rest stays due.")
        if self._asked() and not run.undone:  # an undo may work with other fields than those in force
            with self._reserve_open():
                handle_all(engine, read_first=False)

    @contextmanager
    def _reserve_open(self) -> Iterator[None]:
        """Let the calls be spent that are kept for Test and Retry, of which somebody waits for each."""
        before, self._keeps_reserve = self._keeps_reserve, False
        try:
            yield
        finally:
            self._keeps_reserve = before

    def _asked(self) -> bool:
        with self.application.database.connect() as connection:
            return bool(waiting(connection))

    def _never_begun(
        self,
        trigger: Trigger,
        slot: int | None,
        reason: str,
        code: str,
        detail: str = "",
        fault: Fault | None = None,
    ) -> Run:
        """A run that could not even begin is a failed run: whoever looks finds the reason among the runs."""
        run = runs.begin(self.application.database, trigger, self._version(), slot=slot)
        run.state, run.reason, run.code, run.detail, run.fault = RunState.FAILED, reason, code, detail, fault
        runs.save(self.application.database, run)
        return self._after(run)

    def _version(self) -> int:
        current = self.application.configuration.current()
        return current[0] if current else 0

    def _stands_still(self) -> bool:
        """Whether scheduled runs are off: a system was never connected, or `schedule.standstill` says why."""
        if any(self.application.connections.view(system) is None for system in System):
            return True
        with self.application.database.connect() as connection:
            return schedule.standstill(connection, self._version(), datetime.now(UTC)) is not None

    def _after(self, run: Run) -> Run:
        """A limit pauses the connection; a refused field is looked for in the live catalogues, so that the
        reason names it; whoever is to be told is told."""
        if isinstance(run.fault, LimitReached):
            self._pause(run.fault)
        if isinstance(run.fault, FieldRefused) or run.field_refused:
            self._name_what_was_refused(run)
        if not self.stopping.is_set():
            deliver.after_run(self.application.database, self.application.settings, run)
        return run

    def _name_what_was_refused(self, run: Run) -> None:
        try:
            found = compiled(in_force(self.application, self.application.catalogues), fresh=True)
            named = found.suspension.sentences
        except NotReady as not_ready:
            named = [problem.message for problem in not_ready.problems]
        except Fault as fault:
            log.warning("catalogues not read", run=run.id, reason=fault.sentence)
            return
        run.reason = " ".join(filter(None, [run.reason, *named]))
        runs.save(self.application.database, run)
