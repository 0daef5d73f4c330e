"""What the dashboard may ask of the worker. Asking is quick and writes to neither system; asking twice is
harmless."""

import secrets
import time
from collections.abc import Callable, Iterable

import redis
import structlog
from rq import Worker
from rq.serializers import JSONSerializer

from syncer.application import undo, work_requests
from syncer.application.commands import Commands
from syncer.application.container import Application
from syncer.application.decisions import waiting_run
from syncer.application.work_requests import Answer
from syncer.core.permissions import Action
from syncer.core.trust.leaving_out import LeaveOut
from syncer.journal import approvals, audit, runs
from syncer.journal.run_state import RunState
from syncer.sync.failures import Which
from worker import jobs
from worker.embedded_redis.connection import connect, queue_on
from worker.job_queue import in_hand, put
from worker.job_runner import run_of
from worker.processes.rq_worker import heard_of_lately

GONE = (
    "The queue was emptied or its worker failed before this was done. Nothing is lost; ask again, or wait for"
    " the next run."
)
SERVE_AGAIN = 60
"""Seconds until a request that a job could not do is given to another one."""
_ENDING = 2.0
"""Seconds that a job may take to go once it is answered; where its worker died just then, it is done
again."""
_log = structlog.get_logger(__name__)


class WorkerClient:
    """The verbs, for the application's person. Each that takes time returns a ticket (a short text) by which
    `answer` finds what came of it. Each raises `NotPermitted` where that person may not say it.

    ``connection`` is by default the one of the settings, opened when first needed: verbs then raise
    `BadSettings` where it cannot be. Verbs that need the queue raise `redis.RedisError` where it fails later.
    """

    def __init__(self, application: Application, connection: redis.Redis | None = None) -> None:
        self._application, self._connection = application, connection

    def sync_now(self) -> str:
        """A whole run now. It is `skipped` where another one goes on."""
        return self._put(Action.SYNC, jobs.sync, "sync")

    def dry_run(self) -> str:
        """A run that writes nothing; its counts say what would be done."""
        return self._put(Action.DRY_RUN, jobs.dry_run, "dry-run")

    def backfill(self) -> str:
        """A whole run that reads everything again."""
        return self._put(Action.BACKFILL, jobs.backfill, "backfill")

    def undo(self, run: int) -> str:
        """Count what of the ``run`` can be put back. The run that does so waits for an approval."""
        return self._put(Action.UNDO, jobs.undo, f"undo-{run}", run)

    def undo_version(self, version: int) -> str:
        """The same of all runs under the ``version``. Where it is in force, the one before it is restored at
        once, by whoever asks. Raises `NoSuchRecord` where it cannot be undone, and as storing a version
        does."""
        application = self._application
        audit.authorize(application.database, application.person, Action.UNDO, f"version {version}")
        asked = undo.which(application, version=version)
        if document := undo.document_before(application, asked):
            application.configuration.store(document, based_on=version)
        return self._queue(jobs.undo_version, f"undo-version-{version}", version)

    def put_back(self, entry: int, field: str | None = None) -> str:
        """Put back what this log entry wrote, or the one field of it with this slug or API name, at once: the
        person has seen what that does. Raises `NoSuchRecord` where there is nothing to put back."""
        application, about = self._application, f"entry {entry}" + (f", {field}" if field else "")
        audit.authorize(application.database, application.person, Action.UNDO, about)
        undo.which(application, entry=entry, field=field)
        only = [field] if field else []
        return self._queue(jobs.put_back, "-".join(["put-back", str(entry), *only]), entry, *only)

    def approve(self, run: int, counting: int | None = None, without: LeaveOut | None = None) -> str:
        """Let the waiting run go on, as it was shown: as of this ``counting``, ``without`` some of it, which
        is held (see `waiting_run.approve`, which raises `NotWaiting`)."""
        application = self._application
        audit.authorize(
            application.database,
            application.person,
            Action.APPROVE,
            f"run {run}",
            counting=counting,
            **(without.to_json() if without else {}),
        )
        job_id = f"approve-{run}"
        try:
            waiting_run.approve(application, run, counting, without)
        except approvals.NotWaiting:
            if same := in_hand(queue_on(self._redis), job_id):  # a double click: it goes on already
                return str(same.args[0])
            raise
        return self._queue(jobs.approve, job_id, run)

    def reject(self, run: int) -> bool:
        """End the waiting run, at once; False where it does not wait."""
        return Commands(self._application).reject(run) is not None

    def cancel(self, run: int) -> bool:
        """Stop the running run at its next batch; False where it does not run. By way of the database: the
        queue waits for that very run."""
        return Commands(self._application).cancel(run)

    def preview(
        self, direction: str | None, *, salesforce_id: str | None = None, element_id: str | None = None
    ) -> str:
        """What a run would do in a direction to one contact or conversation, named by either id, or, without
        one, to a sample of what is due (without a direction, in both). Writes nothing; everybody may ask."""
        return self._request(
            work_requests.PREVIEW, direction=direction, salesforce_id=salesforce_id, element_id=element_id
        )

    def import_one(self, *, salesforce_id: str | None = None, element_id: str | None = None) -> str:
        """Import one contact (Test), named by either id."""
        return self._ask(
            Action.TEST,
            work_requests.TEST,
            direction="import",
            kind="contact",
            salesforce_id=salesforce_id,
            element_id=element_id,
        )

    def export_one(
        self, *, salesforce_id: str | None = None, element_id: str | None = None, kind: str = "contact"
    ) -> str:
        """Export one contact or conversation (Test), named by either id."""
        return self._ask(
            Action.TEST,
            work_requests.TEST,
            direction="export",
            kind=kind,
            salesforce_id=salesforce_id,
            element_id=element_id,
        )

    def retry(self, entry: int) -> str:
        """Do a logged record again, from a new plan."""
        return self._ask(Action.RETRY, work_requests.RETRY, entry=entry)

    def retry_several(self, entries: Iterable[int]) -> str:
        """Do these logged records again, each from a new plan; one ticket for all of them. Raises ValueError
        where there are none."""
        if not (tickets := [self.retry(entry) for entry in entries]):
            raise ValueError("nothing to retry")
        return f"request:{','.join(ticket.partition(':')[2] for ticket in tickets)}"

    def retry_cause(self, which: Which) -> str:
        """Do again which of the records that are failing now."""
        return self._ask(Action.RETRY, work_requests.RETRY_CAUSE, **which.told())

    def examine(self) -> None:
        """Prove what is assumed of the connected systems; `doctor.last` has the verdicts then."""
        application = self._application
        audit.authorize(application.database, application.person, Action.CHECK, "the doctor")
        put(queue_on(self._redis), jobs.examine, job_id="examine")

    def answer(self, ticket: str) -> Answer | None:
        """What came of a ticket: the run (see `syncer.journal.runs`), or the single records' outcomes; None
        while it is being done."""
        what, _, number = ticket.partition(":")
        if what == "request":
            return work_requests.answered_together(
                self._application.database, [int(each) for each in number.split(",")]
            )
        run = run_of(self._redis, ticket)
        if run is None:
            if in_hand(queue_on(self._redis), what):
                return None
            run = run_of(self._redis, ticket)  # it may have been answered between our two looks
        found = runs.find(self._application.database, run) if run is not None else None
        if found is None:
            return Answer(None, [], GONE, True)
        return Answer(found.id, [], found.reason, found.state == RunState.FAILED)

    def has_worker(self) -> bool:
        """Whether a worker has been heard of lately, on any machine."""
        found = Worker.all(connection=self._redis, serializer=JSONSerializer)
        return any(heard_of_lately(worker) for worker in found)

    @property
    def _redis(self) -> redis.Redis:
        if self._connection is None:
            self._connection = connect(self._application.settings)
        return self._connection

    def _put(self, act: Action, job: Callable[..., None], job_id: str, *numbers: int) -> str:
        """Put a job into the queue; gives its ticket, or that of the same job if it is there already and not
        answered yet."""
        audit.authorize(
            self._application.database,
            self._application.person,
            act,
            " ".join(f"run {number}" for number in numbers),
        )
        return self._queue(job, job_id, *numbers)

    def _queue(self, job: Callable[..., None], job_id: str, *what: int | str) -> str:
        queue = queue_on(self._redis)
        ticket, deadline = f"{job_id}:{secrets.token_hex(6)}", time.monotonic() + _ENDING
        while not put(queue, job, ticket, *what, job_id=job_id):
            same = in_hand(queue, job_id)
            if same and (run_of(self._redis, same.args[0]) is None or time.monotonic() > deadline):
                return str(same.args[0])
            time.sleep(0.02)  # it was answered, and is about to make room for ours
        return ticket

    def _ask(self, act: Action, verb: str, **what: int | str | None) -> str:
        application = self._application
        audit.authorize(
            application.database,
            application.person,
            act,
            " ".join(f"{name} {value}" for name, value in what.items() if value is not None),
        )
        return self._request(verb, **what)

    def _request(self, verb: str, **what: int | str | None) -> str:
        application = self._application
        request = work_requests.submit(application.database, verb, asked_by=application.person.name, **what)  # type: ignore[arg-type]  # the verbs above see to it
        try:
            put(
                queue_on(self._redis),
                jobs.serve,
                request,
                job_id=f"serve-{request}",
                keep_seconds=SERVE_AGAIN,
            )
        except redis.RedisError as error:
            # It stands in the database: the run that goes on, or the scheduler, comes upon it.
            _log.warning(
                "the queue does not answer, the request waits in the database",
                request=request,
                error=type(error).__name__,
            )
        return f"request:{request}"
