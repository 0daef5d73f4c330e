"""RQ's worker, made fit for what may happen to it: killed, told to stop, or its Redis gone or emptied."""

import os
import secrets
import signal
import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue, Worker, worker_registration
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker

from syncer.core.trust.clocks import TRUSTED
from worker.our_jobs import ForeignJob, OurJob
from worker.processes import shutdown
from worker.processes.os_locks import end_with_parent

if TYPE_CHECKING:
    from redis.client import Pipeline

HEARTBEAT_SECONDS = 60
"""A worker that is not heard of for twice as long is taken for dead by the health check (and by RQ)."""
_MONITORING_SECONDS, _MAINTENANCE_SECONDS = 5, 30
_log = structlog.get_logger(__name__)


def worker_name(kind: str = "worker") -> str:
    """A name that no other process has or had: it begins with the host, by which the health check finds those
    of its machine."""
    return f"{socket.gethostname()}.{kind}.{os.getpid()}.{secrets.token_hex(3)}"


def heard_of_lately(worker: BaseWorker) -> bool:
    """Whether a worker was heard of within the last two heartbeats. A heartbeat in
    the future comes from a wrong clock (rule 23)."""
    lately, now = timedelta(seconds=2 * HEARTBEAT_SECONDS), datetime.now(UTC)
    heard = worker.last_heartbeat
    return heard is not None and -TRUSTED <= now - heard <= lately


class SyncWorker(Worker):
    """Takes jobs one by one and forks a process (RQ's “work horse”) for each, which never outlives it.

    SIGTERM is passed on to that process, which ends after the batch in hand; a second one kills it.
    """

    max_connection_wait_time = 5.0

    def __init__(self, queue: Queue, name: str) -> None:
        super().__init__(
            [queue],
            name=name,
            connection=queue.connection,
            serializer=JSONSerializer,
            job_class=OurJob,
            worker_ttl=HEARTBEAT_SECONDS,
            job_monitoring_interval=_MONITORING_SECONDS,
            maintenance_interval=_MAINTENANCE_SECONDS,
        )

    def work(self, *arguments: Any, **named: Any) -> bool:
        """Take jobs until told to stop. RQ listens to signals only after Redis knows of us, and would stay
        known when told to stop in between."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.request_stop)
        try:
            return super().work(*arguments, **named)
        except StopRequested:
            self.teardown()
            return False

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Do a job, if it is ours; else take it away."""
        try:
            if isinstance(job, OurJob):
                job.require_ours()
            super().execute_job(job, queue)
        except ForeignJob:
            _log.error("the queue held a job that is not ours; it was not done", queue=queue.name)
            with queue.connection.pipeline() as pipeline:
                pipeline.lrem(queue.intermediate_queue_key, 1, job.id)
                pipeline.delete(job.key)
                pipeline.execute()

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the job's process: die with the worker, listen to SIGTERM, do the job."""
        end_with_parent(self.pid or 0, signal.SIGKILL)
        super().main_work_horse(job, queue)

    def setup_work_horse_signals(self) -> None:
        """In the job's process. A signal that came between its start and this line was taken by the worker's
        handler, and is not forgotten."""
        shutdown.listen()
        if self._stop_requested:
            os.kill(os.getpid(), signal.SIGTERM)

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Start the job's process. The worker may have been told to stop before it knew its number."""
        super().fork_work_horse(job, queue)
        if self._stop_requested:
            self._terminate_job()

    def handle_warm_shutdown_request(self) -> None:
        """On the first SIGTERM or Ctrl-C."""
        _log.info("stopping after the batch in hand", worker=self.name)
        self._terminate_job()
        self.connection.set_retry(Retry(NoBackoff(), 0))  # whoever stops does not wait for Redis

    def maintain_heartbeats(self, job: Job) -> None:
        """Say that the job's process is at work. The job goes on where Redis is unreachable."""
        try:
            super().maintain_heartbeats(job)
        except redis.RedisError as error:
            _log.warning("Redis does not answer, the job goes on", job=job.id, error=type(error).__name__)

    def set_current_job_working_time(
        self, current_job_working_time: float, pipeline: "Pipeline | None" = None
    ) -> None:
        """Report how long the job has been at work, also while Redis is down; see `maintain_heartbeats`."""
        try:
            super().set_current_job_working_time(current_job_working_time, pipeline)
        except redis.RedisError:
            self.current_job_working_time = current_job_working_time

    def set_shutdown_requested_date(self) -> None:
        """For those who look at RQ's data; being told to stop must not fail for lack of Redis."""
        try:
            super().set_shutdown_requested_date()  # type: ignore[no-untyped-call]  # RQ leaves it untyped
        except redis.RedisError:
            _log.info("Redis does not answer; stopping all the same", worker=self.name)

    def heartbeat(self, timeout: int | None = None, pipeline: "Pipeline | None" = None) -> None:
        """Say that we live; where Redis was emptied, register again."""
        super().heartbeat(timeout, pipeline)
        if pipeline is None and not self.connection.hexists(self.key, "birth"):
            self.connection.hset(self.key, mapping=self.serialize())
            worker_registration.register(self)

    def teardown(self) -> None:
        """Say goodbye, where Redis still listens."""
        try:
            super().teardown()  # type: ignore[no-untyped-call]  # RQ leaves it untyped
        except redis.RedisError:
            _log.info("left without signing off, Redis is unreachable", worker=self.name)

    def _terminate_job(self) -> None:
        if self.horse_pid:
            try:
                os.kill(self.horse_pid, signal.SIGTERM)
            except ProcessLookupError:
                return  # it was done in the meantime
