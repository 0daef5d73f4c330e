"""Sandboxes and installations for trials."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import Databases
from tests.support.sandbox import RunningSandbox, running_sandbox
from tests.trials.school import School


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: RunningSandbox) -> RunningSandbox:
    """An empty sandbox."""
    running.reset()
    return running


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Fresh SQLite databases."""
    return Databases(tmp_path_factory.mktemp("databases"), None)


@pytest.fixture
def school(sandbox: RunningSandbox, on_sqlite: Databases, tmp_path: Path) -> Iterator[School]:
    """An installation on SQLite, not connected yet."""
    with on_sqlite.url() as url:
        yield School(sandbox, tmp_path, url)
