"""The numbers for operators: who may ask for them, and that they say how everything stands."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, event
from starlette.responses import PlainTextResponse
from starlette.types import Message

from dashboard import metrics
from dashboard.middleware import SecurityMiddleware
from syncer.configuration.versions import ConfigStore
from syncer.core.permissions import Role
from syncer.infra.settings.environment import BadSettings, Settings
from syncer.infra.settings.login import Login
from tests.support.documents import document
from tests.support.memory_application import MemoryApplication
from tests.support.world import World

TOKEN = "0123456789abcdef"
PEOPLE = Login("https://login.school.edu", "sync", "s", {"it@school.edu": Role.ADMIN})


def with_options(
    application: MemoryApplication, token: str = "", login: Login | None = None
) -> MemoryApplication:
    options = replace(application.settings.dashboard, metrics_token=token, login=login)
    application.settings = replace(application.settings, dashboard=options)
    return application


@pytest.fixture
def application(engine: Engine, tmp_path: Path) -> MemoryApplication:
    world = World(engine)
    ConfigStore(engine).store(document())
    world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    world.ours(user_last_name="New")
    world.ours(user_last_name="Refused", user_first_name="x" * 60)
    world.sync()
    return MemoryApplication(world, tmp_path)


def read(application: MemoryApplication) -> dict[tuple[str, ...], float]:
    """Each number by its name and the values of its labels, in the order of their names."""
    body = bytes(metrics.answer(application, "").body).decode()
    families = text_string_to_metric_families(body)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_the_numbers_say_what_a_day_brought_and_how_everything_stands(application: MemoryApplication) -> None:
    found = read(application)
    assert found["sync_runs_last_day", "done", "sync"] == 1
    assert found["sync_records_last_day", "export", "contact", "inserted"] == 1
    assert found["sync_records_last_day", "export", "contact", "failed"] == 1
    assert found["sync_calls_last_day", "salesforce"] == application.world.salesforce.calls > 0
    assert found["sync_records_failing",] == 1
    assert sum(value for (name, *_), value in found.items() if name == "sync_failures") == 1
    assert (found["sync_runs_waiting",], found["sync_suspended",], found["sync_lease_held",]) == (0, 0, 0)
    assert 0 <= found["sync_lag_seconds",] < 3600
    assert found["sync_queue_up",] == 0
    assert ("sync_queue_jobs",) not in found, "what is not known is not called zero"


def test_no_number_names_a_person_or_holds_a_value(application: MemoryApplication) -> None:
    body = bytes(metrics.answer(application, "").body).decode()
    assert not any(value in body for value in ("Ann", "Refused", 'New"', "user-first-name"))


def test_they_are_read_by_few_questions_and_write_nothing(application: MemoryApplication) -> None:
    said: list[str] = []
    event.listen(application.world.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    metrics.answer(application, "")
    assert len(said) < 60
    assert all(statement.lstrip().upper().startswith(("BEGIN", "SELECT", "PRAGMA")) for statement in said)


@pytest.mark.parametrize(
    ("token", "login", "named", "status"),
    [
        ("", None, "", 200),
        ("", PEOPLE, "", 404),
        ("", PEOPLE, "Bearer ", 404),
        (TOKEN, None, "", 401),
        (TOKEN, PEOPLE, f"Bearer {TOKEN}x", 401),
        (TOKEN, PEOPLE, f"Bearer {TOKEN}é", 401),
        (TOKEN, PEOPLE, f"Bearer {TOKEN}", 200),
    ],
)
def test_they_are_as_open_as_the_pages_or_take_the_token(
    application: MemoryApplication, token: str, login: Login | None, named: str, status: int
) -> None:
    assert metrics.answer(with_options(application, token, login), named).status_code == status


@pytest.mark.parametrize("token", ["short", "with äccents and length"])
def test_a_token_that_can_be_guessed_is_refused_by_name(token: str) -> None:
    with pytest.raises(BadSettings, match="METRICS_TOKEN"):
        Settings.from_environment({"METRICS_TOKEN": token})


def status_of(asked_by_any_name: list[str], path: str) -> int:
    """How the dashboard's server answers under a name that is not its own."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {"type": "http", "path": path, "method": "GET", "headers": [(b"host", b"dashboard:8501")]}
    server = SecurityMiddleware(PlainTextResponse("x"), "https://sync.school.edu", asked_by_any_name)
    with ThreadPoolExecutor(1) as beside_the_browsers_loop:
        beside_the_browsers_loop.submit(asyncio.run, server(scope, receive, send)).result()
    return int(said[0]["status"])


def test_a_monitor_may_ask_by_any_name_only_where_it_takes_the_token() -> None:
    assert status_of([metrics.PATH], "/metrics") == 200
    assert status_of([metrics.PATH], "/_stcore/metrics") == 404
    assert status_of([metrics.PATH], "/logs") == 421
    assert status_of([], "/metrics") == 421
