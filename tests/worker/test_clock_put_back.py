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

from syncer.application.container import Application
from syncer.infra.settings.environment import Settings
from syncer.journal import runs
from syncer.journal.run_queries import done_since, slot_taken
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import RUNS
from worker.processes.rq_worker import SyncWorker, heard_of_lately
from worker.schedule.scheduler import SlotScheduler

AHEAD = timedelta(days=40)


@pytest.fixture
def application(tmp_path: Path, redis_url: str) -> Iterator[Application]:
    with Application(
        Settings.from_environment({"DATA_DIR": str(tmp_path), "REDIS_URL": redis_url})
    ) as application:
        yield application


def begun(application: Application, trigger: Trigger, moment: datetime, slot: int | None = None) -> None:
    """A run that a clock dated so."""
    run = runs.begin(application.database, trigger, 1, slot=slot)
    run.state = RunState.DONE
    runs.save(application.database, run)
    with application.database.begin() as connection:
        connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(started_at=moment))


def test_a_night_that_was_dated_ahead_does_not_count_for_those_that_come(application: Application) -> None:
    now, tonight = datetime.now(UTC), int(time.time()) - 60
    begun(application, Trigger.NIGHTLY, now)
    assert done_since(application.database, Trigger.NIGHTLY, tonight)
    with application.database.begin() as connection:
        connection.execute(update(RUNS).values(started_at=now + AHEAD))
    assert not done_since(application.database, Trigger.NIGHTLY, tonight)
    begun(application, Trigger.SCHEDULE, now)
    later = now + AHEAD + timedelta(minutes=1)
    assert not done_since(application.database, Trigger.NIGHTLY, tonight, later), "nor once that night comes"


def test_slots_that_come_again_because_the_clock_was_put_back_get_their_runs(
    application: Application,
) -> None:
    """A clock that was two hours ahead for an hour: every slot of both hours is served once it comes."""
    begins = int(time.time()) // 900 * 900
    wrong = [begins + 7200 + number * 900 for number in range(4)]
    right = [begins + 3600 + number * 900 for number in range(8)]
    for slot in wrong:
        begun(application, Trigger.SCHEDULE, datetime.fromtimestamp(slot + 2, UTC), slot)
        assert slot_taken(application.database, slot, datetime.fromtimestamp(slot + 30, UTC))
    for slot in right:
        now = datetime.fromtimestamp(slot + 1, UTC)
        assert not slot_taken(application.database, slot, now)
        begun(application, Trigger.SCHEDULE, now, slot)
        assert slot_taken(application.database, slot, now + timedelta(minutes=1))


def test_a_run_for_a_slot_that_was_still_to_come_does_not_take_it(application: Application) -> None:
    """Its job was put into the queue while the clock was ahead, and done when it was right again."""
    slot = int(time.time() + AHEAD.total_seconds()) // 900 * 900
    begun(application, Trigger.SCHEDULE, datetime.now(UTC), slot)
    assert not slot_taken(application.database, slot, datetime.fromtimestamp(slot + 1, UTC))


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
