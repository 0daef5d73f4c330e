"""Integration Logs: found, filtered, opened, understood, and done again."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update
from streamlit.testing.v1 import AppTest

from dashboard import mishaps
from dashboard.parts import log_csv, log_table
from syncer import history, requests
from syncer.history import Chosen
from syncer.pairs import PAIRS
from syncer.people import NotPermitted, Person, Role
from tests.support.dashboard import Installed, open_view, rows, texts
from tests.support.sandbox import Row
from worker.enqueue import Desk

LOGS = "views/logs.py"
MISSING = "REQUIRED_FIELD_MISSING"


@pytest.fixture(scope="module")
def people_who_fail(sandbox: Any) -> list[str]:
    """The Element IDs of those whose last names somebody emptied."""
    return [str(row["Element451_ID__c"]) for row in sandbox.records("Contact") if row["Element451_ID__c"] and row["MobilePhone"]][:6]


@pytest.fixture(scope="module")
def _with_failures(tmp_path_factory: pytest.TempPathFactory, _synced: Installed, people_who_fail: list[str]) -> Installed:
    made = _synced.copy_to(tmp_path_factory.mktemp("failing") / "data")
    made.sandbox.clock(advance=3600)
    made.sandbox.edit_element451("contact", {one: {"user-last-name": ""} for one in people_who_fail})
    made.sync()
    made.application.close()
    return made


@pytest.fixture
def school(tmp_path: Path, _with_failures: Installed, environment: Callable[[Installed], Installed]) -> Installed:
    """Synced twice: some people fail, because their last names are gone."""
    return environment(_with_failures.copy_to(tmp_path / "data"))


def entries(school: Installed, **chosen: Any) -> list[dict[str, Any]]:
    return history.entries(school.application.engine, Chosen(**chosen), 1000)


def failed(school: Installed, record: str) -> dict[str, Any]:
    return entries(school, record=record, status="failed")[0]


def click(page: AppTest, label: str) -> AppTest:
    button = next(button for button in page.button if button.label == label)
    assert not button.disabled, button.help
    return button.click().run()


def button(page: AppTest, label: str) -> Any:
    return next(button for button in page.button if button.label == label)


def choose(page: AppTest, school: Installed, *places: int) -> AppTest:
    """Tick rows of the list."""
    shown = history.page(school.application.engine, Chosen(status=page.query_params.get("status")), log_table.ROWS).entries
    key = f"entries {shown[0]['entry']}-{shown[-1]['entry']}-{len(shown)}"
    page.session_state[key] = {"selection": {"rows": list(places), "columns": [], "cells": []}}
    return page.run()


def links(page: AppTest, sort: str) -> list[str]:
    return [str(found.proto.label) for found in page.get(sort)]


def name_of(sandbox_row: Row) -> str:
    return f"{sandbox_row['FirstName']} {sandbox_row['LastName']}"


# --- before there is anything


def test_an_empty_log_says_what_comes_first(installation: Installed) -> None:
    said = texts(open_view(LOGS))
    assert "Nothing has been synced yet" in said
    assert links(open_view(LOGS), "page_link") == ["Connect both systems"]


def test_once_all_is_set_up_the_empty_log_leads_to_the_first_sync(connected: Installed) -> None:
    assert links(open_view(LOGS), "page_link") == ["Go to the overview and choose Sync now"]


# --- the list


def test_the_list_names_everybody_newest_first(school: Installed) -> None:
    page = open_view(LOGS)
    shown, newest = rows(page), entries(school)
    assert len(shown) == log_table.ROWS
    assert [row["Run"] for row in shown] == [entry["run"] for entry in newest[: log_table.ROWS]]
    contacts = {row["Element451_ID__c"]: row for row in school.sandbox.records("Contact")}
    other = next(number for number, entry in enumerate(newest) if entry["status"] != "failed" and entry["element_id"] in contacts)
    assert shown[other]["Name"] == name_of(contacts[newest[other]["element_id"]])
    assert shown[0]["What"] == "Contact export"
    assert list(shown[0]["Status"]) == ["failed"]
    assert shown[0]["What happened"].startswith("Salesforce requires Last Name")


def test_older_and_newer_lead_there_and_back(school: Installed) -> None:
    page = open_view(LOGS)
    first = rows(page)
    assert button(page, "Newer").disabled
    click(page, "Older")
    every = entries(school)
    assert [row["Run"] for row in rows(page)] == [entry["run"] for entry in every[log_table.ROWS : 2 * log_table.ROWS]]
    assert rows(page)[0]["What happened"] != first[0]["What happened"]
    click(page, "Newer")
    assert str(rows(page)) == str(first)


@pytest.mark.parametrize(
    ("kind", "direction", "what"),
    [
        ("import_contact", "import", "Contact import"),
        ("export_contact", "export", "Contact export"),
        ("export_conversation", "export", "Conversation export"),
    ],
)
def test_what_was_done_can_be_chosen(school: Installed, kind: str, direction: str, what: str) -> None:
    page = open_view(LOGS)
    page.selectbox(key="logs kind").select(kind).run()
    assert {row["What"] for row in rows(page)} == {what}
    assert page.query_params == {"kind": kind}
    assert len(rows(page)) == min(log_table.ROWS, len(entries(school, direction=direction, kind=kind.partition("_")[2])))


def test_a_shared_link_shows_what_somebody_else_saw(school: Installed) -> None:
    page = open_view(LOGS, status="failed", code=MISSING, run="2")
    assert [row["Run"] for row in rows(page)] == [2] * 6
    assert page.selectbox(key="logs status").value == "failed"
    assert page.selectbox(key="logs code").value == MISSING
    assert page.number_input(key="logs run").value == 2


def test_what_a_link_says_wrongly_is_left_out(school: Installed) -> None:
    page = open_view(LOGS, status="<b>", kind="import_conversation", run="-1", since="yesterday", before="x", entry="none")
    assert len(rows(page)) == log_table.ROWS


def test_a_filter_begins_at_the_newest_of_what_it_chooses(school: Installed) -> None:
    page = click(open_view(LOGS), "Older")
    assert "before" in page.query_params
    page.selectbox(key="logs status").select("failed").run()
    assert page.query_params == {"status": "failed"}
    assert rows(page)[0]["Run"] == 2
    click(page, "Clear filters")
    assert page.query_params == {}
    assert len(rows(page)) == log_table.ROWS


def test_days_are_whole_days_where_the_viewer_is(school: Installed) -> None:
    today = datetime.now(UTC).date().isoformat()
    assert rows(open_view(LOGS, since=today, until=today))
    assert "No entry fits these filters" in texts(open_view(LOGS, until="2020-01-01"))
    assert "No entry fits these filters" in texts(open_view(LOGS, since="9999-12-31", until="9999-12-31"))
    assert rows(open_view(LOGS, since="0001-01-01", until="9999-12-31"))


def test_somebody_is_found_by_a_part_of_their_name_with_their_conversations(school: Installed) -> None:
    conversation = entries(school, kind="conversation", status="upserted")[0]
    contact = next(row for row in school.sandbox.records("contact", "element451") if _has(school, conversation, row))
    page = open_view(LOGS, record=f"{contact['user-last-name']} {contact['user-first-name'][:3]}".upper())
    assert {"Conversation export", "Contact export"} <= {row["What"] for row in rows(page)}
    assert {row["Name"] for row in rows(page)} == {f"{contact['user-first-name']} {contact['user-last-name']}"}
    assert f"Entries of {contact['user-first-name']} {contact['user-last-name']}" in texts(page).replace("\\", "")


def _has(school: Installed, conversation: dict[str, Any], contact: Row) -> bool:
    rows = school.sandbox.records("conversation", "element451")
    mine = next(row for row in rows if row["conversation-id"] == conversation["element_id"])
    return bool(mine["conversation-user-elementid"] == contact["user-elementid"])


@pytest.mark.parametrize("side", ["element_id", "salesforce_id"])
def test_the_history_of_one_record_is_found_by_either_id(school: Installed, people_who_fail: list[str], side: str) -> None:
    one = failed(school, people_who_fail[0])
    page = open_view(LOGS, record=one[side])
    assert len(rows(page)) == len(entries(school, records=(one["element_id"], one["salesforce_id"]))) >= 2


def test_a_page_behind_entries_that_are_gone_leads_back_to_everything(school: Installed) -> None:
    page = open_view(LOGS, before="999999")
    assert "No entry fits" in texts(page)
    assert len(rows(click(page, "Show everything"))) == log_table.ROWS


def test_a_name_that_nobody_has_is_said_to_be_unknown(school: Installed) -> None:
    page = open_view(LOGS)
    page.text_input(key="logs record").input("Zzyzx").run()
    assert "Nobody is known by this name" in texts(page)
    assert page.query_params == {"record": "Zzyzx"}


def test_each_cause_says_what_it_is_and_how_many_fail_for_it_now(school: Installed) -> None:
    offered = open_view(LOGS).selectbox(key="logs code").options
    assert f"A required field would be empty · 6 failing now ({MISSING})" in offered
    assert offered[0] == "Any cause"


def test_a_name_that_is_a_formula_is_none_in_the_table_either_for_that_can_be_downloaded(school: Installed) -> None:
    one = entries(school, direction="export", kind="contact")[0]
    with school.application.engine.begin() as connection:
        mine = update(PAIRS).where(PAIRS.c.element_id == one["element_id"])
        connection.execute(mine.values(element451={"user-first-name": "=HYPERLINK(1)", "user-last-name": "<b>"}))
    assert rows(open_view(LOGS, record=one["element_id"]))[0]["Name"] == "'=HYPERLINK(1) <b>"


# --- an entry


def test_an_entry_tells_what_went_wrong_and_what_to_do(school: Installed, people_who_fail: list[str]) -> None:
    one = failed(school, people_who_fail[0])
    page = open_view(LOGS, entry=str(one["entry"]))
    said = texts(page).replace("\\", "")
    assert "Salesforce requires Last Name, which would be empty." in said
    assert "What to do:" in said
    assert "then choose Retry" in said
    assert f"{MISSING}\n{one['detail']}" in said
    assert one["element_id"] in said
    assert one["salesforce_id"] in said
    assert "Tried once since today" in said
    assert "Next try: in the first run after tomorrow" in said
    assert links(page, "link_button") == ["Open in Salesforce"]
    assert page.get("link_button")[0].proto.url == f"{school.sandbox.url}/{one['salesforce_id']}"
    assert "Last Name" in str(page.table[0].value)
    assert "empty" in str(page.table[0].value)
    assert rows(page)[0]["What happened"] == one["reason"]


def test_an_entry_that_went_well_says_so_without_advice(school: Installed) -> None:
    one = entries(school, status="inserted")[0]
    said = texts(open_view(LOGS, entry=str(one["entry"])))
    assert "inserted" in said
    assert "What to do" not in said


def test_an_entry_that_is_gone_is_said_to_be(school: Installed) -> None:
    assert "There is no entry 999999 any more" in texts(open_view(LOGS, entry="999999"))


def test_the_way_back_from_an_entry_keeps_filters_and_page(school: Installed) -> None:
    page = open_view(LOGS, status="inserted", before=str(entries(school)[30]["entry"]), entry=str(entries(school)[40]["entry"]))
    click(page, "All entries")
    assert page.query_params == {"status": "inserted", "before": str(entries(school)[30]["entry"])}


def test_a_conversation_leads_to_its_contact(school: Installed) -> None:
    one = entries(school, kind="conversation", status="upserted")[0]
    page = click(open_view(LOGS, entry=str(one["entry"])), "Entries of its contact")
    assert {row["What"] for row in rows(page)} <= {"Contact export", "Contact import"}
    assert "The history of one record." in texts(page)


# --- done again


def test_a_corrected_record_is_done_again_and_its_new_entry_takes_the_page(school: Installed, people_who_fail: list[str]) -> None:
    one = failed(school, people_who_fail[1])
    school.sandbox.edit_element451("contact", {people_who_fail[1]: {"user-last-name": "Corrected"}})
    page = click(open_view(LOGS, entry=str(one["entry"])), "Retry")
    assert button(page, "Retry").disabled
    assert "Being done again" in texts(page)
    school.work()
    page.run()
    new = entries(school, record=people_who_fail[1])[0]
    assert (new["status"], new["retry_of"]) == ("updated", one["entry"])
    assert f"Done again in run {new['run']}: 1 updated." in texts(page).replace("\\", "")
    assert page.query_params["entry"] == str(new["entry"])
    assert rows(page)[0]["Run"] == new["run"]
    click(page, f"Retry of entry {one['entry']}")
    assert page.query_params["entry"] == str(one["entry"])
    assert "does not fail any more" in texts(page)
    assert any(f"(entry {new['entry']})" in button.label for button in page.button)


def test_what_fails_again_says_why(school: Installed, people_who_fail: list[str]) -> None:
    one = failed(school, people_who_fail[2])
    page = click(open_view(LOGS, entry=str(one["entry"])), "Retry")
    school.work()
    page.run()
    assert "1 failed again" in texts(page)
    assert "Salesforce requires Last Name" in texts(page)
    assert "Tried 2 times" in texts(page)


def test_several_are_done_again_at_once_each_record_once(school: Installed) -> None:
    page = choose(open_view(LOGS, status="failed"), school, 0, 1, 2)
    page = click(page, "Retry selected (3)")
    school.work()
    page.run()
    assert "3 failed again" in texts(page)
    assert button(choose(page, school, 0, 1, 2, 3, 4, 5), "Retry selected (3)")  # by now the first three are on the page twice


def test_all_of_one_cause_are_done_again(school: Installed) -> None:
    page = click(open_view(LOGS, code=MISSING), "Retry all 6 failing for this cause")
    school.work()
    page.run()
    retried = entries(school, code=MISSING)[:6]
    assert {entry["run"] for entry in retried} == {entries(school)[0]["run"]}
    assert "failed again" in texts(page)


def test_while_a_run_goes_on_retry_is_taken_and_waits_its_turn(school: Installed, people_who_fail: list[str]) -> None:
    school.be_busy()
    page = click(open_view(LOGS, entry=str(failed(school, people_who_fail[3])["entry"])), "Retry")
    assert "Being done again" in texts(page)
    with school.application.engine.connect() as connection:
        assert [asked.verb for asked in requests.waiting(connection)] == [requests.RETRY]


# --- who may not, and what fails


def test_a_viewer_sees_everything_and_may_retry_nothing(school: Installed, people: None, people_who_fail: list[str]) -> None:
    one = failed(school, people_who_fail[0])
    listed = open_view(LOGS, by="viewer@school.edu", code=MISSING)
    opened = open_view(LOGS, by="viewer@school.edu", entry=str(one["entry"]))
    for page, label in ((listed, "Retry selected"), (listed, "Retry all 6 failing for this cause"), (opened, "Retry")):
        assert button(page, label).disabled
        assert "signed in as viewer" in button(page, label).help.replace("\\", "")
    assert "What to do:" in texts(opened)
    desk = Desk(school.application.acting_as(Person("viewer@school.edu", Role.VIEWER)))
    with pytest.raises(NotPermitted):
        desk.retry(one["entry"])
    with pytest.raises(NotPermitted):
        desk.retry_several([one["entry"]])
    with pytest.raises(NotPermitted):
        desk.retry_cause(MISSING)


def test_a_database_that_fails_is_said_in_a_sentence(school: Installed) -> None:
    with school.application.engine.begin() as connection:
        connection.execute(text("ALTER TABLE entries RENAME TO away"))
    page = open_view(LOGS)
    assert [error.value.replace("\\", "") for error in page.error] == [mishaps.DATABASE_AWAY]


# --- CSV


def test_the_csv_holds_what_was_chosen_with_both_values_of_each_field(school: Installed, people_who_fail: list[str]) -> None:
    document = school.application.configuration.current()
    assert document
    made = list(log_csv.rows(school.application.engine, document[1], Chosen(status="failed", code=MISSING), UTC))
    assert len(made) == 6
    one = next(row for row in made if row["Element ID"] == people_who_fail[0])
    assert set(one) == set(log_csv.COLUMNS)
    assert one["Changes"].startswith("LastName: ")
    assert one["Changes"].endswith(" -> empty")
    assert (one["What"], one["Status"], one["Code"]) == ("Contact export", "failed", MISSING)
    assert log_csv.file(school.application.engine, document[1], Chosen(), UTC).count(b"\r\n") >= len(entries(school))
