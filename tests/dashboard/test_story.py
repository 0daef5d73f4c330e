"""What the dashboard is for, done by clicking as a person would: worker, dashboard, both systems and the
browser are real."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, expect

from syncer.application.commands import Commands
from syncer.infra.settings.environment import CALLBACK_PATH
from tests.dashboard.counted import Counted
from tests.dashboard.person import ENTRY_ROW, Somebody
from tests.support.browser import open_page, settled, watched_page
from tests.support.dashboard import Installed, free_port
from tests.support.sandbox import running_sandbox
from tests.worker.installation import eventually, processes

pytestmark = pytest.mark.long

NO_TICKS = "86400"


@contextmanager
def at_work(
    folder: Path, browser: Browser, prepare: Callable[[Installed], None] = lambda installed: None
) -> Iterator[tuple[Counted, Installed]]:
    """Somebody before an installation at work (``python -m worker all``) beside a school of sixty; nothing
    happens by the clock."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = {"PUBLIC_URL": address, "DASHBOARD_PORT": str(port), "SYNC_INTERVAL_SECONDS": NO_TICKS}
    with running_sandbox(60, 8, callbacks=[address + CALLBACK_PATH]) as sandbox:
        installed = Installed(folder / "data", sandbox, **settings)
        prepare(installed)
        installed.application.close()
        with processes(installed.environment) as worker, watched_page(browser) as (page, _):
            worker.start("all")
            eventually(lambda: is_up(address))
            me = Counted(page, address, sandbox)
            open_page(page, address)
            yield me, installed


def is_up(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.mark.timeout(400)
def test_from_an_empty_database_to_a_first_sync_that_somebody_approves_and_live(
    tmp_path: Path, browser: Browser
) -> None:
    with at_work(tmp_path, browser) as (me, installed):
        me.reads("First steps", "0 of 9 done")
        with me.step("connect both systems"):
            connect(me)
        with me.step("choose the objects"):
            me.follow("Next step")
            me.press("Use these")
            me.reads("5. Map the fields")
        with me.step("map the fields"):
            map_what_is_suggested(me, installed)
        with me.step("choose the preferences"):
            choose_preferences(me)
        with me.step("preview and test"):
            preview_and_test(me)
        with me.step("sync and approve"):
            sync_and_approve(me)
        with me.step("go live"):
            go_live(me, installed)
        print(me.table())
        assert me.clicks() <= 40
        assert me.clicks("map the fields") <= 15


def connect(me: Counted) -> None:
    """Both systems."""
    me.follow("Open")
    me.connect_element451()
    me.continue_to_salesforce()
    me.press("Allow")
    me.reads("Salesforce is connected.", "Organization")


def map_what_is_suggested(me: Counted, installed: Installed) -> None:
    """What is suggested, all at once, saved as one version: more than eight fields, with a date, several
    values from a list, and a value map."""
    me.follow("Open")
    me.page.get_by_role("button", name=re.compile(r"Add \d+$")).click()
    settled(me.page)
    me.press("Review and save")
    me.page.get_by_role("dialog").get_by_role("button", name=re.compile(r"Save \d+ changes")).click()
    me.reads("saved as version")
    current = installed.application.configuration.current()
    assert current
    found = {row["salesforce"]: row for row in current[1]["mappings"]["contact"]}
    assert len(found) >= 10, "eight, besides both IDs"
    assert {"Birthdate", "hed__Race__c"} <= set(found)
    assert any(row.get("values") for row in found.values())


def choose_preferences(me: Counted) -> None:
    """Everything on, everybody exported."""
    me.go_to("Overview")
    me.follow("Open")
    me.flip("Create New")
    me.pick("Update Existing and Import New")
    me.pick("All contacts")
    me.press("Review and save")
    me.press("Save", me.page.get_by_role("dialog"))
    me.reads("Saved as version 3.")


def preview_and_test(me: Counted) -> None:
    """One person, both ways: nothing is written until Test is pressed, and then for this person alone."""
    person = next(
        row for row in me.sandbox.records("contact", "element451") if row.get("user-identities-salesforceid")
    )
    before = len(me.sandbox.journal())
    me.go_to("Preview + Test")
    me.type("Salesforce ID or Element451 user", person["user-elementid"])
    me.page.keyboard.press("Enter")
    settled(me.page)
    me.press("Preview")
    me.reads("Salesforce owns it", "Element451 owns it")
    assert len(me.sandbox.journal()) == before
    me.press("Test")
    me.press("Yes, do it for this record")
    me.reads("What the test did")
    written = {line["id"] for line in me.sandbox.journal()[before:]}
    assert written <= {person["user-elementid"], person["user-identities-salesforceid"]}


def sync_and_approve(me: Counted) -> None:
    """The first run would do a lot, so it asks; approved, it goes on."""
    before = len(me.sandbox.journal())
    me.go_to("Overview")
    me.press("Sync now")
    me.reads("waits for approval, and wrote nothing")
    assert len(me.sandbox.journal()) == before
    me.page.get_by_role("link", name="Look at it, then approve or reject").click()
    me.reads("What it would do", "It would touch")
    me.page.get_by_role("button", name=re.compile("^Approve ")).click()
    me.reads("Counted, and approved, before its first write")
    assert len(me.sandbox.journal()) > before + 30


def go_live(me: Counted, installed: Installed) -> None:
    """Until then the clock starts nothing."""
    assert Commands(installed.application).tick(int(time.time())) is None
    me.go_to("Overview")
    me.reads("Not live yet")
    me.press("Go live")
    expect(me.page.get_by_text("Not live yet")).to_have_count(0)
    expect(me.page.get_by_role("heading", name="First steps")).to_have_count(0)


def test_a_failed_record_is_found_understood_corrected_and_retried(tmp_path: Path, browser: Browser) -> None:
    person: dict[str, str] = {}

    def prepare(installed: Installed) -> None:
        installed.connect()
        installed.configure()
        installed.sync()
        person.update(next(row for row in silent(installed) if row.get("user-identities-salesforceid")))
        installed.sandbox.edit_element451("contact", {person["user-elementid"]: {"user-last-name": ""}})

    with at_work(tmp_path, browser, prepare) as (me, _):
        me.press("Sync now")
        me.reads("A required field would be empty")
        me.page.goto(f"{me.page.url.rstrip('/')}/logs?code=REQUIRED_FIELD_MISSING")
        me.open_row(0)
        me.reads("What to do:", "Last Name")
        correct_last_name(me, person["user-elementid"], "Corrected")
        me.press("Retry")
        me.reads("Done again in run", "Retry of entry")
        assert any(
            row["Id"] == person["user-identities-salesforceid"] and row["LastName"] == "Corrected"
            for row in me.sandbox.records("Contact")
        )
        me.press("Back to the entries")
        settled(me.page)  # what is pressed while the list takes its place may move away
        me.press("Clear filters")
        settled(me.page)
        expect(me.page.locator(ENTRY_ROW).first).to_contain_text("updated")


def test_a_hasty_value_is_explained_and_put_back_and_the_student_is_held(
    tmp_path: Path, browser: Browser
) -> None:
    person: dict[str, str] = {}

    def prepare(installed: Installed) -> None:
        installed.connect()
        installed.configure()
        installed.sync()
        person.update(next(row for row in silent(installed) if row.get("user-identities-salesforceid")))
        installed.sandbox.clock(advance=3600)
        installed.sandbox.edit_element451("contact", {person["user-elementid"]: {"user-first-name": "Hasty"}})
        installed.sync()

    with at_work(tmp_path, browser, prepare) as (me, _):
        me.type("Find a student", person["user-elementid"])
        me.page.keyboard.press("Enter")
        me.reads("What happened", "all known values agree", f"{person['user-first-name']} → Hasty")
        me.choose("Why does a field hold what it holds?", "First Name")
        me.reads("First Name: why?", "Element451 owns it since settings version")
        me.press(f"Put back in Salesforce: {person['user-first-name']}")
        me.reads("Values: 1 put back. What was put back is held, so that it stays.")
        names = {row["Id"]: row["FirstName"] for row in me.sandbox.records("Contact")}
        assert names[person["user-identities-salesforceid"]] == person["user-first-name"]
        me.press("Hold")
        me.type("Reason", "asked by the dean")
        me.press("Hold this student")
        me.reads("It is held: the sync leaves it as it is.")
        me.press("Release")
        me.reads("Released: it goes with the next run.")


def silent(installed: Installed) -> list[dict[str, str]]:
    """The contacts without a conversation: done alone, so that their entry is the newest."""
    talking = {
        row.get("conversation-user-elementid")
        for row in installed.sandbox.records("conversation", "element451")
    }
    return [
        row
        for row in installed.sandbox.records("contact", "element451")
        if row["user-elementid"] not in talking
    ]


def correct_last_name(me: Somebody, element_id: str, name: str) -> None:
    """In Element451's own screen, in another tab."""
    tab = me.page.context.new_page()
    tab.goto(f"{me.sandbox.url}/people/{element_id}")
    tab.get_by_label("Last Name").fill(name)
    tab.get_by_role("button", name="Save").first.click()
    expect(tab.get_by_text("Saved.")).to_be_visible()
    tab.close()


@pytest.mark.variation  # what a restored version does is shown by the page's own tests, without a worker
def test_an_old_version_of_the_mappings_is_restored(tmp_path: Path, browser: Browser) -> None:
    def prepare(installed: Installed) -> None:
        installed.connect()
        installed.configure()

    with at_work(tmp_path, browser, prepare) as (me, installed):
        me.go_to("Mappings")
        me.tick_row(5)
        me.press("Remove 1")
        me.save_mappings("1 change")
        me.reads("15 mapped fields")
        me.go_to("Versions")
        me.page.get_by_role("button", name="Open", exact=True).nth(1).click()
        me.press("Restore this version")
        me.press("Restore", me.page.get_by_role("dialog"))
        me.reads("Version 1 was restored.")
        me.go_to("Mappings")
        me.reads("16 mapped fields")
        current = installed.application.configuration.current()
        assert current
        assert current[1] == installed.application.configuration.document(1)
