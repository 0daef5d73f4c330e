"""Put back, on the page of a run (rule 21)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from syncer.journal import runs
from syncer.journal.run_state import Trigger
from syncer.journal.runs import RUNS
from tests.support.dashboard import Installed, open_view, texts

VIEW = "views/runs/view.py"
PEOPLE = 3


@pytest.fixture
def written(synced: Installed) -> tuple[Installed, int]:
    """A school of which a run overwrote a few first names; the run's number."""
    return synced, overwritten(synced, "Hasty")


def overwritten(synced: Installed, name: str) -> int:
    """The number of a run that overwrote a few first names by this one."""
    people = [
        row["user-elementid"]
        for row in synced.sandbox.records("contact", "element451")
        if row.get("user-identities-salesforceid")
    ]
    edits = {person: {"user-first-name": name} for person in people[:PEOPLE]}
    synced.sandbox.edit_element451("contact", edits)
    run = synced.sync()
    assert run.counts["export_contact"]["updated"] == PEOPLE
    return run.id


def test_a_run_is_put_back_once_somebody_approved_what_that_does(written: tuple[Installed, int]) -> None:
    installed, number = written
    page = open_view(VIEW, run=str(number))
    assert "It can be put back until" in texts(page), "before its entries are deleted"
    page.button(key="put back").click().run()
    installed.work()
    asked = runs.waiting(installed.application.database, [Trigger.UNDO])
    assert asked
    page = open_view(VIEW, run=str(asked.id))
    assert f"{PEOPLE} put back" in texts(page)
    assert "Everything stays as it is now" in texts(page)
    page.button(key="approve").click().run()
    installed.work()
    done = runs.find(installed.application.database, asked.id)
    assert done
    assert (done.state, done.counts["export_contact"]["updated"]) == ("done", PEOPLE)
    names = installed.sandbox.records("Contact", fields=["FirstName"])
    assert all(row["FirstName"] != "Hasty" for row in names)


def test_what_began_before_the_log_reaches_is_not_put_back(synced: Installed) -> None:
    installed, number = synced, overwritten(synced, "Older")
    page = open_view(VIEW, run=str(number))
    days = installed.application.settings.log_retention_days
    began = datetime.now(UTC) - timedelta(days=days, minutes=1)
    with installed.application.database.begin() as connection:
        connection.execute(update(RUNS).where(RUNS.c.id == number).values(started_at=began))
    page.button(key="put back").click().run()
    installed.work()
    assert runs.waiting(installed.application.database, [Trigger.UNDO]) is None
    refused = runs.find(installed.application.database, number + 1)
    assert refused
    assert (refused.trigger, refused.state) == ("undo", "skipped")
    assert "older than the log" in texts(open_view(VIEW, run=str(refused.id)))


def test_what_wrote_nothing_has_nothing_to_put_back(written: tuple[Installed, int]) -> None:
    installed, _ = written
    quiet = installed.sync()
    assert "put back" not in [button.key for button in open_view(VIEW, run=str(quiet.id)).button]
