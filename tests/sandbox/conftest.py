"""One sandbox process for all tests here, made new before each."""

from collections.abc import Iterator

import pytest

from tests.sandbox.client import Org
from tests.support.sandbox import RunningSandbox, running_sandbox


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSandbox]:
    """The process."""
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: RunningSandbox) -> RunningSandbox:
    """The sandbox, empty, its knobs as they come."""
    running.reset()
    return running


@pytest.fixture
def org(sandbox: RunningSandbox) -> Org:
    """A client that has signed in to the org."""
    return Org(sandbox)
