"""The Mappings page where somebody else is at work, something fails, or whoever looks may not change
anything."""

import time

import pytest

from syncer.core.records import System
from tests.dashboard.mapping_page import (
    GENDER,
    add,
    can_press,
    done,
    edit,
    mappings,
    remove,
    rows,
    said,
    save,
    search,
)
from tests.support.dashboard import Installed, press, texts


def test_what_somebody_else_saved_meanwhile_is_kept_and_no_edit_is_lost(connected: Installed) -> None:
    page = press(add(remove(mappings(), "Description"), "user-middle-name", "AssistantName"), "Done")
    current = connected.application.configuration.current()
    assert current
    for row in current[1]["mappings"]["contact"]:
        row["owner"] = "salesforce" if row["salesforce"] in ("Email", "Description") else row["owner"]
    current[1]["preferences"]["interval_minutes"] = 30
    connected.application.configuration.store(current[1])
    press(page, "Review and save")
    assert "Somebody else saved a change meanwhile." in said(page)
    press(page, "save mappings")
    current = connected.application.configuration.current()
    assert current
    assert current[1]["preferences"]["interval_minutes"] == 30
    assert [row["owner"] for row in rows(connected) if row["salesforce"] == "Email"] == ["salesforce"]
    assert "Description" not in [row["salesforce"] for row in rows(connected)]
    assert rows(connected)[-1]["element451"] == "user-middle-name"


def test_what_is_saved_between_review_and_save_is_not_overwritten(connected: Installed) -> None:
    page = press(remove(mappings(), "Description"), "Review and save")
    connected.configure(interval_minutes=30)
    press(page, "save mappings")
    assert "Your changes are kept" in said(page)
    save(page)
    current = connected.application.configuration.current()
    assert current
    assert current[1]["preferences"]["interval_minutes"] == 30
    assert "Description" not in [row["salesforce"] for row in rows(connected)]


def test_a_mapping_that_somebody_else_removed_meanwhile_is_not_brought_back_unseen(
    connected: Installed,
) -> None:
    page = edit("user-custom-advisor-notes/Description")
    current = connected.application.configuration.current()
    assert current
    current[1]["mappings"]["contact"] = [row for row in rows(connected) if row["salesforce"] != "Description"]
    connected.application.configuration.store(current[1])
    page.radio("mapping owner").set_value(System.ELEMENT451).run()
    assert "user-custom-advisor-notes is not mapped to Description any more" in said(page)
    assert not can_press(page, "Done")


def test_fields_that_cannot_be_read_again_say_why(connected: Installed) -> None:
    page = mappings()
    connected.sandbox.fault("status", system="salesforce", status=503, times=-1)
    try:
        press(page, "Read the fields again")
    finally:
        connected.sandbox.clear_faults()
    assert "Not all fields could be read. Salesforce" in said(page)
    assert can_press(page, "Add Mapping")


def test_a_run_going_on_stands_in_nobodys_way(busy: Installed) -> None:
    page = done(add(mappings(), "user-middle-name", "AssistantName"))
    assert "saved as version 2" in said(page)


def test_without_salesforce_the_mappings_are_shown_and_why_they_cannot_be_changed(
    connected: Installed,
) -> None:
    connected.forget_fields()
    connected.sandbox.fault("status", system="salesforce", status=503, times=-1)
    try:
        page = mappings()
    finally:
        connected.sandbox.clear_faults()
    found = said(page)
    assert "The fields of Salesforce cannot be read." in found
    assert "hed__Gender__c" in found
    assert "Gender" in found
    assert not can_press(page, "Add Mapping")
    save(remove(page, "hed__Gender__c"))
    assert "hed__Gender__c" not in [row["salesforce"] for row in rows(connected)]


@pytest.mark.parametrize("field", ["<script>alert(1)</script>", "**bold** `code`"])
def test_names_of_fields_are_shown_letter_by_letter(connected: Installed, field: str) -> None:
    connected.sandbox.field("Contact", "Department", label=field)
    try:
        page = search(press(mappings(), "Read the fields again"), "major")
        assert field not in texts(page)
        assert field in said(page)
    finally:
        connected.sandbox.field("Contact", "Department", label="Department")


# a viewer


def test_a_viewer_sees_everything_and_changes_nothing(connected: Installed, people: None) -> None:
    page = mappings(by="viewer@school.edu")
    assert "Gender" in said(search(page, "gender"))
    assert not can_press(page, "Add Mapping")
    assert not edit(GENDER, by="viewer@school.edu").get("dialog")
    assert not any("Dismiss" in button.label for button in page.button)


def test_what_a_viewer_sends_all_the_same_is_refused(connected: Installed, people: None) -> None:
    page = mappings(by="analyst@school.edu")
    press(press(add(page, "user-middle-name", "AssistantName"), "Done"), "Review and save")
    page.user = {
        "is_logged_in": True,
        "email": "viewer@school.edu",
        "email_verified": True,
        "iat": int(time.time()),
    }
    press(page, "save mappings")
    assert "You are signed in as viewer, so that you may not do this" in said(page)
    assert "user-middle-name" not in [row["element451"] for row in rows(connected)]


def test_what_somebody_suspended_is_resumed_where_it_is_named(connected: Installed) -> None:
    """Rule 22."""
    current = connected.application.configuration.current()
    assert current
    still = next(row for row in current[1]["mappings"]["contact"] if row["salesforce"] == "FirstName")
    still["suspended"] = True
    connected.application.configuration.store(current[1])
    page = mappings()
    assert "stands still, as somebody asked" in said(page)
    save(press(page, f"resume {still['element451']}/FirstName"))
    assert not any(row.get("suspended") for row in rows(connected))
    assert "stands still" not in said(mappings())
