"""What the worker stored under a clock that was ahead holds nothing up once it is right (rule 23):
the night's check, the leader's lock, a worker that died."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from rq import Queue
from sqlalchemy import update

from syncer.application.commands import Commands
from syncer.application.container import Application
from syncer.infra.settings.environment import Settings
from syncer.journal import runs
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import RUNS
from worker.job_runner import done_since
from worker.processes.rq_worker import SyncWorker, heard_of_lately
from worker.schedule.scheduler import SlotScheduler

AHEAD = timedelta(days=40)


@pytest.fixture
def application(tmp_path: Path, redis_url: str) -> Iterator[Application]:
    with Application(
        Settings.from_environment({"DATA_DIR": str(tmp_path), "REDIS_URL": redis_url})
    ) as application:
        yield application


def test_a_night_that_was_dated_ahead_does_not_count_for_those_that_come(application: Application) -> None:
    engine = application.database
    run = runs.begin(engine, Trigger.NIGHTLY, 1)
    run.state = RunState.DONE
    runs.save(engine, run)
    tonight = int(time.time()) - 60
    assert done_since(Commands(application), Trigger.NIGHTLY, tonight)
    with engine.begin() as connection:
        connection.execute(update(RUNS).values(started_at=datetime.now(UTC) + AHEAD))
    assert not done_since(Commands(application), Trigger.NIGHTLY, tonight)


def test_the_lock_of_a_leader_that_died_elsewhere_is_not_kept_for_forty_days(
    application: Application, queue: Queue, connection: redis.Redis
) -> None:
    clock = SlotScheduler(application, queue)
    connection.set(clock.scheduler_lock_key, "elsewhere place 1 - 0", px=15_000)
    assert not clock.acquire_lock(), "it may live"
    connection.pexpire(clock.scheduler_lock_key, AHEAD)
    assert clock.acquire_lock()


def test_a_worker_that_was_heard_of_in_the_future_is_not_taken_for_alive(queue: Queue) -> None:
    worker = SyncWorker(queue, "somewhere.worker.1.abc")
    for moment, alive in ((timedelta(0), True), (AHEAD, False), (-AHEAD, False)):
        worker.last_heartbeat = datetime.now(UTC) + moment
        assert heard_of_lately(worker) is alive
