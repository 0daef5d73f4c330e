"""``python -m worker health``: whether the process of this machine that is asked for does its work, in a
sentence."""

import os
import socket

import redis
from rq import Worker
from rq.serializers import JSONSerializer
from rq_scheduler import Scheduler  # type: ignore[import-untyped]  # it has no types

from syncer.infra import disk
from syncer.infra.settings.environment import Settings
from worker.embedded_redis.connection import reach, why
from worker.processes.rq_worker import heard_of_lately

NO_SERVER = "DATA_DIR: The embedded Redis server does not run. It is started by “python -m worker all”."
PROCESSES = ("worker", "scheduler", "redis")


def health(settings: Settings, process: str) -> tuple[bool, str]:
    """Whether all is well, and a sentence that says so or what is not. Starts nothing."""
    setting = "REDIS_URL" if settings.redis_url else "DATA_DIR"
    try:
        connection = reach(settings)
        if connection is None:
            return False, NO_SERVER
        if unwritable := disk.writable(settings.data_dir):
            return False, f"DATA_DIR: {unwritable}"
        with connection:
            return {"worker": _workers, "scheduler": _schedulers, "redis": _server}[process](connection)
    except (redis.RedisError, OSError, ValueError) as error:
        return False, f"{setting}: {why(error)}"


def _workers(connection: redis.Redis) -> tuple[bool, str]:
    here = f"{socket.gethostname()}."
    found = [
        worker
        for worker in Worker.all(connection=connection, serializer=JSONSerializer)
        if worker.name.startswith(here)
    ]
    alive = [worker for worker in found if heard_of_lately(worker) and _runs(worker.pid)]
    if alive:
        busy = sum(worker.get_state() == "busy" for worker in alive)
        return (
            True,
            f"{len(alive)} of {len(found)} workers of this machine are alive, {busy} of them at work.",
        )
    return (
        False,
        (
            "No worker of this machine is alive."
            if not found
            else "The workers of this machine have not been heard of for too long."
        ),
    )


def _schedulers(connection: redis.Redis) -> tuple[bool, str]:
    pattern = f"{Scheduler.redis_scheduler_namespace_prefix}{socket.gethostname()}.*"
    if not any(not connection.hexists(key, "death") for key in connection.scan_iter(pattern)):
        return False, "No scheduler of this machine is alive."
    if not connection.exists(Scheduler.scheduler_lock_key):
        return False, "A scheduler is alive, but none keeps the time."
    return True, "The time is kept, and a scheduler of this machine is alive."


def _server(connection: redis.Redis) -> tuple[bool, str]:
    info = connection.info()
    name = f"{info.get('server_name', 'redis')} {info.get('valkey_version') or info.get('redis_version')}"
    if info.get("aof_enabled") and info.get("aof_last_write_status") != "ok":
        return False, f"The server ({name}) answers, but cannot write to its disk. Make room on it."
    return True, f"The server ({name}) answers."


def _runs(pid: int | None) -> bool:
    """Whether a process of this number runs here."""
    try:
        os.kill(pid or 0, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return bool(pid)
