"""Students with hostile names and values, on every page that shows them: as text, in a real browser."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from syncer.infra.database.tables import EntryRow, table
from tests.support.browser import open_page, turn_to
from tests.support.dashboard import Installed, running_dashboard
from tests.support.sandbox import RunningSandbox

FIRST = "<img src=x onerror=document.title='taken'>"
LAST = "*b* :red[x] [l](https://evil.example) $x$"
ERROR = "<b>no</b> https://evil.example **x** :smile: :material/home: \u202etxt"
MADE = ".stApp a[href*='evil'], .stApp img[onerror], .stApp .katex, .stApp script, .stApp iframe"
ENTRIES = table(EntryRow)


@pytest.fixture(scope="module")
def sandbox(running: RunningSandbox) -> RunningSandbox:
    running.reset(contacts=30, conversations=6)
    names = {"user-first-name": FIRST[:40], "user-last-name": LAST}
    running.edit_element451(
        "contact", {str(row["user-elementid"]): names for row in running.records("contact", "element451")}
    )
    return running


@pytest.fixture
def entries(synced: Installed) -> list[int]:
    """The number of an entry that failed with a hostile error, and those of a hostile student's."""
    with synced.application.database.begin() as connection:
        rows = connection.execute(select(ENTRIES.c.id, ENTRIES.c.changes).order_by(ENTRIES.c.id.desc())).all()
        hostile = [row.id for row in rows if LAST in repr(row.changes)][:2]
        assert hostile
        failing = {"status": "failed", "reason": ERROR, "detail": ERROR, "code": "EVIL_<b>"}
        connection.execute(update(ENTRIES).where(ENTRIES.c.id == hostile[0]).values(failing))
    synced.application.close()
    return hostile


def test_every_page_shows_hostile_students_as_text(synced: Installed, entries: list[int], page: Page) -> None:
    element_id = next(str(row["user-elementid"]) for row in synced.sandbox.records("contact", "element451"))
    places = ["logs", "runs", "mappings", "preview", "dry-run", "audit"]
    with running_dashboard(synced.environment, synced.sandbox) as address:
        open_page(page, address)
        for place in ["", *places]:
            turn_to(page, place)
            assert page.title() == "Element451 ⇄ Salesforce", place
            assert page.locator(MADE).count() == 0, place
        for place in [
            "student?find=%3Cimg%20src%3Dx",
            *(f"logs?entry={entry}" for entry in entries),
            "runs?run=1",
            f"preview?element_id={element_id}",
            f"logs?record={element_id}",
            f"student?record={element_id}",
        ]:
            open_page(page, f"{address}/{place}")
            assert page.title() == "Element451 ⇄ Salesforce", place
            assert page.locator(MADE).count() == 0, place
        open_page(page, f"{address}/logs?entry={entries[0]}")
        expect(
            page.get_by_text("<b>no</b> https://evil.example **x** :smile: :material/home: ⟨U+202E⟩txt").first
        ).to_be_visible()
        expect(page.get_by_text(LAST).first).to_be_attached()
