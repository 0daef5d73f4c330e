"""Doing a job, so that whatever comes of it stands in the database; of a verb's answer, Redis holds the
number of the run alone."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import structlog
from redis import Redis
from rq import get_current_job
from sqlalchemy.exc import OperationalError

from syncer.application import work_requests
from syncer.application.commands import Busy, Commands, NotReady
from syncer.application.container import Application
from syncer.connectors.errors import Fault
from syncer.core.permissions import MACHINE
from syncer.infra.logs import frames_of
from syncer.infra.settings.environment import BadSettings
from syncer.journal import run_queries, runs
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from worker.processes.shutdown import STOPPING

A_DAY, AN_HOUR = 86_400, 3600
DATABASE_WAITS = (0.5, 1, 2, 4, 8, 15)
"""Seconds between the tries to begin while the database does not answer: half a minute, in which a server is
restarted."""
DATABASE_AWAY = "The database does not answer. Nothing is lost: the next run goes on with what is still due."
_ANSWER = "sync:answer:"
_log = structlog.get_logger(__name__)


@contextmanager
def working() -> Iterator[Commands]:
    """The verbs of the product, for one job. What stands in the way is logged and never raised: RQ would only
    do the job again."""
    with _telling(), Application.from_environment(person=MACHINE) as application:
        yield Commands(application, stopping=STOPPING)


def patiently(job: Callable[[Commands], object]) -> None:
    """Do a job that may be begun again at will, as `working` does. A database that is being restarted is
    waited for: no slot is left out."""
    with _telling():
        for wait in (*DATABASE_WAITS, None):
            try:
                with Application.from_environment(person=MACHINE) as application:
                    job(Commands(application, stopping=STOPPING))
                return
            except (OperationalError, BadSettings) as error:
                if wait is None or STOPPING.is_set():
                    raise
                _log.warning(
                    "the database does not answer, will be tried again",
                    error=type(error).__name__,
                    seconds=wait,
                )
                STOPPING.wait(wait)


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except (Busy, NotReady, BadSettings) as reason:
        _log.info("nothing was done", reason=str(reason))
    except Fault as fault:
        _log.warning("nothing was done", reason=fault.sentence, code=fault.code)
    except OperationalError as error:
        _log.error(
            "nothing was done", reason=DATABASE_AWAY, detail=str(error.orig).strip().partition("\n")[0]
        )
    except Exception as error:  # RQ would only do the job again
        # Its text is left out, because it may hold somebody's values.
        _log.error("a job failed that should not", error=type(error).__name__, where=frames_of(error))


def answer(ticket: str, trigger: Trigger, verb: Callable[[Commands], Run]) -> None:
    """Do ``verb``, and keep the number of its run as the answer to ``ticket``. What cannot even begin is kept
    as a run with the reason."""
    with working() as commands:
        try:
            run = verb(commands)
        except (Busy, NotReady) as reason:
            run = _kept(commands, trigger, RunState.SKIPPED, str(reason), "SKIPPED")
        except Fault as fault:
            run = _kept(commands, trigger, RunState.FAILED, fault.sentence, fault.code)
        if job := get_current_job():
            job.connection.set(_ANSWER + ticket, run.id, ex=A_DAY)


def answer_requests(request: int) -> None:
    """Do what was asked for single records. Where nothing can be done for any, that is the answer to
    ``request``."""
    with working() as commands:
        engine = commands.application.database
        try:
            commands.serve()
        except (NotReady, Fault) as reason:
            if work_requests.answered(engine, request) is None:
                sentence = (
                    reason.sentence
                    if isinstance(reason, Fault)
                    else " ".join([str(reason), *(found.message for found in reason.problems)])
                )
                work_requests.answer(engine, request, None, [], sentence, failed=True)


def too_late(commands: Commands, slot: int) -> bool:
    """Whether a tick waited for so long, behind a long run, that it is skipped: later ones wait behind it. A
    run says so."""
    if time.time() - slot < AN_HOUR:
        return False
    due = datetime.fromtimestamp(slot, UTC)
    reason = (
        f"This run was due at {due:%Y-%m-%d %H:%M} UTC and had to wait for more than an hour. Nothing is"
        " lost: a later one follows."
    )
    if not run_queries.slot_taken(commands.application.database, slot):
        runs.skip(commands.application.database, Trigger.SCHEDULE, _version(commands), slot, reason)
    return True


def run_of(connection: Redis, ticket: str) -> int | None:
    """The run that answered ``ticket``; None where none did, or a day ago."""
    found = connection.get(_ANSWER + ticket)
    return int(found) if isinstance(found, bytes) else None


def _kept(commands: Commands, trigger: Trigger, state: RunState, reason: str, code: str) -> Run:
    run = runs.skip(commands.application.database, trigger, _version(commands), None, reason)
    run.state, run.code = state, code
    runs.save(commands.application.database, run)
    return run


def _version(commands: Commands) -> int:
    current = commands.application.configuration.current()
    return current[0] if current else 0
