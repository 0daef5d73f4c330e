"""A database that the version before this one made opens and goes on.

``version_before.sql`` was dumped from eight pairs in memory after three runs: everybody was linked; one first
name was updated and one emptied last name refused; five changed first names wait for approval.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from syncer.configuration.versions import ConfigStore
from syncer.core.preferences import ExportMode, GuardLimits
from syncer.infra.database.alembic_commands import differences
from syncer.infra.database.engine import engine_for
from syncer.infra.database.migrate import migrate
from tests.cli.conftest import Command
from tests.cli.conftest import command as command
from tests.support.world import World

DUMP = Path(__file__).with_name("version_before.sql")
RUNS = 3
"""How many runs there were, 15 minutes apart."""
WAITING = {"kinds": {"change": 5}, "fields": {"change": {"user-first-name → FirstName": 5}}}


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The address of a database as the version before left it."""
    path = tmp_path / "before.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    connection.close()
    return f"sqlite:///{path}"


@pytest.fixture
def before(database_url: str) -> Iterator[Engine]:
    """That database, migrated."""
    engine = engine_for(database_url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def world(before: Engine) -> World:
    """Both systems as they were when the database was dumped, with the sync between them as it was set up."""
    world = World(before)
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    world.version = 1
    people = [
        world.pair(
            {"FirstName": "Ann", "LastName": f"Ray {number}"},
            {"user_first_name": "Ann", "user_last_name": f"Ray {number}", "user_sms_updates": False},
        )
        for number in range(8)
    ]
    world.later(15 * (RUNS - 1))
    world.element451.people.edit(people[0][0], {"user-first-name": "Zoe"})
    world.salesforce.people.edit(people[0][1], {"FirstName": "Zoe"})
    world.element451.people.edit(people[1][0], {"user-last-name": None})
    for number in range(2, 7):
        world.element451.people.edit(people[number][0], {"user-first-name": f"New {number}"})
    world.later()
    world.preferences = replace(world.preferences, guard=GuardLimits(records=500, percent=20, at_least=3))
    return world


def test_it_gets_the_tables_of_this_version(before: Engine) -> None:
    assert differences(before) == []


def test_its_waiting_run_is_shown_with_its_numbers(command: Command) -> None:
    status = command("status", "--json").json
    assert status["configuration"]["id"] == 1
    assert status["waiting_run"] == RUNS
    assert {name: status["last_run"]["numbers"][name] for name in WAITING} == WAITING
    assert status["due"] == 6, "five wait, and the refused one is tried again once a day"
    assert status["failing"]["records"] == 1


def test_its_log_is_listed(command: Command) -> None:
    (failed,) = command("logs", "--json", "--status", "failed").json
    assert (failed["run"], failed["code"]) == (2, "REQUIRED_FIELD_MISSING")
    updated = command("logs", "--json", "--run", "2", "--status", "updated").json
    assert [(change["before"], change["after"]) for change in updated[0]["changes"]] == [("Ann", "Zoe")]


def test_its_import_updates_as_it_did_though_that_is_off_by_default_now(command: Command) -> None:
    """Rule 10: every version holds what was the default when it was stored."""
    document = command("config", "export", "-", "--json").json
    assert document["preferences"]["import"] == {"update_existing": True, "create_new": False}


def test_values_that_its_value_maps_do_not_list_pass_as_they_did(database_url: str) -> None:
    """The version before had no other way; the next one lets them fail unless it is said."""
    engine = engine_for(database_url)
    mapped = '"owner":"element451","values":{"Ann":"Anne"}}'
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE versions SET document = replace(document, :plain, :mapped)"),
            {"plain": '"owner":"element451"}', "mapped": mapped},
        )
    migrate(engine)
    current = ConfigStore(engine).current()
    engine.dispose()
    assert current
    (row, *_) = (row for row in current[1]["mappings"]["contact"] if row["salesforce"] == "FirstName")
    assert (row["values"], row["unlisted"]) == ({"Ann": "Anne"}, "pass")
    assert all("values" in row or "unlisted" not in row for row in current[1]["mappings"]["contact"])


def test_the_next_run_finds_nothing_new_and_the_waiting_one_goes_on(world: World) -> None:
    due = world.due()
    run = world.sync()
    assert (run.id, run.state) == (RUNS, "waiting")
    assert run.numbers is not None
    assert {name: run.numbers[name] for name in WAITING} == WAITING
    assert (world.due(), world.writes()) == (due, [])
    done = world.sync(goes_on=RUNS)
    assert (done.id, done.state) == (RUNS, "done")
    assert [action for _, action, _ in world.writes()] == ["update"] * 5
    assert world.sync().id == RUNS + 1
    assert len(world.writes()) == 5, "everything is in step, and the refused record waits for a change"
