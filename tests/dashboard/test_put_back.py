"""Put back, on the page of a run (rule 21)."""

import pytest

from syncer.journal import runs
from syncer.journal.run_state import Trigger
from tests.support.dashboard import Installed, open_view, texts

VIEW = "views/runs/view.py"
PEOPLE = 3


@pytest.fixture
def written(synced: Installed) -> tuple[Installed, int]:
    """A school of which a run overwrote a few first names; the run's number."""
    people = [
        row["user-elementid"]
        for row in synced.sandbox.records("contact", "element451")
        if row.get("user-identities-salesforceid")
    ]
    edits = {person: {"user-first-name": "Hasty"} for person in people[:PEOPLE]}
    synced.sandbox.edit_element451("contact", edits)
    run = synced.sync()
    assert run.counts["export_contact"]["updated"] == PEOPLE
    return synced, run.id


def test_a_run_is_put_back_once_somebody_approved_what_that_does(written: tuple[Installed, int]) -> None:
    installed, number = written
    page = open_view(VIEW, run=str(number))
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


def test_what_wrote_nothing_has_nothing_to_put_back(written: tuple[Installed, int]) -> None:
    installed, _ = written
    quiet = installed.sync()
    assert "put back" not in [button.key for button in open_view(VIEW, run=str(quiet.id)).button]
