"""A hasty mapping, saved and synced, is put back in a real browser: what comes back, what is put back and
what stays is shown before the one button that does it (rule 21)."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.dashboard.test_story import at_work
from tests.dashboard.test_version_put_back import held, swap_two_genders
from tests.support.dashboard import Installed

pytestmark = pytest.mark.long


def test_a_hasty_mapping_is_put_back_in_four_clicks_at_most(tmp_path: Path, browser: Browser) -> None:
    wanted: list[Any] = []

    def prepare(installed: Installed) -> None:
        installed.connect()
        installed.configure()
        installed.sync()
        before = held(installed)
        swap_two_genders(installed)
        installed.sync()
        after = held(installed)
        edited = next(one for one, was in zip(after[0], before[0], strict=True) if one != was)[0]
        installed.sandbox.edit_element451("contact", {edited: {"user-gender": "N"}})
        wanted.extend([[(one, "N" if one == edited else was) for one, was in before[0]], before[1]])

    with at_work(tmp_path, browser, prepare) as (me, installed):
        written, hasty = len(me.sandbox.journal()), held(installed)
        with me.step("put a hasty mapping back"):
            me.go_to("Versions")
            me.press("Back to version 1, and put back what it did")
            me.reads("Settings that come back", "1 changed since, and left")
            confirm = me.page.get_by_role("button", name=re.compile("^Bring the settings back and put"))
            expect(confirm).to_be_enabled()
            [said] = re.findall(r"\d+", confirm.inner_text())
            assert len(me.sandbox.journal()) == written
            confirm.click()
            me.reads(f"is done: {said} written, 0 failed")
        print(me.table())
        assert me.clicks() <= 4
        assert held(installed) == wanted
        restored = {one for (one, was), (_, now) in zip(hasty[0], wanted[0], strict=True) if was != now}
        assert {line["id"] for line in me.sandbox.journal()[written:]} == restored
        assert len(restored) == int(said)
