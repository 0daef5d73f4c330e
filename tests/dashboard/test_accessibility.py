"""Whoever cannot see the screen, or cannot use a mouse, can use every page and every dialog: axe-core finds
nothing serious or critical, what is read out is in words, and each table that is drawn on a canvas is used by
keyboard."""

import ast
import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, Locator, Page, expect

from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter
from tests.dashboard.screenshots import VIEWS
from tests.dashboard.test_waiting_run import wait_after_a_mistake
from tests.dashboard.test_work_list import unlist_a_value
from tests.support.browser import Scheme, open_page, settled, turn_to, watched_page
from tests.support.dashboard import Installed, running_dashboard
from tests.support.sandbox import ROOT

GRAVE = {"serious", "critical"}
BOTH_SCHEMES = pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.variation)])
UNREADABLE = re.compile(r":\w+\[|:material/|\*\*|\[object |^[a-z]+_[a-z_]+$")
"""Markdown, the code of an icon, or the name of one: what nobody should have read out."""
NAMES = """() => [...document.querySelectorAll('[aria-label], [aria-description], [title], [alt]')].flatMap(
    one => ['aria-label', 'aria-description', 'title', 'alt'].map(name => one.getAttribute(name) ?? ''))"""
TABS = 60
SELECTED = """grid => grid.querySelector('td[aria-selected="true"]')?.id ?? ''"""
"""The cell of a table in which somebody is who uses the keyboard."""


def findings(page: Page) -> Iterator[str]:
    """What axe-core finds serious or critical on a page: the rule, where, and why; and what is not to be read
    out."""
    for found in Axe().run(page).response["violations"]:
        if found["impact"] in GRAVE:
            for node in found["nodes"]:
                yield f"{found['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')}"
    for name in page.evaluate(NAMES):
        if UNREADABLE.search(name):
            yield f"not to be read out: {name}"


def pages() -> list[str]:
    """Every page, by the end of its address."""
    return ["" if view == "overview" else view.replace("_", "-") for view in VIEWS]


def places(installed: Installed) -> list[str]:
    """The address of a page with an entry, with a run, and with a student."""
    entry = log_queries.entries(installed.application.database, LogFilter(), 1)[0]
    installed.application.close()
    return [
        f"logs?entry={entry['entry']}",
        f"student?record={entry['element_id'] or entry['salesforce_id']}",
        "runs?run=1",
    ]


@BOTH_SCHEMES
def test_nothing_grave_is_found_on_any_page(busy: Installed, browser: Browser, scheme: Scheme) -> None:
    with (
        running_dashboard(busy.environment, busy.sandbox) as address,
        watched_page(browser, scheme=scheme) as (page, _),
    ):
        found = {}
        open_page(page, address)
        for place in pages():
            turn_to(page, place)
            found[place] = list(findings(page))
        for place in places(busy):
            open_page(page, f"{address}/{place}")
            settled(page)
            found[place] = list(findings(page))
    assert [f"{place}: {one}" for place, some in found.items() for one in some] == []


def called(name: str) -> set[str]:
    """The files of the dashboard that call this function of Streamlit, below its folder."""
    root = ROOT / "dashboard"
    return {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == name
    }


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    settled(page)


def choose(page: Page, label: str, at: int = 1) -> None:
    """Choose from a list, by keyboard: the first, or the one at this place."""
    page.get_by_role("combobox", name=label).focus()
    for _ in range(at):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settled(page)


def remedy(page: Page) -> None:
    press(page, "Add it to the value map")


def preferences(page: Page) -> None:
    page.get_by_test_id("stCheckbox").filter(has_text="Create New").locator("label").first.click()
    settled(page)
    press(page, "Review and save")


def why(page: Page) -> None:
    choose(page, "Why does a field hold what it holds?")


def mappings(page: Page) -> None:
    by_keyboard(page, page.get_by_test_id("stDataFrame").filter(visible=True).last, row=5)
    page.keyboard.press("Space")
    settled(page)
    press(page, "Remove 1")
    press(page, "Review and save")


def mapping(page: Page) -> None:
    """It is open by its address."""


def leave_out(page: Page) -> None:
    fields = page.get_by_role("combobox", name="Fields")
    fields.click()
    fields.press("ArrowDown")  # opens the list where the click has closed it
    page.get_by_role("option").first.click()
    page.keyboard.press("Escape")
    settled(page)
    press(page, "Leave these out and let the rest go")


def restore(page: Page) -> None:
    press(page, "Restore this version")


DIALOGS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "views/overview/remedy.py": ("", remedy),
    "views/preferences/view.py": ("preferences", preferences),
    "views/student/why_dialog.py": ("student?record={student}", why),
    "views/mappings/saving.py": ("mappings", mappings),
    "views/mappings/dialogs.py": ("mappings?field=user-gender/hed__Gender__c", mapping),
    "views/runs/decision.py": ("runs?run={waiting}", leave_out),
    "views/versions/transfer.py": ("versions?version=1", restore),
}
"""Each file that has a dialog: where it is opened, and how."""


def by_keyboard(page: Page, grid: Locator, row: int = 2, column: int = 0) -> None:
    """Come to a table by Tab alone, and in it to a cell: by default, the first of the third row."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if grid.evaluate("grid => document.activeElement === grid.querySelector('canvas')"):
            break
    else:
        raise AssertionError("Tab does not lead into the table")
    at, there = "", f"glide-cell-{column}-{row}"
    while at != there:
        page.keyboard.press("ArrowDown")
        page.wait_for_function(f"([grid, at]) => ({SELECTED})(grid) !== at", arg=[grid.element_handle(), at])
        at = grid.evaluate(SELECTED)
        assert not at.endswith(f"-{row + 1}"), "it goes down row by row"


def why_of_third(page: Page) -> None:
    """Its cells cannot be pressed by keyboard: the list before it opens the row."""
    grid = page.get_by_test_id("stDataFrame").first
    name = grid.locator("#glide-cell-0-2").text_content()
    choose(page, "Why does a field hold what it holds?", 3)
    expect(page.get_by_role("dialog")).to_contain_text(f"{name}: why?")


def edit_third(page: Page) -> None:
    grid = page.get_by_test_id("stDataFrame").filter(visible=True).last
    name = grid.locator("#glide-cell-2-2").text_content()
    by_keyboard(page, grid)
    page.keyboard.press("Space")
    settled(page)
    edit = page.get_by_role("button", name="Edit it")
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if edit.evaluate("edit => document.activeElement === edit"):
            break
    page.keyboard.press("Enter")
    chosen = page.get_by_role("dialog").get_by_role("combobox", name="Element451").first
    expect(chosen).to_have_value(re.compile(re.escape(str(name))))


def suggest_all_but_third(page: Page) -> None:
    page.get_by_text("fields with like names").focus()
    heading = page.locator("summary").filter(has_text="fields with like names")
    if heading.evaluate("one => !one.parentElement.open"):
        heading.focus()
        page.keyboard.press("Enter")
        settled(page)
    before = page.get_by_role("button", name=re.compile(r"^Add \d+$")).text_content()
    by_keyboard(page, page.get_by_test_id("stDataFrame").filter(visible=True).first)
    page.keyboard.press("Space")
    settled(page)
    expect(page.get_by_role("button", name="Dismiss the 1 unticked")).to_be_visible()
    assert page.get_by_role("button", name=re.compile(r"^Add \d+$")).text_content() != before


def map_third_value(page: Page) -> None:
    grid = page.get_by_role("dialog").get_by_test_id("stDataFrame").first
    expect(page.get_by_role("dialog")).to_contain_text("Value map (4)")
    by_keyboard(page, grid, column=1)  # beside the mark of the row
    page.keyboard.press("Delete")
    settled(page)
    expect(page.get_by_role("dialog")).to_contain_text("Value map (3)")


def leave_third_out(page: Page) -> None:
    """Its names cannot be pressed by keyboard either: the list before it opens them."""
    grid = page.get_by_test_id("stDataFrame").filter(visible=True).last
    name = grid.locator("#glide-cell-1-2").text_content()
    by_keyboard(page, grid)
    page.keyboard.press("Space")
    settled(page)
    expect(page.get_by_text("Left out: 1 record")).to_be_visible()
    choose(page, "Open a student of this page", 3)
    expect(page.get_by_role("heading", name=str(name))).to_be_visible()


GRIDS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "views/student/fields.py": ("student?record={student}", why_of_third),
    "views/mappings/grid.py": ("mappings", edit_third),
    "views/mappings/value_map.py": ("mappings?field=user-gender/hed__Gender__c", map_third_value),
    "views/runs/waiting_list.py": ("runs?run={waiting}", leave_third_out),
    "views/mappings/suggestions.py": ("mappings", suggest_all_but_third),
}
"""Each file that has a table on a canvas: where it is, and what is done in its third row by keyboard."""


def test_every_dialog_and_every_table_on_a_canvas_is_listed() -> None:
    assert called("dialog") == set(DIALOGS)
    assert called("dataframe") | called("data_editor") == set(GRIDS)


def map_fewer(installed: Installed) -> None:
    """So few that there are three suggestions or more."""
    _, document = installed.application.configuration.current() or (0, None)
    assert document
    named = ("FirstName", "MailingStreet", "MailingCity")
    rows = document["mappings"]["contact"]
    document["mappings"]["contact"] = [row for row in rows if row["salesforce"] not in named]
    installed.application.configuration.store(document)


@BOTH_SCHEMES
def test_dialogs_and_tables_are_for_everybody(synced: Installed, browser: Browser, scheme: Scheme) -> None:
    unlist_a_value(synced)
    wait_after_a_mistake(synced)
    student = synced.sandbox.records("Contact")[0]["Id"]
    known = {"student": student, "waiting": "3"}
    synced.application.close()
    found: list[str] = []
    with running_dashboard(synced.environment, synced.sandbox) as address:
        for name, (place, do) in [*DIALOGS.items(), *GRIDS.items()]:
            with watched_page(browser, scheme=scheme) as (page, _):
                if do is suggest_all_but_third:
                    map_fewer(synced)
                open_page(page, f"{address}/{place.format(**known)}")
                do(page)
                if DIALOGS.get(name, (None, None))[1] is do:
                    expect(page.get_by_role("dialog")).to_be_visible()
                    settled(page)
                    found += [f"{name}: {one}" for one in findings(page)]
    assert found == []
