"""Killed or told to stop, alone or all at once: it costs time, and nothing else."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from tests.support.sandbox import ROOT
from tests.worker.installation import Installation, Process, Processes, descendants, eventually, is_alive
from worker import jobs
from worker.client import WorkerClient
from worker.embedded_redis.server import Embedded
from worker.job_queue import put

TOLD_EARLY = """
import os, signal, sys
import redis
from worker.embedded_redis.connection import queue_on
from worker.processes.rq_worker import SyncWorker, worker_name

class ToldEarly(SyncWorker):
    def register_birth(self):
        super().register_birth()
        print("born", flush=True)
        os.kill(os.getpid(), signal.SIGTERM)

ToldEarly(queue_on(redis.Redis.from_url(sys.argv[1])), worker_name()).work(logging_level="WARNING")
"""


@pytest.fixture
def slow(installation: Installation) -> Installation:
    """Calls take long enough to be interrupted."""
    installation.sandbox.options(delay_ms=150)
    return installation


def horse_of(worker: Process) -> int:
    """The process that does the worker's job, once it writes."""
    return eventually(lambda: next(iter(descendants(worker.pid)), None))


def writing(installation: Installation) -> bool:
    return bool(installation.sandbox.journal())


def test_a_slot_whose_process_is_killed_is_done_again(
    slow: Installation, worker: Processes, queue: Queue
) -> None:
    slot = int(time.time())
    put(queue, jobs.tick, slot, job_id=f"tick-{slot}", keep_seconds=600)
    process = worker.start("run")
    eventually(lambda: writing(slow))
    os.kill(horse_of(process), signal.SIGKILL)
    slow.sandbox.options(delay_ms=0)
    (done,) = eventually(lambda: slow.runs(state="done"))
    assert done["slot"] == slot
    assert [row["code"] for row in slow.runs(state="failed")] == ["PROCESS_ENDED"]


def test_a_killed_worker_leaves_no_process_behind_that_goes_on_writing(
    slow: Installation, worker: Processes, queue: Queue
) -> None:
    slot = int(time.time())
    put(queue, jobs.tick, slot, job_id=f"tick-{slot}", keep_seconds=600)
    several = worker.start("run", "--workers", "2")
    eventually(lambda: writing(slow))
    busy = next(child for child in descendants(several.pid) if descendants(child))
    job = descendants(busy)[0]
    os.kill(busy, signal.SIGKILL)
    eventually(lambda: not is_alive(job), 2)
    slow.sandbox.options(delay_ms=0)
    killed = time.monotonic()
    eventually(lambda: slow.runs(state="done", slot=slot))
    assert time.monotonic() - killed < 30, "nobody waited for RQ's own time-outs"


def test_a_worker_that_is_told_to_stop_finishes_the_batch_in_hand_and_leaves(
    slow: Installation, worker: Processes, queue: Queue
) -> None:
    client = WorkerClient(slow.application, queue.connection)
    ticket = client.sync_now()
    process = worker.start("run")
    eventually(lambda: writing(slow))
    told = time.monotonic()
    process.terminate()
    assert process.wait(40) == 0
    assert time.monotonic() - told < 30
    (ended,) = slow.runs()
    assert ended["state"] == "cancelled"
    answer = client.answer(ticket)
    assert answer
    assert answer.run == ended["id"]
    slow.sandbox.options(delay_ms=0)
    client.sync_now()
    worker.start("run")
    eventually(lambda: slow.runs(state="done"))
    created = [
        line["fields"].get("Element451_ID__c")
        for line in slow.sandbox.journal()
        if (line["object"], line["operation"]) == ("Contact", "create")
    ]
    assert created
    assert len(created) == len(set(created))


def test_a_worker_that_is_told_to_stop_as_soon_as_it_is_known_is_not_known_afterwards(
    connection: redis.Redis, redis_url: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOLD_EARLY, redis_url], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "born" in done.stdout
    assert Worker.all(connection=connection, serializer=JSONSerializer) == []


def test_a_worker_and_a_scheduler_whose_redis_is_gone_can_be_stopped(
    worker: Processes, tmp_path: Path
) -> None:
    server = Embedded(tmp_path / "gone")
    address = server.ensure()
    with redis.Redis.from_url(address) as connection:
        idle = [worker.start(command, REDIS_URL=address) for command in ("run", "schedule")]
        eventually(lambda: Worker.count(connection) and connection.exists("rq:scheduler_lock"))
    server.leave(wait_seconds=20)
    for process in idle:
        process.send_signal(signal.SIGINT)
    for process in idle:
        process.wait(25)


def test_of_two_schedulers_one_keeps_the_time_and_the_other_takes_over_when_it_is_killed(
    installation: Installation, worker: Processes, queue: Queue
) -> None:
    worker.environment["SYNC_INTERVAL_SECONDS"] = "2"
    first = worker.start("schedule")
    eventually(lambda: queue.job_ids)
    worker.start("schedule")
    eventually(lambda: len(queue.connection.keys("rq:scheduler_instance:*")) == 2)
    first.kill()
    first.wait()
    put_by_then = len(queue.job_ids)
    eventually(lambda: len(queue.job_ids) >= put_by_then + 2)
    slots = [job.args[0] for job in queue.jobs if job.id.startswith("tick")]
    assert slots == list(range(slots[0], slots[-1] + 1, 2)), "every slot once, none left out"


def ticks(queue: Queue) -> set[int]:
    """The slots of the scheduled runs that wait."""
    return {job.args[0] for job in queue.jobs if job.id.startswith("tick")}


def test_a_slot_that_waited_in_a_redis_which_was_emptied_before_any_run_began_is_put_again(
    worker: Processes, queue: Queue, connection: redis.Redis
) -> None:
    worker.environment["SYNC_INTERVAL_SECONDS"] = "2"
    worker.start("schedule")
    eventually(lambda: len(ticks(queue)) >= 2)
    waited = ticks(queue)
    connection.flushall()
    eventually(lambda: ticks(queue) >= waited)
