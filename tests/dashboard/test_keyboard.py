"""The Integration Logs without a mouse: from the top of the page to an entry, with the focus in sight."""

from playwright.sync_api import Browser, Locator, expect

from tests.dashboard.person import ENTRY_ROW
from tests.support.browser import open_page, settled, watched_page
from tests.support.dashboard import Installed, running_dashboard

UNSEEN = """() => {
    const one = document.activeElement;
    const seen = one.matches('body, input, textarea') || getComputedStyle(one).outlineStyle === 'solid';
    return seen ? '' : one.outerHTML.slice(0, 160);
}"""
"""What has the focus without a line around it; boxes to write in have one of Streamlit's."""
TABS = 60


def test_the_logs_are_read_by_keyboard_alone_and_the_focus_is_seen(
    failing: Installed, browser: Browser
) -> None:
    """From the top of the page to an entry, and back to the list."""
    failing.application.close()
    with (
        running_dashboard(failing.environment, failing.sandbox) as address,
        watched_page(browser) as (page, _),
    ):
        open_page(page, address)
        unseen = []

        def tab_to(what: Locator) -> None:
            for _ in range(TABS):
                page.keyboard.press("Tab")
                unseen.append(page.evaluate(UNSEEN))
                if what.evaluate("one => document.activeElement === one"):
                    return
            raise AssertionError(f"Tab does not lead to {what}")

        tab_to(page.get_by_test_id("stSidebarNav").get_by_role("link", name="Integration Logs"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name="Integration Logs")).to_be_visible()
        settled(page)
        third = page.locator(ENTRY_ROW).nth(2)
        who = third.locator("strong").text_content()
        tab_to(third)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Back to the entries")).to_be_visible()
        settled(page)
        expect(page.get_by_text(str(who)).first).to_be_visible()
        back = page.get_by_role("button", name="Back to the entries")
        back_is_focused = back.evaluate("one => document.activeElement === one")
        if not back_is_focused:
            tab_to(back)
        page.keyboard.press("Enter")
        expect(page.locator(ENTRY_ROW).first).to_be_visible()
    assert [one for one in unseen if one] == []
