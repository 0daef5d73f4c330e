"""Getting back the jobs of a worker that was killed. RQ would notice after a minute or more; who saw it die
need not wait."""

import redis
from rq import Queue
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer
from rq.worker_registration import REDIS_WORKER_KEYS, WORKERS_BY_QUEUE_KEY

from worker.our_jobs import OurJob
from worker.processes.rq_worker import SyncWorker

_LONG_AGO = 1


def requeue_jobs_of(queue: Queue, worker: str) -> int:
    """Put every job that ``worker`` was doing back into the queue, and forget the worker; how many jobs. The
    worker must be dead."""
    registry = StartedJobRegistry(
        queue.name, connection=queue.connection, serializer=JSONSerializer, job_class=OurJob
    )
    found = 0
    for job_id, execution in registry.get_job_and_execution_ids(cleanup=False):
        if _owner(queue, job_id) == worker:
            queue.connection.zadd(registry.key, {f"{job_id}:{execution}": _LONG_AGO})
            found += 1
    registry.cleanup()
    _forget(queue, SyncWorker.redis_worker_namespace_prefix + worker)
    return found


def _owner(queue: Queue, job_id: str) -> str | None:
    try:
        return OurJob.fetch(job_id, connection=queue.connection, serializer=JSONSerializer).worker_name
    except (NoSuchJobError, InvalidJobOperation, redis.ResponseError):
        return None


def _forget(queue: Queue, key: str) -> None:
    with queue.connection.pipeline() as pipeline:
        pipeline.srem(REDIS_WORKER_KEYS, key)
        pipeline.srem(WORKERS_BY_QUEUE_KEY % queue.name, key)
        pipeline.delete(key)
        pipeline.execute()
