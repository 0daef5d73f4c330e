"""The connection to Redis and the one queue, from the settings."""

import re
from pathlib import Path
from typing import Any

import redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from syncer.infra.settings.environment import BadSettings, Settings
from worker.embedded_redis.server import Embedded
from worker.our_jobs import OurJob

QUEUE = "sync"
_EMBEDDED: dict[Path, Embedded] = {}
_TRIES = 8
"""With the pauses below, some three seconds: the embedded server is back within one, and a server that is
gone for longer is said to be."""


def connect(settings: Settings, embedded: Embedded | None = None) -> redis.Redis:
    """A connection to a server that answers. Without `REDIS_URL`: to the embedded one, started if need be
    (``embedded``: this process's).

    Raises `BadSettings` with a sentence that names the setting, and never the password in it.
    """
    if settings.redis_url is None:
        # Ours as long as this process lives: the server stays while somebody uses it.
        embedded = embedded or _EMBEDDED.setdefault(settings.data_dir, Embedded(settings.data_dir))
        return embedded.connect(embedded.ensure(), **_patience())
    try:
        with redis.Redis.from_url(
            settings.redis_url, retry=Retry(NoBackoff(), 0), socket_timeout=5, socket_connect_timeout=5
        ) as once:
            once.ping()  # without patience: a wrong address shall be said at once
        return redis.Redis.from_url(settings.redis_url, **_patience())
    except (redis.RedisError, ValueError, OSError) as error:
        raise BadSettings([f"REDIS_URL: {why(error)}"]) from None


def reach(settings: Settings) -> redis.Redis | None:
    """A connection without patience, to a server that need not answer; None where there is no embedded one.
    For those who only look."""
    if settings.redis_url is not None:
        return redis.Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=5)
    embedded = Embedded(settings.data_dir)
    address = embedded.address()
    return embedded.connect(address, socket_timeout=5, socket_connect_timeout=5) if address else None


def queue_on(connection: redis.Redis) -> Queue:
    """The queue of everything that the worker does. JSON alone goes into Redis, and our own jobs alone are
    done: whoever can write there must not be able to run code.

    No time-out: a first sync may take hours. A request that hangs has a time-out of its own.
    """
    return Queue(
        QUEUE, connection=connection, serializer=JSONSerializer, job_class=OurJob, default_timeout=-1
    )


def why(error: Exception) -> str:
    """Why the server cannot be used and what to do; without the address, which may hold a password."""
    said = re.sub(r"\S+://\S+", "the server", (str(error).strip().splitlines() or [type(error).__name__])[0])
    if isinstance(error, redis.AuthenticationError) or "NOAUTH" in said or "WRONGPASS" in said:
        return (
            f"The Redis server refuses the password ({said}). Give redis://:password@host:port/number with"
            " the right one."
        )
    if isinstance(error, redis.ConnectionError | redis.TimeoutError | OSError):
        return (
            f"The Redis server does not answer ({said}). Check that the address is right and that the server"
            " runs."
        )
    return (
        f"The Redis server cannot be used ({said}). Give the address of a Redis or Valkey server, version 7"
        " or newer."
    )


def _patience() -> dict[str, Any]:
    """A server that is being restarted costs its clients nothing but the wait."""
    return {
        "retry": Retry(ExponentialBackoff(cap=0.5, base=0.05), _TRIES),
        "retry_on_error": [redis.ConnectionError, redis.BusyLoadingError],
        "socket_connect_timeout": 5,
        "health_check_interval": 30,
    }
