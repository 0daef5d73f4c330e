"""A real Redis server, and installations with a worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from rq import Queue

from tests.support.sandbox import RunningSandbox
from tests.worker.installation import Installation, Processes, processes
from worker.embedded_redis.connection import queue_on


@pytest.fixture
def connection(redis_url: str) -> Iterator[redis.Redis]:
    """A connection to the server, which is empty."""
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushall()
        yield connection


@pytest.fixture
def queue(connection: redis.Redis) -> Queue:
    return queue_on(connection)


@pytest.fixture
def installation(
    sandbox: RunningSandbox, tmp_path: Path, connection: redis.Redis, redis_url: str
) -> Iterator[Installation]:
    """Connected to a school of sixty people, none of them synced yet; with the server of `connection`."""
    sandbox.reset(contacts=60, conversations=6)
    installed = Installation(sandbox, tmp_path / "data", REDIS_URL=redis_url)
    yield installed
    installed.application.close()


@pytest.fixture
def worker(installation: Installation) -> Iterator[Processes]:
    """The worker's commands on the installation."""
    with processes(installation.environment) as started:
        yield started
