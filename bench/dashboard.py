"""``python -m bench.dashboard``: the dashboard in a browser, with a million log entries and 100,000 pairs.

A school is connected to the sandbox and synced; then its database is filled. Each page is opened by somebody
who was never here before (a browser without a past): told are the time until its title is there, until all of
it is drawn, and what a filter takes; the median of several. Last, ten people have the dashboard open at once
and look at every page: told is the memory of its process before and then.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, insert

from bench.history import fill
from bench.pairs import FAMILY, pairs
from syncer.sync.pair_store import PAIRS
from tests.support.browser import NoBrowser, open_page, running_browser, settled, watched_page
from tests.support.dashboard import Installed, dashboard_process
from tests.support.sandbox import running_sandbox

BATCH = 2000
TIMES = 5
PEOPLE = 10


class View(NamedTuple):
    """A page that is measured, and what somebody does there."""

    name: str
    path: str
    did: str
    act: Callable[[Page], None]
    before: Callable[[Page], None] = lambda page: None
    """What is done first, untimed."""


def _only_failed(page: Page) -> None:
    page.get_by_label("Status", exact=True).click()
    page.get_by_role("option", name="failed").click()
    page.wait_for_url("**status=failed**")


def _somebody(page: Page) -> None:
    page.get_by_placeholder("Name, e-mail address or ID").fill(f"{FAMILY[1]} 11")
    page.keyboard.press("Enter")
    page.wait_for_url("**record=**")


def _search_fields(page: Page) -> None:
    page.get_by_placeholder("Label, key or value").fill("birth")
    page.keyboard.press("Enter")
    expect(page.get_by_text("user-first-name").first).to_be_hidden()


def _again(page: Page) -> None:
    page.reload()


def _row(name: str) -> Callable[[Page], None]:
    """Open the first row that has this text."""

    def act(page: Page) -> None:
        page.get_by_test_id("stMain").get_by_role("button", name=re.compile(name)).first.click()

    return act


def _find(page: Page) -> None:
    page.get_by_placeholder("Find a student: name, e-mail or ID").fill(f"{FAMILY[1]} 11")
    page.keyboard.press("Enter")


def _switch(page: Page) -> None:
    page.get_by_test_id("stMain").get_by_text("Create New", exact=True).first.click()
    expect(page.get_by_role("button", name="Review and save")).to_be_visible()


def _save(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("dialog").wait_for(state="hidden")


def _review(page: Page) -> None:
    _switch(page)
    page.get_by_role("button", name="Review and save").click()
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).wait_for()
    settled(page)


VIEWS = (
    View("Overview", "", "loaded again", _again),
    View("Mappings", "mappings", "a search among the fields", _search_fields),
    View("Integration Logs", "logs", "status: failed", _only_failed),
    View("Integration Logs", "logs", "a search for somebody", _somebody),
    View("Integration Logs", "logs", "an entry opened", _row(r"\d\d:\d\d")),
    View("Student", "student", "a search for somebody", _find),
    View("Runs", "runs", "a run opened", _row(r"Run \d+")),
    View("Versions", "versions", "loaded again", _again),
    View("Sync Preferences", "preferences", "a switch", _switch),
    View("Sync Preferences", "preferences", "saved", _save, _review),
    View("Connection", "connection", "loaded again", _again),
    View("Preview + Test", "preview", "loaded again", _again),
    View("Dry run", "dry-run", "loaded again", _again),
    View("Alerts", "alerts", "loaded again", _again),
    View("Audit trail", "audit", "loaded again", _again),
)


def fill_pairs(engine: Engine, total: int) -> None:
    """Write so many pairs."""
    source = pairs(total)
    while batch := list(islice(source, BATCH)):
        with engine.begin() as connection:
            connection.execute(insert(PAIRS), batch)


def opened(browser: Browser, address: str, view: View) -> tuple[float, float, float]:
    """Seconds until a stranger sees the title, until everything is drawn, and (from then on) until the
    filter's answer is."""
    with watched_page(browser) as (page, _):
        began = perf_counter()
        page.goto(f"{address}/{view.path}")
        page.get_by_role("heading", level=1).wait_for()
        title = perf_counter() - began
        settled(page)
        drawn = perf_counter() - began
        view.before(page)
        began = perf_counter()
        view.act(page)
        settled(page)
        return title, drawn, perf_counter() - began


def memory(pid: int) -> float:
    """MiB of memory that a process holds now."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def sessions(browser: Browser, address: str, pid: int) -> float:
    """MiB of the dashboard's process while so many people have it open, each of whom looked at every page."""
    with ExitStack() as open_pages:
        for _ in range(PEOPLE):
            page, _watch = open_pages.enter_context(watched_page(browser))
            for path in dict.fromkeys(view.path for view in VIEWS):
                open_page(page, f"{address}/{path}")
        return memory(pid)


def measure(entries: int, people: int, times: int) -> Iterator[str]:
    """Everything, line by line. Raises `NoBrowser`."""
    with (
        running_browser() as browser,
        running_sandbox(60, 8) as sandbox,
        tempfile.TemporaryDirectory(prefix="dashboard-") as folder,
    ):
        installed = Installed(Path(folder) / "data", sandbox)
        installed.connect()
        installed.configure()
        installed.sync()
        fill(installed.application.database, entries)
        fill_pairs(installed.application.database, people)
        installed.application.close()
        yield (
            f"{entries:,} log entries, {people:,} pairs; a page of a browser without a past, the median of"
            f" {times}"
        )
        yield f"{'page':18}{'title':>8}{'drawn':>8}{'then':>8}"
        with dashboard_process(installed.environment, sandbox) as (address, pid):
            opened(browser, address, VIEWS[0])  # the first one of all also pays for the process's own start
            before = memory(pid)
            for view in VIEWS:
                title, drawn, then = (
                    median(found)
                    for found in zip(*(opened(browser, address, view) for _ in range(times)), strict=True)
                )
                yield f"{view.name:18}{title:6.2f} s{drawn:6.2f} s{then:6.2f} s  {view.did}"
            yield (
                f"memory: {before:.0f} MiB with one session, {sessions(browser, address, pid):.0f} MiB with"
                f" {PEOPLE} sessions open"
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0 when everything was measured, 1 without a browser."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.dashboard",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--entries", type=int, default=1_000_000, metavar="N", help="log entries (default %(default)s)"
    )
    parser.add_argument("--pairs", type=int, default=100_000, metavar="N", help="pairs (default %(default)s)")
    parser.add_argument(
        "--times",
        type=int,
        default=TIMES,
        metavar="N",
        help="how often each page is opened (default %(default)s)",
    )
    options = parser.parse_args(arguments)
    try:
        for line in measure(options.entries, options.pairs, options.times):
            print(line, flush=True)
    except NoBrowser as reason:
        print(f"bench.dashboard: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
