"""Fixtures that every test may use."""

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from tests.support.browser import NoBrowser, must_have_one, running_browser
from tests.support.databases import Databases
from tests.support.postgres import NoServer, Server, running_postgres
from tests.support.sandbox import RunningSandbox, running_sandbox
from worker.embedded_redis.server import Embedded

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell lets what it starts in the background ignore Ctrl-C, and so would every program that the tests
    # start and stop by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

TOLD_ONCE = {
    f"tests/{room}"
    for room in ("scenarios", "alerting", "application", "cli", "configuration", "connections", "sync")
}
"""The rooms whose stories are the same on either database."""

IN_MEMORY = Path("/dev/shm")
if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > 4 << 30:
    # Hundreds of small databases are made and thrown away: no disk has to see them.
    tempfile.tempdir = os.environ.setdefault("TMPDIR", str(IN_MEMORY))


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many processes as there are cores: the longest tests wait for other processes most of the
    time."""
    return (os.cpu_count() or 1) * 2


def pytest_collection_finish() -> None:
    """Leave what is there for good out of the collector's rounds, as the dashboard's server does: Streamlit
    asks for one whenever a page was drawn, and thousands of collected tests made each take a second."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    """What is left out unless somebody asks for it, and what is measured."""
    parser.addoption(
        "--all", action="store_true", help="variations too: tests marked so, and every story on PostgreSQL"
    )
    parser.addoption("--cov-all", action="store_true", help="with --cov: measure all tests, a third longer")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests in memory. Begin with the tests that are marked as long; the others keep their order.

    Without ``--all``, what varies another test is left out. With ``--cov``, only what the tests of the pure
    rules reach is measured."""
    if not config.getoption("--all"):
        left_out = [item for item in items if is_variation(item)]
        items[:] = [item for item in items if not is_variation(item)]
        config.hook.pytest_deselected(items=left_out)
    for item in items:
        if is_in_memory(item):
            item.add_marker("memory")
        if room_of(item) != "tests/core" and not config.getoption("--cov-all"):
            item.add_marker("no_cover")
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def is_variation(item: pytest.Item) -> bool:
    """Whether a test shows again, in other circumstances, what another one shows: it is marked so, or it is a
    story on PostgreSQL. Each twelfth of those is told in any case, always the same ones, so that every
    process agrees; what differs between databases has tests of its own in other rooms, which always run on
    both."""
    callspec = getattr(item, "callspec", None)  # only tests with parameters have one
    on_postgresql = callspec is not None and callspec.params.get("databases") == "postgresql"
    told_once = on_postgresql and room_of(item) in TOLD_ONCE and crc32(item.nodeid.encode()) % 12 != 0
    return told_once or item.get_closest_marker("variation") is not None


def room_of(item: pytest.Item) -> str:
    """The folder of a test, as it is written from the top of the project."""
    return item.path.parent.relative_to(item.config.rootpath).as_posix()


def is_in_memory(item: pytest.Item) -> bool:
    """Whether a test needs neither another process nor a server, and does not take long."""
    callspec = getattr(item, "callspec", None)
    database = callspec.params.get("databases") if callspec else None
    return (
        room_of(item) in ("tests/core", "tests/scenarios")
        and database != "postgresql"
        and item.get_closest_marker("long") is None
    )


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSandbox]:
    """One sandbox for all tests of this process, as the test before left it."""
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: RunningSandbox) -> RunningSandbox:
    """That sandbox made new: empty, its options as they come."""
    running.reset()
    return running


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one Redis server for all tests of this process, as the test before left it."""
    embedded = Embedded(tmp_path_factory.mktemp("r"))
    yield embedded.ensure()
    embedded.leave(wait_seconds=20)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One PostgreSQL server for all tests of this process; skips with the reason where none can be
    started."""
    try:
        with running_postgres() as server:
            yield server
    except NoServer as reason:
        pytest.skip(f"no PostgreSQL: {reason}")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Fresh databases, of either sort in turn."""
    server: Server | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    return Databases(tmp_path_factory.mktemp("databases"), server)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The address of a fresh, migrated database, for tests that start other processes on it."""
    with databases.url() as url:
        yield url


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    """An engine on a fresh, migrated database."""
    with databases.engine() as engine:
        yield engine


@pytest.fixture
def blank_url(databases: Databases) -> Iterator[str]:
    """The address of an empty database."""
    with databases.blank_url() as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Without one the test skips with the reason, except in CI, where that is a
    failure."""
    try:
        with running_browser() as browser:
            yield browser
    except NoBrowser as reason:
        if must_have_one():
            pytest.fail(str(reason))
        pytest.skip(str(reason))
