"""Whoever cannot see the screen, or cannot use a mouse, can use every page: axe-core finds nothing serious or
critical."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, Page

from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter
from tests.dashboard.screenshots import VIEWS
from tests.support.browser import Scheme, open_page, settled, watched_page
from tests.support.dashboard import Installed, running_dashboard

GRAVE = {"serious", "critical"}


def findings(page: Page) -> Iterator[str]:
    """What axe-core finds serious or critical on a page: the rule, where, and why."""
    for found in Axe().run(page).response["violations"]:
        if found["impact"] in GRAVE:
            for node in found["nodes"]:
                yield f"{found['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')}"


def places(installed: Installed) -> list[str]:
    """The address of every page, with an entry, a run, and a student."""
    entry = log_queries.entries(installed.application.database, LogFilter(), 1)[0]
    installed.application.close()
    return [
        *("" if view == "overview" else view.replace("_", "-") for view in VIEWS),
        f"logs?entry={entry['entry']}",
        f"student?record={entry['element_id'] or entry['salesforce_id']}",
        "runs?run=1",
    ]


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.variation)])
def test_nothing_grave_is_found_on_any_page(busy: Installed, browser: Browser, scheme: Scheme) -> None:
    with (
        running_dashboard(busy.environment, busy.sandbox) as address,
        watched_page(browser, scheme=scheme) as (page, _),
    ):
        found = {}
        for place in places(busy):
            open_page(page, f"{address}/{place}")
            settled(page)
            found[place] = list(findings(page))
    assert [f"{place}: {one}" for place, some in found.items() for one in some] == []
