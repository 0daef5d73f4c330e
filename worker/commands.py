"""What ``python -m worker run``, ``schedule`` and ``all`` do."""

import logging
import secrets
import socket
import time

import redis
import structlog

from syncer.application.container import Application
from syncer.infra.settings.environment import BadSettings
from worker import jobs as jobs  # so that each job's process finds them imported
from worker.embedded_redis.connection import connect, queue_on
from worker.embedded_redis.server import Embedded
from worker.processes.dead_workers import requeue_jobs_of
from worker.processes.log_handler import StructuredHandler
from worker.processes.os_locks import FileLock
from worker.processes.rq_worker import SyncWorker, worker_name
from worker.processes.supervisor import Child, Supervisor
from worker.schedule.scheduler import SlotScheduler, keep_time
from worker.settings import Options

LOOK_EVERY = 0.5
"""Seconds between two looks at the embedded server."""
_log = structlog.get_logger(__name__)


def run(application: Application, name: str | None = None) -> int:
    """One worker, until SIGTERM or Ctrl-C."""
    _hear_libraries()
    application.check()
    connection = connect(application.settings)
    application.close()  # what is forked must not share a connection to the database
    SyncWorker(queue_on(connection), name or worker_name()).work(logging_level="WARNING")
    return 0


def run_several(application: Application, workers: int) -> int:
    """Several workers, each a process of its own, kept running until SIGTERM or Ctrl-C."""
    application.check()
    embedded = Embedded(application.settings.data_dir)
    recovery = _Recovery(
        connect(application.settings, embedded), embedded if application.settings.redis_url is None else None
    )
    application.close()
    try:
        Supervisor([recovery.worker(number) for number in range(1, workers + 1)], recovery.look).run()
    finally:
        recovery.close()
        embedded.leave()
    return 0


def schedule(application: Application) -> int:
    """The process that keeps time, until SIGTERM or Ctrl-C; a second one stands by."""
    _hear_libraries()
    application.check()
    embedded = Embedded(application.settings.data_dir)
    queue = queue_on(connect(application.settings, embedded))
    revive = embedded.ensure if application.settings.redis_url is None else lambda: None
    keep_time(lambda: SlotScheduler(application, queue, revive))
    return 0


def everything(application: Application, workers: int, dashboard: bool = True) -> int:
    """All that one machine needs: the embedded server, scheduler, workers, and by default the dashboard.
    Ctrl-C stops it all."""
    Options.from_environment()
    application.check()
    settings, alone = application.settings, FileLock(application.settings.data_dir / "supervisor.lock")
    if not alone.take(wait=False):
        raise BadSettings(
            [
                f"DATA_DIR: “python -m worker all” runs already on {settings.data_dir}. Stop that one first,"
                " or give another folder."
            ]
        )
    embedded = Embedded(settings.data_dir)
    recovery = _Recovery(connect(settings, embedded), embedded if settings.redis_url is None else None)
    application.close()
    children = [
        Child("scheduler", lambda: ["-m", "worker", "schedule"]),
        *(recovery.worker(number) for number in range(1, workers + 1)),
    ]
    if dashboard:
        children.append(
            Child("dashboard", lambda: ["-m", "dashboard"])
        )  # it says its address once it listens
    _log.info("started", processes=[child.name for child in children], data=str(settings.data_dir))
    try:
        Supervisor(children, recovery.look).run()
    finally:
        recovery.close()
        embedded.leave(wait_seconds=15)
        alone.release()
    _log.info("stopped; nothing is left running")
    return 0


class _Recovery:
    """Brings back the jobs of workers that died, and the embedded server. Neither waits for Redis: what
    cannot be done now is done at the next look."""

    def __init__(self, connection: redis.Redis, embedded: Embedded | None = None) -> None:
        self._connection, self._embedded = connection, embedded
        self._dead: list[str] = []
        self._looked = 0.0

    def worker(self, number: int) -> Child:
        """A worker to keep running, under a new name at each start."""
        names = [""]

        def command() -> list[str]:
            names[0] = f"{socket.gethostname()}.worker-{number}.{secrets.token_hex(3)}"
            return ["-m", "worker", "run", "--name", names[0]]

        return Child(f"worker {number}", command, lambda: self._dead.append(names[0]))

    def look(self) -> None:
        """See to what died."""
        try:
            if self._embedded and time.monotonic() - self._looked > LOOK_EVERY:
                self._looked = time.monotonic()
                self._embedded.ensure()
            while self._dead:
                found = requeue_jobs_of(queue_on(self._connection), self._dead[0])
                name = self._dead.pop(0)
                _log.info("the jobs of a dead worker go on elsewhere", worker=name, jobs=found)
        except (redis.RedisError, BadSettings) as error:
            _log.warning("Redis does not answer, will be tried again", reason=str(error))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _hear_libraries() -> None:
    """Let RQ's log lines be ours."""
    logging.basicConfig(handlers=[StructuredHandler()], level=logging.WARNING, force=True)
