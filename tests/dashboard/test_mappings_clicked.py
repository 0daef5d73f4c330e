"""Mapping fields in a real browser: a pasted table saved as one version, and a value map with a value that is
in no list, with the clicks that it takes."""

from typing import Literal

import pytest
from playwright.sync_api import Dialog, Page, expect

from syncer.configuration.config_file import default_document
from tests.support.browser import open_page, settled
from tests.support.dashboard import Installed, running_dashboard

pytestmark = pytest.mark.long

TEN = """\
user-first-name\tFirstName\telement451
user-last-name\tLastName\telement451
user-email-address\tEmail\telement451
Cell Phone\tMobile Phone
user-addresses-home-street1\tMailingStreet
user-addresses-home-city\tMailingCity
user-addresses-home-zip\tMailingPostalCode
user-dob\tBirthdate\tsalesforce
user-race-categories\thed__Race__c\tsalesforce
user-gender\thed__Gender__c\telement451\tF=Female; M=Male
"""
"""With a date, several values of a list, and a value map; one is named by its labels, some have no owner."""


class Clicks:
    """Presses what a person presses, and counts it."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, role: Literal["button", "link"], name: str) -> None:
        self.count += 1
        self.page.get_by_role(role, name=name).first.click()
        settled(self.page)


def test_ten_pasted_mappings_are_one_version_and_a_value_map_takes_any_value(
    connected: Installed, page: Page
) -> None:
    connected.force(default_document())
    with running_dashboard(connected.environment, connected.sandbox) as address:
        open_page(page, address)
        click = Clicks(page)
        click("link", "Mappings")
        page.get_by_text("Paste or upload a table").click()
        click.count += 1
        page.get_by_label("Table").fill(TEN)
        page.keyboard.press("Control+Enter")
        settled(page)
        click("button", "Take over 10 lines")
        expect(page.get_by_text("10 changes not saved").first).to_be_visible()
        asked: list[str] = []

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        page.once("dialog", stay)
        page.evaluate("() => { window.location.reload() }")
        expect(page.get_by_text("Mappings: 10 changes not saved")).to_be_visible()
        assert asked == ["beforeunload"], "the browser asks before unsaved edits go"
        click("button", "Review and save")
        click("button", "Save 10 changes")
        expect(page.get_by_text("10 changes saved as version 3.")).to_be_visible()
        print(f"ten mappings pasted and saved: {click.count} clicks")
        assert click.count <= 6

        open_page(page, f"{address}/mappings?field=user-gender/hed__Gender__c")
        dialog = page.get_by_role("dialog")
        for label, value in (("Element451 value", "They"), ("Salesforce value", "Other")):
            box = dialog.get_by_role("combobox", name=label)
            box.click()
            box.fill(value)
            box.press("Enter")
            settled(page)
        click("button", "Add pair")
        click("button", "Done")
        click("button", "Review and save")
        click("button", "Save 1 change")
        expect(page.get_by_text("1 change saved as version 4.")).to_be_visible()
    current = connected.application.configuration.current()
    assert current
    rows = current[1]["mappings"]["contact"]
    assert [row["salesforce"] for row in rows[2:5]] == ["FirstName", "LastName", "Email"]
    assert len(rows) == 12
    assert rows[-1]["values"] == {"F": "Female", "M": "Male", "They": "Other"}
