"""The schedule: Redis agrees with a list, and each slot is put into the queue once, whoever looks and however
often."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from rq import Queue

from syncer.infra.settings.environment import BadSettings, Settings
from worker.schedule.slots import A_DAY, KEY, NIGHT, Entry, put_due, reconcile, wanted

NOON = 1_800_014_400.0
"""A day's noon, UTC; a slot of fifteen minutes begins."""
QUARTER = 900


def look(queue: Queue, now: float, seconds: int = QUARTER, *, begun: bool = True) -> int:
    """One look of a scheduler; how many jobs it added."""
    entries = wanted(seconds)
    return put_due(queue, entries, reconcile(queue.connection, entries, now, lambda: begun), now)


def slots(queue: Queue, name: str = "tick") -> list[int]:
    """The slots in the queue, by the second at which they begin, in order."""
    return [job.args[0] for job in queue.jobs if job.id.startswith(f"{name}-")]


def test_a_new_installation_begins_with_the_slot_that_is_going_on(queue: Queue) -> None:
    look(queue, NOON + 5, begun=False)
    assert slots(queue) == [NOON]
    assert slots(queue, "nightly") == [], "the night begins at its hour"


def test_a_second_scheduler_a_restart_and_a_late_look_add_nothing(queue: Queue) -> None:
    look(queue, NOON, begun=False)
    assert look(queue, NOON) == look(queue, NOON + 899) == 0
    with ThreadPoolExecutor(4) as schedulers:
        assert sum(schedulers.map(lambda _: look(queue, NOON + QUARTER + 1), range(20))) == 1
    assert slots(queue) == [NOON, NOON + QUARTER]


def test_a_slot_in_which_no_scheduler_was_there_is_caught_up_with(queue: Queue) -> None:
    look(queue, NOON, begun=False)
    look(queue, NOON + 2 * QUARTER + 10)
    assert slots(queue) == [NOON, NOON + QUARTER, NOON + 2 * QUARTER]


def test_a_changed_interval_replaces_the_old_one(queue: Queue, connection: redis.Redis) -> None:
    look(queue, NOON, begun=False)
    look(queue, NOON + 400, 300)
    assert slots(queue) == [NOON, NOON + 300], "no slot of the new interval from before the change"
    look(queue, NOON + 600, 300)
    look(queue, NOON + 900, 300)
    assert slots(queue) == [NOON, NOON + 300, NOON + 600, NOON + 900]
    assert connection.hlen(KEY) == 2


def test_what_is_not_wanted_any_more_goes(queue: Queue, connection: redis.Redis) -> None:
    look(queue, NOON, begun=False)
    entries = [entry for entry in wanted(QUARTER) if entry.name == "tick"]
    reconcile(connection, entries, NOON, lambda: True)
    assert connection.hkeys(KEY) == [b"tick"]


def test_an_emptied_redis_gets_the_schedule_back_with_the_slot_that_may_have_been_in_it(
    queue: Queue, connection: redis.Redis
) -> None:
    look(queue, NOON, begun=False)
    connection.flushall()
    look(queue, NOON + QUARTER + 1)
    assert slots(queue) == [NOON, NOON + QUARTER]


def test_a_first_start_under_a_clock_that_was_ahead_does_not_hold_the_schedule_up(
    queue: Queue, connection: redis.Redis
) -> None:
    """No stored moment in the future is trusted (rule 23)."""
    look(queue, NOON + 40 * A_DAY, begun=False)
    connection.delete(queue.key)
    look(queue, NOON + 5)
    look(queue, NOON + QUARTER)
    look(queue, NOON + A_DAY)
    assert slots(queue)[:2] == [NOON, NOON + QUARTER]
    assert slots(queue, "nightly") == [NOON + A_DAY / 2 + NIGHT]


def test_slots_that_come_again_because_the_clock_was_put_back_are_put_again(queue: Queue) -> None:
    """No stored moment in the future is trusted (rule 23): not the jobs of those slots either."""
    look(queue, NOON, begun=False)
    for hours in (2, 2.25, 2.5):
        look(queue, NOON + hours * 3600)
    queue.connection.delete(queue.key)
    comes = [NOON + number * QUARTER for number in range(1, 12)]
    for moment in comes:
        look(queue, moment + 5)
        look(queue, moment + 10)
    assert slots(queue) == [NOON, *comes]


def test_the_night_comes_once_a_day(queue: Queue) -> None:
    look(queue, NOON, begun=False)
    midnight = NOON + A_DAY / 2
    for hour in range(24):
        look(queue, midnight + hour * 3600)
    assert slots(queue, "nightly") == [midnight + NIGHT]


def test_slots_of_any_period_follow_each_other_without_gap_or_overlap() -> None:
    for seconds, offset in ((1, 0), (7, 0), (900, 0), (A_DAY, NIGHT)):
        entry = Entry("any", print, seconds, offset)
        number = entry.slot(NOON)
        assert entry.begins(number) <= NOON < entry.begins(number + 1)
        assert entry.slot(entry.begins(number)) == number == entry.slot(entry.begins(number + 1) - 0.001)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "soon", "86401"])
def test_an_odd_interval_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadSettings, match=f"SYNC_INTERVAL_SECONDS: “{text}”"):
        Settings.from_environment({"SYNC_INTERVAL_SECONDS": text})
    assert Settings.from_environment({"SYNC_INTERVAL_SECONDS": " "}).interval_seconds is None
