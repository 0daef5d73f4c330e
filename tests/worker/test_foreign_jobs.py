"""Whoever reaches Redis cannot run code: the worker calls its own jobs, with plain arguments, and nothing
else."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from tests.worker.installation import Installation, Processes, eventually
from worker.client import WorkerClient
from worker.our_jobs import ForeignJob, OurJob

TRACE = "tests.worker.foreign.leave_trace"
NO_RETRY: Mapping[str, Any] = {"timeout": -1}


def test_a_foreign_job_is_not_called_and_ours_are_done_after_it(
    installation: Installation, worker: Processes, connection: redis.Redis, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    intruder = Queue("sync", connection=connection, serializer=JSONSerializer)
    intruder.enqueue_call(TRACE, ("x",), **NO_RETRY)
    intruder.enqueue_call("os.mkdir", (str(trace),), **NO_RETRY)
    intruder.enqueue_call("worker.job_runner.working", (), **NO_RETRY)
    for call, arguments in (("worker.jobs.serve", (1,)), ("worker.jobs.serve", ("no number",))):
        job = intruder.create_job(call, arguments, timeout=-1)
        job._success_callback_name = job._failure_callback_name = job._stopped_callback_name = TRACE
        intruder.enqueue_job(job)
    ticket = WorkerClient(installation.application, connection).sync_now()
    worker.start("run", TRACE=str(trace))
    eventually(lambda: installation.runs(state="done"))
    assert not trace.exists()
    answer = eventually(lambda: WorkerClient(installation.application, connection).answer(ticket))
    assert not answer.failed
    assert intruder.count == 0


def test_an_abandoned_foreign_job_calls_nothing_when_it_is_cleared_away(
    queue: Queue, connection: redis.Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACE", str(tmp_path / "trace"))
    job = Queue("sync", connection=connection, serializer=JSONSerializer).create_job(TRACE, timeout=-1)
    job._failure_callback_name = TRACE
    job.save()
    registry = queue.started_job_registry
    connection.zadd(registry.key, {f"{job.id}:gone": 1})
    registry.cleanup()
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize(
    "data",
    [
        ["worker.jobs.serve", "instance", [1], {}],
        ["worker.jobs.serve", None, [1], {"more": 1}],
        ["worker.jobs.serve", None, [["a", "list"]], {}],
        ["worker.jobs.serve", None, ["x" * 101], {}],
        ["worker.jobs.sync", None, ["a b\n"], {}],
        ["worker.jobs.serve", None, [True], {}],
        ["worker.jobs.answer_requests", None, [1], {}],
        ["worker.jobs.__loader__.get_data", None, [1], {}],
        [None, None, [], {}],
        "no list",
    ],
)
def test_what_is_not_one_of_our_jobs_with_plain_arguments_is_refused(
    data: object, connection: redis.Redis
) -> None:
    job = OurJob(id="x", connection=connection, serializer=JSONSerializer)
    job.data = json.dumps(data).encode()
    with pytest.raises(ForeignJob):
        job.func  # noqa: B018  # looking at it is what calling it begins with


def test_each_of_our_jobs_is_one(connection: redis.Redis) -> None:
    for name, arguments in (("tick", (1,)), ("approve", ("approve-3:0a1b", 3)), ("sync", ("sync:0a1b",))):
        made = Job.create(f"worker.jobs.{name}", arguments, connection=connection, serializer=JSONSerializer)
        job = OurJob(id="x", connection=connection, serializer=JSONSerializer)
        job.data = made.data
        assert job.func.__name__ == name
