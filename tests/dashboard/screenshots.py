"""``python -m tests.dashboard.screenshots``: every page, wide and narrow, light and dark, in each state of a
school, as pictures to look at.

They go into the folder ``screenshots`` (which git ignores), as ``full-1280-light-logs.png``. States:
``empty`` (just installed), ``full`` (synced, a record failing, a run under way), ``failed`` (the same without
a run), ``waiting`` (a run asks for approval), ``failing`` (Salesforce must be connected again, the last run
failed).
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from syncer.application.commands import Commands
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter
from tests.support.browser import NARROW, WIDE, Scheme, open_page, running_browser, settled, watched_page
from tests.support.dashboard import Installed, running_dashboard
from tests.support.sandbox import ROOT, RunningSandbox, running_sandbox

FOLDER, DOCS = ROOT / "screenshots", ROOT / "docs"
VIEWS = sorted(path.parent.name for path in (ROOT / "dashboard" / "views").glob("*/view.py"))
MORE = {
    "waiting": {"waiting-run": "runs?run=3"},
    "failed": {"run": "runs?run=2", "version": "versions?version=1"},
}
"""What else is there to be seen in a state: its name, and its address."""
TALLEST = 4000
_HEIGHT = """() => document.querySelector('[data-testid="stMain"]').scrollHeight"""


def empty(installed: Installed) -> None:
    """Nothing to do: it was just set up."""


def full(installed: Installed) -> None:
    """Synced twice: people edited in between, and one record fails."""
    _synced(installed)
    installed.be_busy()


def waiting(installed: Installed) -> None:
    """A mistake that concerns many waits for somebody to approve it."""
    _synced(installed)
    guard = {"records": 500, "percent": 20, "at_least": 25}
    installed.configure(guard=guard)
    people = [
        row["Id"] for row in installed.sandbox.records("Contact") if row["Birthdate"] and not row["IsDeleted"]
    ][:80]
    installed.sandbox.edit_many("Contact", [{"Id": id, "Birthdate": None} for id in people])
    Commands(installed.application).tick(1)


def failing(installed: Installed) -> None:
    """Salesforce no longer accepts the sign-in."""
    _synced(installed)
    installed.sandbox.expire_tokens()
    installed.sandbox.fault(
        "status",
        status=400,
        body={"error": "invalid_grant", "error_description": "expired access/refresh token"},
        path="/token",
        times=-1,
    )
    installed.sync()


def failed(installed: Installed) -> None:
    """As ``full``, and nothing goes on."""
    _synced(installed)


STATES: dict[str, Callable[[Installed], None]] = {
    "empty": empty,
    "full": full,
    "waiting": waiting,
    "failing": failing,
    "failed": failed,
}


def _synced(installed: Installed) -> None:
    sandbox = installed.sandbox
    installed.connect()
    installed.configure()
    installed.sync()
    paired = [
        row
        for row in sandbox.records("Contact")
        if row["Element451_ID__c"] and row["MobilePhone"] and not row["IsDeleted"]
    ]
    sandbox.edit_element451("contact", {paired[0]["Element451_ID__c"]: {"user-last-name": ""}})
    sandbox.edit_element451(
        "contact",
        {row["Element451_ID__c"]: {"user-phone-cell-number": "+1 617 555 0123"} for row in paired[1:6]},
    )
    sandbox.delete("Contact", paired[6]["Id"])
    installed.sync()


@contextmanager
def school(state: str, sandbox: RunningSandbox) -> Iterator[tuple[str, Installed]]:
    """A school in this state, and the address of its dashboard."""
    sandbox.reset()
    sandbox.clear_faults()
    with tempfile.TemporaryDirectory() as folder:
        installed = Installed(Path(folder) / "data", sandbox)
        installed.application.check()
        STATES[state](installed)
        installed.application.close()
        with running_dashboard(installed.environment) as address:
            yield address, installed


def shoot(page: Page, path: Path) -> None:
    """A picture of the whole page, however long it is."""
    size = page.viewport_size or {"width": WIDE, "height": 900}
    page.set_viewport_size({"width": size["width"], "height": min(TALLEST, max(900, page.evaluate(_HEIGHT)))})
    photograph(page, path)
    page.set_viewport_size(size)


def photograph(page: Page, path: Path) -> None:
    """A picture of what is in sight, once all of it is drawn."""
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_timeout(300)  # tables are drawn anew at their new size, and nothing says when
    page.screenshot(path=path)


def pictures(
    browser: Browser, address: str, folder: Path, state: str, views: Sequence[str]
) -> Iterator[tuple[Path, bool]]:
    """Every page of one school, in each size and colour, and whether it broke."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for width in (WIDE, NARROW):
        for scheme in schemes:
            with watched_page(browser, width=width, scheme=scheme) as (page, _):
                addresses = {view: view.replace("overview", "").replace("_", "-") for view in views}
                for view, where in (addresses | MORE.get(state, {})).items():
                    open_page(page, f"{address}/{where}")
                    path = folder / f"{state}-{width}-{scheme}-{view}.png"
                    shoot(page, path)
                    yield path, page.get_by_test_id("stException").count() > 0


def for_the_readme(browser: Browser, sandbox: RunningSandbox) -> None:
    """The pictures that the README shows, into ``docs``."""
    with school("failed", sandbox) as (address, installed), watched_page(browser) as (page, _):
        for path in ("overview", "mappings"):
            open_page(page, f"{address}/{path.replace('overview', '')}")
            photograph(page, DOCS / f"{path}.png")
        entry = next(
            row
            for row in log_queries.entries(installed.application.database, LogFilter(status="failed"), 50)
            if row["code"] == "REQUIRED_FIELD_MISSING"
        )
        open_page(page, f"{address}/logs?entry={entry['entry']}")
        photograph(page, DOCS / "log-entry.png")
        open_page(page, f"{address}/student?record={entry['element_id']}")
        photograph(page, DOCS / "student.png")
        people = [
            row
            for row in sandbox.records("Contact")
            if row["MailingCity"] and row["MobilePhone"] and not row["IsDeleted"]
        ]
        moved = next(
            row["Element451_ID__c"]
            for row in people
            if row["Element451_ID__c"] not in (None, entry["element_id"])
        )
        sandbox.edit_element451(
            "contact", {moved: {"user-addresses-home-city": "Boston", "user-phone-cell-number": ""}}
        )
        open_page(page, f"{address}/preview?record={moved}")
        page.get_by_text("Both systems are being read").first.wait_for()
        installed.work()
        page.get_by_text("Element451 owns it").first.wait_for()
        settled(page)
        photograph(page, DOCS / "preview.png")


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0 when every picture was taken, 1 where a page broke."""
    broken: list[str] = []
    parser = argparse.ArgumentParser(
        prog="python -m tests.dashboard.screenshots",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--state", choices=list(STATES), action="append", help="only this state (several times: these)"
    )
    parser.add_argument(
        "--view", choices=VIEWS, action="append", help="only this page (several times: these)"
    )
    parser.add_argument(
        "--readme", action="store_true", help="instead, those that the README shows, into docs"
    )
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, help="where to put them (default: screenshots)"
    )
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    with running_browser() as browser, running_sandbox(300, 60) as sandbox:
        if options.readme:
            for_the_readme(browser, sandbox)
            return 0
        for state in options.state or STATES:
            with school(state, sandbox) as (address, _):
                for path, broke in pictures(browser, address, options.folder, state, options.view or VIEWS):
                    print(path.name, "BROKEN" * broke, flush=True)
                    broken += [path.name] * broke
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
