"""rq-scheduler's process, keeping our schedule: one of them keeps time, the others stand by and take over
when it dies.

rq-scheduler's own list of jobs stays empty: it is pickled, and an entry of it is lost when the process dies
between two commands. What it gives is the loop, its registration and its signals; what is due is reckoned
from the clock alone (`worker.schedule.slots`).
"""

import logging
import signal
import time
from collections.abc import Callable

import redis
import structlog
from rq import Queue
from rq_scheduler import Scheduler  # type: ignore[import-untyped]  # it has no types
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from syncer.application import doctor
from syncer.application.container import Application
from syncer.application.work_requests import REQUESTS
from syncer.core.trust.clocks import TRUSTED
from syncer.infra.database import key_value
from syncer.infra.database.process_identity import host_of, is_dead, this_owner
from syncer.journal.runs import RUNS
from worker import jobs
from worker.client import SERVE_AGAIN
from worker.job_queue import put
from worker.processes.rq_worker import worker_name
from worker.schedule.slots import put_due, reconcile, wanted

EXAMINE_AGAIN = 300
"""Seconds until an examination that came to nothing is given to another job."""
_KEPT = "schedule kept"
"""Kept once a scheduler has run: an empty Redis has then been wiped, even if no tick came as far as a run."""
_LONGEST_LOOK = 5.0
"""Seconds between two looks, at most."""
_log = structlog.get_logger(__name__)
logging.getLogger("rq_scheduler").setLevel(
    logging.ERROR
)  # it would complain at every look that another one leads


class SlotScheduler(Scheduler):  # type: ignore[misc]  # so that its class is Any
    """Keeps time for ``queue``. ``revive`` is called once a look; it brings the embedded server back where
    nobody else does."""

    def __init__(
        self, application: Application, queue: Queue, revive: Callable[[], object] = lambda: None
    ) -> None:
        self._application, self._revive = application, revive
        self._seconds = application.settings.interval_seconds or 900
        super().__init__(
            queue=queue,
            connection=queue.connection,
            interval=self._look_every(),
            name=worker_name("scheduler"),
        )
        self._owner, self._leaving = this_owner(), False
        self._leads: bool | None = None

    def acquire_lock(self) -> bool:
        """Lead, or go on leading: True. A leader that died on this machine is succeeded at once, another one
        when its lock expires."""
        with self.connection.pipeline() as pipeline:
            try:
                pipeline.watch(self.scheduler_lock_key)
                holder = (pipeline.get(self.scheduler_lock_key) or b"").decode()
                leads = holder in ("", self._owner) or is_dead(holder) or self._lasts_too_long()
                if leads:
                    pipeline.multi()
                    pipeline.set(self.scheduler_lock_key, self._owner, px=int(self._interval * 3000))
                    pipeline.execute()
            except redis.WatchError:
                leads, holder = False, ""
        if leads is not self._leads:
            _log.info(
                "keeps the time" if leads else "stands by, another scheduler keeps the time",
                other=host_of(holder) if holder else None,
            )
        self._leads = leads
        return leads

    def _lasts_too_long(self) -> bool:
        """Whether the leader's lock lasts longer than any does: the server's clock was ahead when it was
        given (rule 23), and a leader that lives takes it anew at its next look."""
        left: int = self.connection.pttl(self.scheduler_lock_key)
        return left > _LONGEST_LOOK * 3000 + TRUSTED.total_seconds() * 1000

    def remove_lock(self) -> None:
        """Stop leading when this process leaves; between two looks, the lock is kept."""
        if self._leads and self._leaving:
            self._leads = False
            self.connection.delete(self.scheduler_lock_key)

    def register_death(self) -> None:
        """Say goodbye, where Redis still listens, and let another one lead."""
        self._leaving = True
        try:
            self.remove_lock()
            super().register_death()
        except redis.RedisError:
            _log.info("left without signing off, Redis is unreachable")

    def _install_signal_handlers(self) -> None:
        # Not rq-scheduler's own: those speak to Redis in the middle of whatever is being said to it.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)

    def heartbeat(self) -> None:
        """Say that we live; where Redis was emptied, register again."""
        if not self.connection.hexists(self.key, "birth"):
            self.connection.hset(self.key, "birth", time.time())
        super().heartbeat()

    def enqueue_jobs(self) -> None:
        """One look: Redis agrees with the schedule, and what is due is in the queue."""
        try:
            self._read_interval()
            self._put_requests()
            self._put_examination()
        except SQLAlchemyError as error:
            # The slots need no database to be put; their jobs will find it again, or say why not.
            _log.warning(
                "the database does not answer, the schedule goes on as it was", error=type(error).__name__
            )
        entries, now = wanted(self._seconds), time.time()
        put_due(
            self._queue, entries, reconcile(self.connection, entries, now, self._check_and_mark_begun), now
        )
        self._revive()

    def _look_every(self) -> float:
        return min(_LONGEST_LOOK, max(0.25, self._seconds / 8))

    def _read_interval(self) -> None:
        self._seconds = self._application.settings.interval_seconds or round(
            self._application.preferences.interval_minutes * 60
        )
        self._interval = self._look_every()

    def _check_and_mark_begun(self) -> bool:
        """Whether the schedule was kept before this look, as far as can be known; from now on it was."""
        try:
            with self._application.database.begin() as connection:
                begun = bool(key_value.read(connection, _KEPT)) or _any_tick(connection)
                key_value.write(connection, _KEPT, {"kept": True})
                return begun
        except SQLAlchemyError:
            return True

    def _put_requests(self) -> None:
        """Requests whose job was lost with Redis; while one is there, nothing is added."""
        with self._application.database.connect() as connection:
            waiting = (
                connection.execute(select(REQUESTS.c.id).where(REQUESTS.c.state == "waiting")).scalars().all()
            )
        for request in waiting:
            put(self._queue, jobs.serve, request, job_id=f"serve-{request}", keep_seconds=SERVE_AGAIN)

    def _put_examination(self) -> None:
        """A system that was connected is examined once, whoever connected it."""
        if doctor.due(self._application.database):
            put(self._queue, jobs.examine_connected, job_id="examine-connected", keep_seconds=EXAMINE_AGAIN)


def keep_time(make_scheduler: Callable[[], SlotScheduler], pause: float = 1.0) -> None:
    """Keep time until SIGTERM or Ctrl-C, whatever becomes of Redis in the meantime. ``make_scheduler``
    makes a new one after each failure."""
    while True:
        try:
            make_scheduler().run()
        except (redis.ConnectionError, redis.TimeoutError) as error:
            _log.warning("Redis does not answer, will be tried again", error=type(error).__name__)
            time.sleep(pause)


def _any_tick(connection: Connection) -> bool:
    return connection.execute(select(RUNS.c.id).where(RUNS.c.slot.is_not(None)).limit(1)).first() is not None


def _leave(*_: object) -> None:
    raise SystemExit(0)
