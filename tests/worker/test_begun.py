"""When the schedule begins: not before a school that is being set up on the screen says so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncer.application import doctor
from syncer.application.commands import Commands
from syncer.application.container import Application
from syncer.application.decisions import schedule
from syncer.configuration.config_file import validate
from syncer.configuration.document import Document
from syncer.core.permissions import OPERATOR, Action, Actor, NotPermitted, Role
from syncer.infra.database.tables import VersionRow, table
from syncer.infra.settings.environment import Settings
from syncer.journal import audit, run_queries
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


def test_a_school_that_never_went_live_is_written_to_by_what_a_person_asks_for_alone(
    installation: Installation,
) -> None:
    on_the_screen(installation)
    control = Commands(installation.application)
    assert (control.tick(SLOT), control.nightly()) == (None, None)
    assert (installation.runs(), installation.sandbox.journal()) == ([], [])
    assert control.sync().state == "done"
    assert installation.sandbox.journal()
    (person, *_) = (row for row in installation.sandbox.records("Contact") if row["Element451_ID__c"])
    installation.sandbox.edit_element451("contact", {person["Element451_ID__c"]: {"user-first-name": "New"}})
    written = len(installation.sandbox.journal())
    assert (control.tick(SLOT), control.nightly()) == (None, None)
    assert len(installation.sandbox.journal()) == written
    schedule.go_live(installation.application)
    run = control.tick(SLOT)
    assert run
    assert run.state == "done"
    assert len(installation.sandbox.journal()) > written


def test_what_the_doctor_proposes_does_not_begin_the_schedule(installation: Installation) -> None:
    on_the_screen(installation)
    doctor.export_everybody(installation.application)
    assert Commands(installation.application).tick(SLOT) is None


def test_a_pause_keeps_day_and_night_from_writing_until_it_ends_or_somebody_resumes(
    installation: Installation,
) -> None:
    application, control = installation.application, Commands(installation.application)
    schedule.pause(application, datetime.now(UTC) + timedelta(hours=3))
    assert (control.tick(SLOT), control.nightly(), installation.sandbox.journal()) == (None, None, [])
    schedule.resume(application)
    assert control.tick(SLOT)
    assert installation.sandbox.journal()


def test_who_went_live_and_paused_stands_in_the_audit_trail(installation: Installation) -> None:
    on_the_screen(installation)
    ann = installation.application.acting_as(Actor("ann@school.edu", Role.ANALYST))
    schedule.go_live(ann)
    schedule.pause(ann, datetime.now(UTC) + timedelta(hours=1))
    schedule.resume(ann)
    noted = audit.entries(installation.application.database, OPERATOR, by="ann@school.edu")
    assert [one.act for one in noted] == [Action.RESUME, Action.PAUSE, Action.GO_LIVE]
    with pytest.raises(NotPermitted):
        schedule.go_live(installation.application.acting_as(Actor("view@school.edu", Role.VIEWER)))


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
