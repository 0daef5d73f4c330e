"""The work list of the Overview: what fails in groups, and the remedy of a group done in place (rules 15
and 16)."""

from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from syncer.application.decisions import holds
from syncer.application.decisions.holds import HoldRequest
from tests.dashboard.overview_page import plainly
from tests.support.dashboard import Installed, labels, open_view, press

UNLISTED = "tu.majors.227"
GROUP = f"‘{UNLISTED}’ · Value is not in the value map · **4 students**"
MAJOR = "user-education-prefered-major"


@pytest.fixture
def unmapped(synced: Installed) -> Installed:
    """Four people study something that the value map does not list."""
    unlist_a_value(synced)
    return synced


def unlist_a_value(synced: Installed) -> None:
    """Let four people study something that the value map does not list any more."""
    people = synced.sandbox.records("contact", "element451")
    paired = [row for row in people if row.get("user-identities-salesforceid") and row.get("user-last-name")]
    listed = "tu.majors.201"
    edits = {row["user-elementid"]: {MAJOR: listed} for row in people if row.get(MAJOR) == UNLISTED}
    edits |= {row["user-elementid"]: {MAJOR: UNLISTED} for row in paired[:4]}
    synced.sandbox.edit_element451("contact", edits)
    _, document = synced.application.configuration.current() or (0, None)
    assert document
    (row,) = (row for row in document["mappings"]["contact"] if row.get("element451") == MAJOR)
    del row["values"][UNLISTED]
    synced.application.configuration.store(document)
    synced.sync()


def opened(page: AppTest) -> AppTest:
    """The page with the remedy open."""
    assert GROUP in plainly(page)
    return press(page, "Add it to the value map")


def majors(installed: Installed) -> list[str]:
    return [row["Department"] for row in installed.sandbox.records("Contact", fields=["Department"])]


def test_a_group_is_put_right_in_place_and_is_gone_once_it_was_retried(unmapped: Installed) -> None:
    page = opened(open_view())
    assert page.button(key="remedy apply").disabled
    page.text_input(key="remedy value").set_value("Accounting").run()
    assert "would be written" in plainly(page)
    before = majors(unmapped).count("Accounting")
    press(page, "Add it → Accounting and retry 4")
    unmapped.work()
    page.run()
    assert [box.value for box in page.success] == ["4 records tried again, 4 fixed."]
    assert GROUP not in plainly(page)
    assert majors(unmapped).count("Accounting") == before + 4
    current = unmapped.application.configuration.current()
    assert current
    assert current[0] == 3


def test_a_remedy_that_another_one_overtook_is_refused_and_nothing_is_stored(unmapped: Installed) -> None:
    page = opened(open_view())
    page.text_input(key="remedy value").set_value("Accounting").run()
    _, document = unmapped.application.configuration.current() or (0, None)
    assert document
    document["preferences"]["interval_minutes"] = 30
    unmapped.application.configuration.store(document)
    press(page, "Add it → Accounting and retry 4")
    assert "Somebody else saved a change meanwhile" in plainly(page)
    current = unmapped.application.configuration.current()
    assert current
    assert current[0] == 3


def test_a_viewer_sees_what_is_wrong_and_can_put_nothing_right(unmapped: Installed, people: None) -> None:
    page = open_view(by="viewer@school.edu")
    assert GROUP in plainly(page)
    pressable = [button.label for button in page.button if not button.disabled]
    assert not {"Add it to the value map", "Retry 4"} & set(pressable)
    assert {"Add it to the value map", "Retry 4"} <= set(labels(page))


def test_a_hold_that_ends_within_the_week_is_told_with_whom_it_concerns(synced: Installed) -> None:
    person = next(
        row["user-elementid"]
        for row in synced.sandbox.records("contact", "element451")
        if row.get("user-identities-salesforceid")
    )
    soon, late = (datetime.now(UTC) + timedelta(days=days) for days in (2, 30))
    for until in (soon, late):
        holds.hold(synced.application, HoldRequest(person, "asked for it", until=until))
    said = plainly(open_view())
    assert "Holds that end soon" in said
    assert said.count("held by") == 1
