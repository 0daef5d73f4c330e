"""Mapping fields by clicking, in a real browser: lists, dialogs and the table of a value map, as a person
uses them."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from syncer.configuration.config_file import default_document
from tests.support.browser import open_page, settled
from tests.support.dashboard import Installed, running_dashboard

pytestmark = pytest.mark.long

ROW = 35
"""The height of a row in a table that is drawn on a canvas, in pixels."""


def choose(page: Page, label: str, key: str) -> None:
    """Choose a field in the open dialog, by its key."""
    box = page.get_by_role("dialog").get_by_role("combobox", name=label)
    box.click()
    box.fill(f"({key})")
    page.get_by_role("option").filter(has_text=f"({key})").click()
    expect(page.get_by_role("option")).to_have_count(0)
    settled(page)


def add(page: Page, element451: str, salesforce: str) -> Locator:
    """Open the dialog and choose both fields."""
    page.get_by_role("button", name="Add Mapping").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    settled(page)
    choose(page, "Element451 field", element451)
    choose(page, "Salesforce field", salesforce)
    return page.get_by_role("dialog")


def save(page: Page, version: int) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Saved as version {version}.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    settled(page)


def write_cell(page: Page, row: int, column: int, label: str) -> None:
    """Choose a value in the table of the value map; rows and columns are counted from 0."""
    settled(page)
    table = page.get_by_role("dialog").get_by_test_id("stDataFrame").locator("canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + box["width"] * (0.35, 0.8)[column], box["y"] + ROW * (row + 1.5))
    cell = page.locator("#portal input")
    expect(cell).to_be_focused()
    cell.fill(label)
    cell.press("Enter")
    expect(cell).to_have_count(0)
    settled(page)


def mapped(made: Installed) -> list[dict[str, Any]]:
    current = made.application.configuration.current()
    assert current
    found: list[dict[str, Any]] = current[1]["mappings"]["contact"]
    return found


def test_a_date_a_multi_select_and_a_value_map_are_mapped_by_clicking(
    connected: Installed, page: Page
) -> None:
    connected.force(default_document())
    with running_dashboard(connected.environment, connected.sandbox) as address:
        open_page(page, address)
        page.get_by_role("link", name="Mappings", exact=True).click()
        expect(page.get_by_role("heading", name="Mappings")).to_be_visible()

        owner = add(page, "user-dob", "Birthdate").get_by_role("radio", name="Salesforce")
        owner.check(force=True)  # the dot is drawn by something else
        expect(owner).to_be_checked()
        settled(page)
        save(page, 3)

        add(page, "user-race-categories", "hed__Race__c")
        save(page, 4)

        dialog = add(page, "user-gender", "hed__Gender__c")
        dialog.get_by_role("button", name="List the 2 left out").click()
        expect(dialog.get_by_text("The other side's value is missing")).to_be_visible()
        write_cell(page, 2, 1, "Decline to State")
        write_cell(page, 3, 1, "Decline to State")
        preferred = dialog.get_by_role("combobox", name="Where Salesforce has Decline to State")
        preferred.scroll_into_view_if_needed()  # scrolling would close its list
        settled(page)
        preferred.click()
        page.get_by_role("option", name="Prefer not to say").click()
        settled(page)
        save(page, 5)

        settled(page)
        page.get_by_placeholder("Label, key or value").fill("race")
        expect(page.get_by_text("1 of 5 mapped fields")).to_be_visible()
        page.get_by_role("button", name="Remove").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove mapping").click()
        expect(page.get_by_text("Saved as version 6.")).to_be_visible()
    assert mapped(connected)[2:] == [
        {"element451": "user-dob", "salesforce": "Birthdate", "owner": "salesforce"},
        {
            "element451": "user-gender",
            "salesforce": "hed__Gender__c",
            "owner": "element451",
            "values": {"F": "Female", "M": "Male", "N": "Decline to State", "X": "Decline to State"},
        },
    ]
    assert list(mapped(connected)[3]["values"]) == ["F", "M", "N", "X"]


def test_a_dialog_that_is_closed_forgets_what_was_chosen(connected: Installed, page: Page) -> None:
    with running_dashboard(connected.environment, connected.sandbox) as address:
        open_page(page, address)
        page.get_by_role("link", name="Mappings", exact=True).click()
        add(page, "user-middle-name", "AssistantName")
        page.get_by_role("dialog").get_by_role("button", name="Close").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.get_by_role("button", name="Add Mapping").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("combobox", name="Element451 field")).to_have_value("")
        expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
