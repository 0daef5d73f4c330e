"""When the schedule begins: not before a school that is being set up on the screen says so."""

from pathlib import Path

from syncer.application.commands import Commands
from syncer.application.container import Application
from syncer.configuration.config_file import validate
from syncer.configuration.document import Document
from syncer.infra.database.tables import VersionRow, table
from syncer.infra.settings.environment import Settings
from syncer.journal import run_queries
from tests.worker.installation import Installation

SLOT = 1_800_000_000


def on_the_screen(installation: Installation) -> Document:
    """The configuration in force, as if it had been made on the screen from nothing."""
    store = installation.application.configuration
    current = store.current()
    assert current
    with installation.application.database.begin() as connection:
        connection.execute(table(VersionRow).delete())
    store.store(current[1], based_on=0)
    return current[1]


def test_nothing_is_synced_by_itself_while_a_school_is_set_up_until_somebody_says_sync_now(
    installation: Installation,
) -> None:
    on_the_screen(installation)
    control = Commands(installation.application)
    assert (control.tick(SLOT), control.nightly()) == (None, None)
    assert (installation.runs(), installation.sandbox.journal()) == ([], [])
    assert control.sync().state == "done"
    assert installation.sandbox.journal()
    run = control.tick(SLOT)
    assert run
    assert run.state == "done"


def test_a_further_version_on_the_screen_does_not_begin_the_schedule(installation: Installation) -> None:
    document = on_the_screen(installation)
    current = installation.application.configuration.current()
    assert current
    installation.application.configuration.store(
        {**document, "preferences": document["preferences"] | {"batch_size": 11}}, based_on=current[0]
    )
    assert Commands(installation.application).tick(SLOT) is None


def test_a_whole_configuration_from_the_command_line_begins_the_schedule(installation: Installation) -> None:
    document = on_the_screen(installation)
    installation.application.configuration.store(document)
    run = Commands(installation.application).tick(SLOT)
    assert run
    assert run.state == "done"


def test_a_rejected_run_keeps_the_night_from_writing_too(installation: Installation) -> None:
    installation.configure(guard={"records": 1, "percent": 1, "at_least": 1})
    control = Commands(installation.application)
    waiting = control.sync()
    assert waiting.state == "waiting"
    assert control.reject(waiting.id)
    assert (control.tick(SLOT), control.nightly()) == (None, None)
    assert installation.sandbox.journal() == []


def test_before_both_systems_were_ever_connected_no_run_comes_and_none_fails(
    tmp_path: Path, installation: Installation
) -> None:
    current = installation.application.configuration.current()
    assert current
    with Application(Settings.from_environment({"DATA_DIR": str(tmp_path / "fresh")})) as fresh:
        fresh.configuration.store(validate(current[1]))
        assert Commands(fresh).tick(SLOT) is None
        assert run_queries.recent(fresh.database, 5) == []
