"""The audit trail as an administrator reads it; what is in it is held by `tests/journal/test_audit.py`."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from dashboard.shared.errors import DATABASE_UNREACHABLE
from syncer.core.permissions import Action, Actor, Role
from syncer.journal import audit
from tests.support.browser import open_page
from tests.support.dashboard import Installed, open_view, press, running_dashboard, texts

VIEW = "views/audit/view.py"
ANN, BOB = Actor("ann@school.edu", Role.ADMIN), Actor("bob@school.edu", Role.ANALYST)


def act(installed: Installed, times: int) -> None:
    for number in range(times):
        person, what = (ANN, Action.APPROVE) if number % 2 else (BOB, Action.RETRY)
        audit.authorize(installed.application.database, person, what, f"number {number}", field="=1+1")


def acts(page: AppTest) -> list[dict[str, str]]:
    """The rows of the trail, without the signs that keep Markdown from reading values."""
    return [
        {name: value.replace("\\", "").replace(":small{}", "") for name, value in row.items()}
        for row in page.table[0].value.to_dict("records")
    ]


def test_where_nobody_did_anything_the_page_says_how_to_begin(installation: Installed) -> None:
    page = open_view(VIEW)
    assert "Nobody did anything yet" in page.info[0].value
    assert not page.table


def test_the_newest_act_is_on_top_with_who_what_and_when(connected: Installed) -> None:
    act(connected, 2)
    first = acts(open_view(VIEW))[0]
    assert [line.strip() for line in first["Who"].split("\n")] == [
        "ann@school.edu",
        ":small[:gray[Administrator]]",
    ]
    assert [line.strip() for line in first["What"].split("\n")] == [
        "**approve a run**",
        "number 1",
        ":small[:gray[field: =1+1]]",
    ]


def test_older_ones_come_a_page_at_a_time(connected: Installed) -> None:
    act(connected, 130)
    page = open_view(VIEW)
    assert len(acts(page)) == 100
    press(page, "Older")
    assert "number 29" in acts(page)[0]["What"]
    assert [button.disabled for button in page.button if button.label == "Older"] == [True]
    press(page, "Newest")
    assert "number 129" in acts(page)[0]["What"]


def test_one_person_or_one_sort_of_act_is_shown_alone(connected: Installed) -> None:
    act(connected, 6)
    page = open_view(VIEW)
    who, what = page.selectbox
    who.select("bob@school.edu").run()
    assert {row["Who"].split()[0] for row in acts(page)} == {"bob@school.edu"}
    what.select("approve a run").run()
    assert page.info[0].value == "Nobody did anything like that."
    assert "before" not in page.query_params


@pytest.mark.parametrize("who", ["viewer", "analyst"])
def test_others_than_administrators_are_told_whom_to_ask(
    connected: Installed, people: None, who: str
) -> None:
    page = open_view(VIEW, by=f"{who}@school.edu")
    assert "Ask an administrator" in page.error[0].value
    assert not page.table
    assert not page.selectbox


def test_an_administrator_who_signed_in_reads_it(connected: Installed, people: None) -> None:
    assert acts(open_view(VIEW, by="admin@school.edu"))


def test_it_is_there_while_a_run_goes_on(busy: Installed) -> None:
    assert acts(open_view(VIEW))


def test_a_database_that_is_away_is_said_in_a_sentence(connected: Installed) -> None:
    with connected.application.database.begin() as connection:
        connection.execute(text("DROP TABLE audit"))
    page = open_view(VIEW)
    assert page.error[0].value.replace("\\", "") == DATABASE_UNREACHABLE
    assert "Audit trail" in texts(page)


def test_the_whole_trail_is_a_file_that_a_spreadsheet_opens_harmlessly(
    connected: Installed, page: Page
) -> None:
    audit.authorize(connected.application.database, ANN, Action.RETRY, '=HYPERLINK("http://evil.example")')
    with running_dashboard(connected.environment) as address:
        open_page(page, f"{address}/audit")
        with page.expect_download() as downloading:
            page.get_by_role(
                "button", name="Download as CSV"
            ).click()  # the only one: Streamlit's own export is off
        lines = downloading.value.path().read_text("utf-8-sig").splitlines()
        expect(page.get_by_role("heading", name="Audit trail")).to_be_visible()
    assert lines[0] == "When,Who,Role,What,About,More"
    assert "'=HYPERLINK" in lines[1]
    assert "ann@school.edu,Administrator,retry," in lines[1]
