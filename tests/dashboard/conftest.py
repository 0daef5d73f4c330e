"""Installations for the dashboard's tests: `installation` (not connected), `connected`, `synced`, `busy`; a
browser; and who looks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
import streamlit as st
from playwright.sync_api import Browser, Page

from dashboard.shared import session
from tests.support.browser import NARROW, Scheme, watched_page
from tests.support.dashboard import OURS, PEOPLE, Installed
from tests.support.logs import nameless
from tests.support.sandbox import RunningSandbox

CONTACTS, CONVERSATIONS = 60, 8


@pytest.fixture(scope="module")
def sandbox(running: RunningSandbox) -> RunningSandbox:
    """Both systems, with a small school, shared by the tests of a file."""
    running.reset(contacts=CONTACTS, conversations=CONVERSATIONS)
    return running


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Installed:
    made = Installed(tmp_path_factory.mktemp("empty") / "data", REDIS_URL=redis_url)
    made.application.check()
    made.application.close()
    return made


@pytest.fixture(scope="module")
def _connected(
    tmp_path_factory: pytest.TempPathFactory, _empty: Installed, sandbox: RunningSandbox
) -> Installed:
    made = Installed(
        tmp_path_factory.mktemp("connected") / "data", sandbox, REDIS_URL=_empty.environment["REDIS_URL"]
    )
    made.connect()
    made.configure()
    made.application.close()
    return made


@pytest.fixture(scope="module")
def _synced(tmp_path_factory: pytest.TempPathFactory, _connected: Installed) -> Installed:
    made = _connected.copy_to(tmp_path_factory.mktemp("synced") / "data")
    made.sync()
    made.application.close()
    return made


@pytest.fixture
def environment(
    monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> Iterator[Callable[[Installed], Installed]]:
    """Makes an installation's environment this process's, for the pages that AppTest runs here; undone
    afterwards."""
    installed: list[Installed] = []

    def use(made: Installed) -> Installed:
        for name in OURS:
            monkeypatch.delenv(name, raising=False)
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        _forget()
        installed.append(made)
        return made

    with redis.Redis.from_url(redis_url) as connection:
        connection.flushall()
    yield use
    _forget()
    for made in installed:
        made.application.close()


@pytest.fixture
def installation(
    tmp_path: Path, _empty: Installed, environment: Callable[[Installed], Installed]
) -> Installed:
    """Just set up: an empty database, nothing connected, nothing configured."""
    return environment(_empty.copy_to(tmp_path / "data"))


@pytest.fixture
def connected(
    tmp_path: Path, _connected: Installed, environment: Callable[[Installed], Installed]
) -> Installed:
    """Connected to the module's sandbox, with the demo's mapping in force; nothing was synced."""
    return environment(_connected.copy_to(tmp_path / "data"))


@pytest.fixture
def synced(tmp_path: Path, _synced: Installed, environment: Callable[[Installed], Installed]) -> Installed:
    """Connected, and once synced: with a run, pairs and log entries, failed ones among them."""
    return environment(_synced.copy_to(tmp_path / "data"))


@pytest.fixture(scope="module")
def _failing(tmp_path_factory: pytest.TempPathFactory, _synced: Installed) -> Installed:
    made = _synced.copy_to(tmp_path_factory.mktemp("failing") / "data")
    made.sandbox.clock(advance=3600)
    made.sandbox.edit_element451("contact", {one: {"user-last-name": ""} for one in nameless(made.sandbox)})
    made.sync()
    made.application.close()
    return made


@pytest.fixture
def failing(tmp_path: Path, _failing: Installed, environment: Callable[[Installed], Installed]) -> Installed:
    """Synced twice: the `nameless` fail since the second run, for Salesforce requires a last name."""
    return environment(_failing.copy_to(tmp_path / "data"))


@pytest.fixture
def busy(synced: Installed) -> Installed:
    """Synced, and another run is going on."""
    synced.be_busy()
    return synced


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> None:
    """People have to sign in: `open_view(by="viewer@school.edu")`, or analyst@, or admin@. To be asked for
    after the installation."""
    for name, value in PEOPLE.items():
        monkeypatch.setenv(name, value)
    _forget()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A wide, light page of somebody who was never here before."""
    with watched_page(browser) as (page, _):
        yield page


@pytest.fixture(
    params=[
        pytest.param(("light", 1280), marks=pytest.mark.variation),  # as every page in test_accessibility
        ("dark", NARROW),
    ],
    ids=["wide and light", "narrow and dark"],
)
def either_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A wide, light page, and a narrow, dark one."""
    scheme: Scheme
    scheme, width = request.param
    with watched_page(browser, width=width, scheme=scheme) as (page, _):
        yield page


def _forget() -> None:
    """Let the next page build its application from the environment as it is then; the database of the former
    one is closed."""
    former = session.shared_application()
    if "database" in former.__dict__:
        former.close()
    st.cache_resource.clear()
