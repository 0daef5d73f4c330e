"""Setting up a school on the screen, up to Go live; and pausing its schedule."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from syncer.application.commands import Commands
from syncer.infra.database.tables import VersionRow, table
from syncer.journal.audit import AUDIT
from tests.dashboard.overview_page import plainly
from tests.support.dashboard import Installed, open_view, press, texts

PREFERENCES = "views/preferences/view.py"
SLOT = 1_800_000_000


@pytest.fixture
def unset(connected: Installed) -> Installed:
    """Connected, and nothing is configured."""
    with connected.application.database.begin() as connection:
        connection.execute(table(VersionRow).delete())
    return connected


def test_objects_are_chosen_first_and_nothing_of_a_later_step_stands_in_the_way(unset: Installed) -> None:
    page = open_view()
    assert page.selectbox(key="contacts object").value == "Contact"
    assert page.selectbox(key="conversations object").value == "E451_Conversation__c"
    press(page, "use objects")
    assert not page.error
    assert "5. **Map the fields**" in texts(page)
    assert metric(page) == "Not live yet"
    assert Commands(unset.application).tick(SLOT) is None


def test_without_conversations_everybody_is_exported_and_it_says_so(unset: Installed) -> None:
    page = open_view()
    page.selectbox(key="conversations object").select_index(0).run()
    assert "Without one, every contact is exported" in plainly(page)
    press(page, "use objects")
    assert unset.application.preferences.scope == "all"
    assert not unset.application.preferences.sync_conversations


def test_preferences_that_suit_are_kept_with_one_press(unset: Installed) -> None:
    press(open_view(), "use objects")
    page = press(open_view(PREFERENCES), "Keep these preferences")
    assert "Kept." in plainly(page)
    assert "Keep these preferences" not in [button.label for button in page.button]


def test_a_first_sync_leaves_only_go_live_and_that_begins_the_schedule(
    unset: Installed, people: None
) -> None:
    unset.application.configuration.store(mapped(unset), based_on=0)
    unset.sync()
    page = open_view(by="analyst@school.edu")
    assert "9. **Go live**" in texts(page)
    assert open_view(by="viewer@school.edu").button(key="go live").disabled
    press(page, "go live")
    assert "First steps" not in texts(page)
    assert metric(page).startswith(("in ", "Any"))
    assert Commands(unset.application).tick(SLOT)
    assert noted(unset)[-1] == ("analyst@school.edu", "go live")


def test_a_pause_says_until_when_and_by_whom_and_ends_with_a_press(synced: Installed, people: None) -> None:
    page = open_view(by="analyst@school.edu")
    page.selectbox(key="pause hours").select(4).run()
    press(page, "pause")
    assert re.search(r"Paused by analyst.+ The sync goes on .+in 4 hours", plainly(page))
    assert open_view(by="viewer@school.edu").button(key="resume").disabled
    press(page, "resume")
    assert "Paused by" not in plainly(page)
    assert noted(synced)[-2:] == [
        ("analyst@school.edu", "pause the schedule"),
        ("analyst@school.edu", "resume the schedule"),
    ]


def metric(page: AppTest) -> str:
    (value,) = [str(one.value) for one in page.metric if one.label == "Next run"]
    return value


def mapped(installed: Installed) -> object:
    """The configuration of the demo's school, taken from a version that is put aside at once."""
    installed.configure()
    current = installed.application.configuration.current()
    with installed.application.database.begin() as connection:
        connection.execute(table(VersionRow).delete())
    assert current
    return current[1]


def noted(installed: Installed) -> list[tuple[str, str]]:
    with installed.application.database.connect() as connection:
        return [(row.person, row.act) for row in connection.execute(AUDIT.select().order_by(AUDIT.c.id))]
