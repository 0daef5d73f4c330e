"""The verbs of the product (sync, dry run, preview, test, retry, nightly): whoever asks, the command line or a worker, asks here.

One connection, one run at a time, one mapping version per run (rule 18).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic, sleep

from syncer import runs, setup
from syncer.bootstrap import Application
from syncer.fence import fenced
from syncer.lease import RUN, Lease, LeaseLost
from syncer.logbook import Outcome
from syncer.opening import NotReady, compiled, open_road
from syncer.plan import Direction, Plan
from syncer.progress import Progress, Silent
from syncer.records import System
from syncer.requests import waiting
from syncer.run import PAUSED, Cancelled, Road, reject
from syncer.runs import Run
from syncer.serving import serve
from syncer.single import Asked, Single
from syncer.systems.errors import Fault, FieldRefused, LimitReached

__all__ = ["Busy", "Control", "NotReady"]

LOOK_EVERY = 1.0
"""Seconds between two looks for requests, and for a wish to stop, between the batches of a run."""
DEAD_OWNER = 90.0
"""Seconds that a tick waits for the lease: longer than one is held that belonged to a process which died on another machine."""


class Busy(Exception):
    """Another run is going on, or the connection pauses; ``str()`` says which, and until when."""


class Control:
    """Does what somebody asks for. Verbs raise `NotReady` and `Busy`, and the `Fault`s of connecting. Setting ``stopping`` (the process is
    to end) stops a run after the batch in hand."""

    def __init__(self, application: Application, progress: Progress | None = None, stopping: threading.Event | None = None) -> None:
        self.application, self.progress, self.stopping = application, progress or Silent(), stopping or threading.Event()
        self._looked = 0.0

    def sync(self, trigger: str = "sync", *, full: bool = False, approve: int | None = None) -> Run:
        """A whole run now; ``approve`` goes on with the run that waits. What a system refuses ends the run `failed`, with the reason."""
        # Someone said Sync now: the pause after a rejected run is over (rule 19).
        with self.application.engine.begin() as connection:
            setup.write_fact(connection, PAUSED, {})
        return self._whole(trigger, lambda road: road.run(trigger, full=full, approve=approve))

    def approve(self, run: int) -> Run:
        """Let the run that waits go on."""
        return self.sync(approve=run)

    def backfill(self) -> Run:
        """A whole run that reads everything again."""
        return self.sync("backfill", full=True)

    def tick(self, slot: int) -> Run | None:
        """The scheduled run of ``slot``. None where it had its run already or the schedule pauses; `skipped` where another run goes on."""
        if runs.slot_taken(self.application.engine, slot) or self._paused():
            return None
        try:
            return self._whole("schedule", lambda road: road.run("schedule", slot=slot), slot, wait=DEAD_OWNER)
        except Busy as busy:
            return runs.skip(self.application.engine, "schedule", self._version(), slot, str(busy))

    def nightly(self) -> Run:
        """A whole run that first compares the ids of both sides and puts right what the increments missed."""
        return self._whole("nightly", lambda road: road.run("nightly", compare=True), wait=DEAD_OWNER)

    def dry_run(self, on_plan: Callable[[Plan], None], *, full: bool = False) -> Run:
        """Plan everything that is due; nothing is written to either system."""
        with self._road() as road:
            return self._after(road.dry_run(on_plan, full=full))

    def preview(self, direction: Direction, asked: Asked | None) -> list[Plan]:
        """The plans for one record, or for a sample of those that are due. Raises `single.NoSuchRecord` and `Fault`s."""
        with self._road() as road:
            return Single(road).preview(asked) if asked else Single(road).sample(direction)

    def test(self, asked: Asked) -> tuple[Run, list[Outcome]]:
        """Really do it for one record. Raises `single.NoSuchRecord`."""
        with self._road() as road:
            run, done = Single(road).do(asked, "test")
            return self._after(run), done

    def retry(self, entry: int) -> tuple[Run, list[Outcome]]:
        """Do a logged record again, planned anew. Raises `single.NoSuchRecord`."""
        with self._road() as road:
            run, done = Single(road).retry(entry)
            return self._after(run), done

    def retry_failed(self) -> tuple[Run, list[Outcome]]:
        """Do every record again that is failing now."""
        with self._road() as road:
            run, done = Single(road).retry_failed()
            return self._after(run), done

    def reject(self, run: int) -> Run | None:
        """End the run that waits; None where that run does not."""
        return reject(self.application.engine, run)

    def cancel(self, run: int, by: str = "") -> bool:
        """Ask a running run to stop at its next batch; False where it does not run."""
        return runs.cancel(self.application.engine, run, by)

    def serve(self) -> int:
        """See that every request that waits is done, by the run that is going on or by ourselves; how many we did."""
        done = 0
        while self._asked() and not self.stopping.is_set():
            try:
                with self._road() as road:
                    done += serve(road)
            except Busy:
                sleep(LOOK_EVERY / 4)
        return done

    @contextmanager
    def _road(self, wait: float = 0.0) -> Iterator[Road]:
        application = self.application
        paused = application.connections.view(System.SALESFORCE)
        if paused and paused.paused_until and paused.paused_until > datetime.now(UTC):
            raise Busy(f"Salesforce allows no more calls for now. The sync pauses until {paused.paused_until:%Y-%m-%d %H:%M} UTC and then goes on.")
        lease = Lease(application.engine, RUN)
        if not lease.take(wait):
            raise Busy(f"Another run is going on ({lease.holder()}). This one was skipped; nothing is lost.")
        try:
            yield open_road(application, fenced(application.engine, lease), lease.check, self.progress, self._between)
        finally:
            lease.release()

    def _whole(self, trigger: str, go: Callable[[Road], Run], slot: int | None = None, wait: float = 0.0) -> Run:
        try:
            with self._road(wait) as road:
                return self._after(go(road))
        except Fault as fault:
            return self._never_begun(trigger, slot, fault.sentence, fault.code, fault.detail)
        except LeaseLost as lost:
            raise Busy(f"{lost} Nothing was written after that; the run that took over goes on.") from None
        except NotReady as found:
            if not found.problems:
                raise
            reason = " ".join([str(found), *(problem.message for problem in found.problems)])
            return self._never_begun(trigger, slot, reason, "CONFIGURATION")

    def _between(self, road: Road, run: Run) -> None:
        """Between two batches of ``run``: do what was asked for single records; stop the run where somebody wants it stopped."""
        if self.stopping.is_set():
            raise Cancelled("The program was stopped. Nothing is lost: the next run goes on with what is still due.")
        if monotonic() - self._looked < LOOK_EVERY:
            return
        self._looked = monotonic()
        if by := runs.cancelled_by(self.application.engine, run.id):
            raise Cancelled(f"Cancelled by {by}. What was written is logged; the rest stays due.")
        if self._asked():
            serve(road)

    def _asked(self) -> bool:
        with self.application.engine.connect() as connection:
            return bool(waiting(connection))

    def _never_begun(self, trigger: str, slot: int | None, reason: str, code: str, detail: str = "") -> Run:
        """A run that could not even begin is a failed run: whoever looks finds the reason among the runs."""
        run = runs.begin(self.application.engine, trigger, self._version(), slot=slot)
        run.state, run.reason, run.code, run.detail = "failed", reason, code, detail
        runs.save(self.application.engine, run)
        return run

    def _version(self) -> int:
        current = self.application.configuration.current()
        return current[0] if current else 0

    def _paused(self) -> bool:
        """Whether the schedule pauses since a run was rejected; a changed setting ends that (rule 19)."""
        with self.application.engine.connect() as connection:
            paused = setup.read_fact(connection, PAUSED) or {}
        return bool(paused) and paused.get("version") == self._version()

    def _after(self, run: Run) -> Run:
        """A limit pauses the connection; a refused field is looked for in the live catalogues, so that the reason names it."""
        if isinstance(run.fault, LimitReached):
            self.application.connections.pause(run.fault.system, run.fault.until)
        if isinstance(run.fault, FieldRefused) or run.field_refused:
            try:
                compiled(self.application, self.application.catalogues, fresh=True)
            except NotReady as found:
                run.reason = " ".join([run.reason, *(problem.message for problem in found.problems)])
                runs.save(self.application.engine, run)
            except Fault:
                return run
        return run
