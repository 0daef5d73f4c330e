"""A run that waits, approved in part in a real browser: what is ticked off is held, the rest is written, and
the button said how much (rule 19)."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from syncer.application.decisions import holds
from tests.dashboard.test_story import at_work
from tests.dashboard.test_waiting_run import EMPTIED, RENAMED, wait_after_a_mistake, written
from tests.support.browser import settled
from tests.support.dashboard import Installed

pytestmark = pytest.mark.long


def test_a_record_and_a_field_are_left_out_and_the_rest_goes(tmp_path: Path, browser: Browser) -> None:
    def prepare(installed: Installed) -> None:
        installed.connect()
        installed.configure()
        installed.sync()
        wait_after_a_mistake(installed)

    with at_work(tmp_path, browser, prepare) as (me, installed):
        me.page.get_by_role("link", name="Look at it, then approve or reject").click()
        me.reads("Why it stopped.", f"Approve {EMPTIED} blanks and {RENAMED} changes")
        me.choose("Kind of change", "Changes")
        table = me.page.get_by_test_id("stDataFrame").last
        table.click(position={"x": 35, "y": 35 * 3.5})
        settled(me.page)
        me.reads("Left out: 1 record")
        me.choose("Fields", "Date of Birth")
        me.page.keyboard.press("Escape")
        settled(me.page)
        expect(me.page.get_by_role("button", name="Approve 12")).to_be_disabled()
        me.press("Leave these out and let the rest go")
        me.press(f"Approve {RENAMED - 1} changes", me.page.get_by_role("dialog"))
        me.reads("Counted, and approved, before its first write")
        assert written(installed, 2) == {"change": RENAMED - 1}
        (hold,) = holds.holds(installed.application)
        assert hold["records"] == EMPTIED + 1
