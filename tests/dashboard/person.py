"""What a person does in the dashboard: finds things by the words on the screen, clicks, types, reads."""

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import settled
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN

ENTRY_ROW = '[class*="st-key-entry-"] button'
"""The rows of the log."""


class Somebody:
    """A person before the dashboard at ``address``, who sees ``page``."""

    def __init__(self, page: Page, address: str, sandbox: RunningSandbox) -> None:
        self.page, self.address, self.sandbox = page, address, sandbox

    def go_to(self, title: str) -> None:
        """Choose a page in the navigation."""
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        settled(self.page)

    def type(self, label: str, text: str) -> None:
        """Type into a field."""
        self.page.get_by_label(label, exact=True).fill(text)

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button."""
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def flip(self, label: str) -> None:
        """Turn a switch."""
        self.page.get_by_test_id("stCheckbox").filter(has_text=label).locator("label").first.click()
        settled(self.page)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option).first.click()
        settled(self.page)

    def pick(self, option: str) -> None:
        """Choose one of several that stand side by side."""
        self.page.get_by_role("radio", name=option).locator("xpath=ancestor::label").click()
        settled(self.page)

    def switch_to(self, option: str) -> None:
        """Choose one of the buttons of a group."""
        self.page.get_by_test_id("stButtonGroup").get_by_text(option, exact=True).click()
        settled(self.page)

    def reads(self, *sentences: str) -> None:
        """See these words on the page, now or soon."""
        for sentence in sentences:
            expect(self.page.get_by_text(sentence).first).to_be_visible()

    def cells(self, column: int) -> list[str]:
        """What a column of the first table on the page says, from the top."""
        found = self.page.get_by_test_id("stDataFrame").first.locator(
            f'td[data-testid^="glide-cell-{column}-"]'
        )
        return found.all_text_contents()

    def open_row(self, row: int) -> None:
        """Open an entry of the log, by the keyboard alone."""
        settled(self.page)
        self.page.locator(ENTRY_ROW).nth(row).focus()
        self.page.keyboard.press("Enter")

    def tick_row(self, row: int) -> None:
        """Tick a row of the last table on the page."""
        table = self.page.get_by_test_id("stDataFrame").last
        table.click(position={"x": 20, "y": 35 * (row + 1.5)})
        settled(self.page)

    def connect_element451(self) -> None:
        """Enter what Element451 gave."""
        self.type("API URL", f"{self.sandbox.url}/v2")
        self.type("Feature token", FEATURE_TOKEN)
        self.press("Connect")
        self.reads("Element451 is connected.")

    def continue_to_salesforce(self) -> None:
        """Enter what the Salesforce administrator gave, up to Salesforce's own page."""
        self.type("Salesforce URL", self.sandbox.url)
        self.type("Client ID", CLIENT_ID)
        self.type("Secret Key", CLIENT_SECRET)
        self.press("Continue")
        expect(self.page.get_by_role("heading", name="Allow access?")).to_be_visible()

    def save_mappings(self, changes: str) -> None:
        """Review what was edited on the Mappings page, and save it."""
        self.press("Review and save")
        self.press(f"Save {changes}", self.page.get_by_role("dialog"))
        self.reads(f"{changes} saved as version")
