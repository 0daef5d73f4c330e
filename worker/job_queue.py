"""Putting jobs into the queue: each under an id made of what is asked, so that asking twice adds nothing."""

from collections.abc import Callable

from rq import Queue, Retry
from rq.exceptions import DuplicateJobError, InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from worker.our_jobs import OurJob

DEATHS = 5
"""How often a job is begun again after its process died. What a job answers, or a fault in it, is never tried
again here: the run's own policy does that, and the next tick."""
_OVER = (JobStatus.FINISHED, JobStatus.FAILED, JobStatus.STOPPED, JobStatus.CANCELED)


def put(
    queue: Queue, job: Callable[..., object], *arguments: int | str, job_id: str, keep_seconds: int = 0
) -> bool:
    """Put a job into the queue; False where one of this id is there already, waiting or being done.

    An id stays taken for ``keep_seconds`` after the job is done. Raises `redis.RedisError`.
    """
    if _enqueue(queue, job, arguments, job_id, keep_seconds):
        return True
    if keep_seconds or not _is_over(queue, job_id):
        return False
    _remove(queue, job_id)  # its process died too often: whoever asks again gets it done again
    return _enqueue(queue, job, arguments, job_id, keep_seconds)


def in_hand(queue: Queue, job_id: str) -> Job | None:
    """The job of this id while it waits or is being done."""
    try:
        job = OurJob.fetch(job_id, connection=queue.connection, serializer=JSONSerializer)
        return None if job.get_status(refresh=False) in _OVER else job
    except (NoSuchJobError, InvalidJobOperation):
        return None


def _enqueue(
    queue: Queue, job: Callable[..., object], arguments: tuple[int | str, ...], job_id: str, keep_seconds: int
) -> bool:
    try:
        queue.enqueue_call(
            f"{job.__module__}.{job.__name__}",
            arguments,
            job_id=job_id,
            unique=True,
            timeout=-1,
            result_ttl=keep_seconds,
            failure_ttl=max(keep_seconds, 60),
            retry=Retry(max=DEATHS),  # without an interval: rq-scheduler would not serve it
        )
    except DuplicateJobError:
        return False
    return True


def _is_over(queue: Queue, job_id: str) -> bool:
    return in_hand(queue, job_id) is None


def _remove(queue: Queue, job_id: str) -> None:
    try:
        OurJob.fetch(job_id, connection=queue.connection, serializer=JSONSerializer).delete()
    except (NoSuchJobError, InvalidJobOperation):
        queue.connection.delete(Job.key_for(job_id))
