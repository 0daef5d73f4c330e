"""What should run and when, and how Redis is made to agree with it.

An entry runs once in every slot of its period: slot n is from n to n + 1 periods since 1970 (with an offset).
Its job is put into the queue under an id made of the slot, so that no second scheduler, restart or late look
adds one. Slots before it are put too: nobody may have been there then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from redis import Redis
from rq import Queue

from syncer.core.trust.clocks import TRUSTED
from worker import jobs
from worker.job_queue import put

KEY, CLOCK = "sync:schedule", "sync:clock"
A_DAY = 86_400
CATCH_UP = 60
"""Seconds to look back, at least to the slot before: a machine takes less to start again after everything on
it was killed."""
NIGHT = 2 * 3600
"""When the nightly run begins, in seconds after midnight UTC: night in the Americas, before offices open in
Europe."""


@dataclass(frozen=True)
class Entry:
    """Something that runs every ``seconds``: ``job`` is called with the second at which its slot begins."""

    name: str
    job: Callable[[int], None]
    seconds: int
    offset: int = 0
    at_once: bool = False

    def slot(self, now: float) -> int:
        """The number of the slot that ``now`` is in."""
        return int((now - self.offset) // self.seconds)

    def begins(self, slot: int) -> int:
        """The second at which a slot begins."""
        return slot * self.seconds + self.offset


def wanted(interval_seconds: int) -> list[Entry]:
    """Everything that should run."""
    return [
        Entry("tick", jobs.tick, interval_seconds, at_once=True),
        Entry("nightly", jobs.nightly, A_DAY, NIGHT),
    ]


def reconcile(
    connection: Redis, entries: Sequence[Entry], now: float, begun: Callable[[], bool]
) -> dict[str, int]:
    """Make Redis hold just these entries; returns the second since when each one is in force.

    What is there already stays. A new period replaces the old one from now on; what is not wanted any more
    goes. An entry that is new to Redis holds from now on (one that is ``at_once``: from the slot that is
    going on), and so does one whose second a wrong clock gave, ahead of ``now`` (rule 23). Where Redis holds
    none, though the schedule had ``begun`` (asked once, and only then), it was emptied: the slot before may
    have been in it.
    """
    before = {key.decode(): orjson.loads(value) for key, value in _stored(connection).items()}
    emptied = not before and begun()
    held, new = dict[str, int](), dict[Any, str]()
    for entry in entries:
        known = before.pop(entry.name, None)
        same = known and known["seconds"] == entry.seconds and known["offset"] == entry.offset
        if known and same and known["since"] <= now + TRUSTED.total_seconds():
            held[entry.name] = known["since"]
            continue
        held[entry.name] = 0 if emptied else entry.begins(entry.slot(now)) if entry.at_once else int(now)
        document = {"seconds": entry.seconds, "offset": entry.offset, "since": held[entry.name]}
        new[entry.name] = orjson.dumps(document).decode()
    if new:
        connection.hset(KEY, mapping=new)
    if before:
        connection.hdel(KEY, *before)
    return held


def times_put_back(connection: Redis, now: float) -> int:
    """How often the clock was found put back since Redis was empty, by what it says ``now``: each time, slots
    come again that had their jobs already (rule 23)."""
    latest, known = connection.hmget(CLOCK, "latest", "put back")
    times = int(known or 0) + (float(latest or 0) > now + TRUSTED.total_seconds())
    connection.hset(CLOCK, mapping={"latest": now, "put back": times})
    return times


def put_due(queue: Queue, entries: Sequence[Entry], held: dict[str, int], now: float) -> int:
    """Put the jobs of this slot and of those before it that may have been missed into the queue, where they
    never were since the clock was put back last; how many were added."""
    times = times_put_back(queue.connection, now)
    again = f"-{times}" if times else ""
    added = 0
    for entry in entries:
        current = entry.slot(now)
        for slot in range(min(current - 1, entry.slot(now - CATCH_UP)), current + 1):
            if entry.begins(slot) >= held[entry.name]:
                job_id = f"{entry.name}-{entry.seconds}-{slot}{again}"
                added += put(
                    queue,
                    entry.job,
                    entry.begins(slot),
                    job_id=job_id,
                    keep_seconds=max(6 * 3600, 3 * entry.seconds),
                )
    return added


def _stored(connection: Redis) -> dict[bytes, bytes]:
    found = connection.hgetall(KEY)
    return {key: value for key, value in found.items() if isinstance(key, bytes) and isinstance(value, bytes)}
