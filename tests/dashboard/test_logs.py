"""Integration Logs: the list, its filters and pages, and the file of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text, update

from dashboard.shared import errors
from dashboard.views.logs import export
from dashboard.views.logs.entry_list import ROWS
from syncer.journal.log_queries import LogFilter
from syncer.sync.pair_store import PAIRS
from tests.support.dashboard import Installed, open_view, texts
from tests.support.logs import LOGS, MISSING, button, click, entries, failed, links, listed, nameless
from tests.support.sandbox import Row


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


def test_the_list_names_everybody_newest_first(failing: Installed) -> None:
    page = open_view(LOGS)
    shown, newest = listed(page, failing), entries(failing)
    assert [row["entry"] for row in shown] == [entry["entry"] for entry in newest[:ROWS]]
    contacts = {row["Element451_ID__c"]: row for row in failing.sandbox.records("Contact")}
    other = next(
        number
        for number, entry in enumerate(newest)
        if entry["status"] != "failed" and entry["element_id"] in contacts
    )
    assert name_of(contacts[newest[other]["element_id"]]) in shown[other]["label"]
    nameless = shown[[entry["code"] for entry in newest].index("REQUIRED_FIELD_MISSING")]
    assert ":red-badge[failing now]" in nameless["label"]
    assert "Salesforce requires Last Name" in nameless["label"]


def test_what_a_run_resolved_is_told_from_what_fails_now(failing: Installed) -> None:
    cured = nameless(failing.sandbox)[5]
    one = failed(failing, cured)
    failing.sandbox.edit_element451("contact", {cured: {"user-last-name": "Cured"}})
    run = failing.sync()
    label = next(
        row["label"]
        for row in listed(open_view(LOGS, status="failed", run="2"), failing)
        if row["entry"] == one["entry"]
    )
    assert f":gray-badge[failed, resolved by run {run.id}]" in label
    unresolved = listed(open_view(LOGS, status="failing", run="2"), failing)
    assert one["entry"] not in [row["entry"] for row in unresolved]
    assert all(row["status"] == "failed" and row["resolved_by"] is None for row in unresolved)
    assert unresolved
    change = next(row["label"] for row in listed(open_view(LOGS, record=cured), failing))
    assert "→ Cured" in change


def test_older_and_newer_lead_there_and_back(failing: Installed) -> None:
    page = open_view(LOGS)
    first = listed(page, failing)
    assert button(page, "Newer").disabled
    click(page, "Older")
    every = entries(failing)
    assert [row["entry"] for row in listed(page, failing)] == [
        entry["entry"] for entry in every[ROWS : 2 * ROWS]
    ]
    click(page, "Newer")
    assert listed(page, failing) == first


@pytest.mark.parametrize(
    ("kind", "direction"),
    [("import_contact", "import"), ("export_contact", "export"), ("export_conversation", "export")],
)
def test_what_was_done_can_be_chosen(failing: Installed, kind: str, direction: str) -> None:
    page = open_view(LOGS)
    page.selectbox(key="logs kind").select(kind).run()
    chosen = entries(failing, direction=direction, kind=kind.partition("_")[2])
    assert [row["entry"] for row in listed(page, failing)] == [row["entry"] for row in chosen[:ROWS]]
    assert page.query_params == {"kind": kind}


def test_a_shared_link_shows_what_somebody_else_saw(failing: Installed) -> None:
    page = open_view(LOGS, status="failed", code=MISSING, run="2")
    assert [row["run"] for row in listed(page, failing)] == [2] * 6
    assert page.selectbox(key="logs status").value == "failed"
    assert page.selectbox(key="logs code").value == MISSING
    assert page.number_input(key="logs run").value == 2


def test_what_a_link_says_wrongly_is_left_out(failing: Installed) -> None:
    page = open_view(
        LOGS, status="<b>", kind="import_conversation", run="-1", since="yesterday", before="x", entry="none"
    )
    assert len(listed(page, failing)) == ROWS


def test_a_filter_begins_at_the_newest_of_what_it_chooses(failing: Installed) -> None:
    page = click(open_view(LOGS), "Older")
    assert "before" in page.query_params
    page.selectbox(key="logs status").select("failed").run()
    assert page.query_params == {"status": "failed"}
    assert listed(page, failing)[0]["run"] == 2
    click(page, "Clear filters")
    assert page.query_params == {}
    assert len(listed(page, failing)) == ROWS


def test_a_quick_hand_loses_no_words_although_the_browser_has_not_learned_of_them_yet(
    failing: Installed,
) -> None:
    page = open_view(LOGS)
    page.text_input(key="logs record").set_value("e").run()
    page.query_params.clear()
    page.selectbox(key="logs status").set_value("failed").run()
    assert page.text_input(key="logs record").value == "e"
    assert page.query_params == {"record": "e", "status": "failed"}


def test_days_are_whole_days_where_the_viewer_is(failing: Installed) -> None:
    today = datetime.now(UTC).date().isoformat()
    assert listed(open_view(LOGS, since=today, until=today), failing)
    assert "No entry fits these filters" in texts(open_view(LOGS, until="2020-01-01"))
    assert "No entry fits these filters" in texts(open_view(LOGS, since="9999-12-31", until="9999-12-31"))
    assert listed(open_view(LOGS, since="0001-01-01", until="9999-12-31"), failing)


def test_somebody_is_found_by_a_part_of_their_name_with_their_conversations(failing: Installed) -> None:
    conversation = entries(failing, kind="conversation", status="upserted")[0]
    contact = next(
        row for row in failing.sandbox.records("contact", "element451") if _has(failing, conversation, row)
    )
    page = open_view(LOGS, record=f"{contact['user-last-name']} {contact['user-first-name'][:3]}".upper())
    assert {row["kind"] for row in listed(page, failing)} == {"contact", "conversation"}
    name = f"{contact['user-first-name']} {contact['user-last-name']}"
    assert all(name in row["label"] for row in listed(page, failing))
    assert f"Entries of {contact['user-first-name']} {contact['user-last-name']}" in texts(page).replace(
        "\\", ""
    )


def _has(failing: Installed, conversation: dict[str, Any], contact: Row) -> bool:
    rows = failing.sandbox.records("conversation", "element451")
    mine = next(row for row in rows if row["conversation-id"] == conversation["element_id"])
    return bool(mine["conversation-user-elementid"] == contact["user-elementid"])


@pytest.mark.parametrize("side", ["element_id", "salesforce_id"])
def test_the_history_of_one_record_is_found_by_either_id(failing: Installed, side: str) -> None:
    one = failed(failing, nameless(failing.sandbox)[0])
    page = open_view(LOGS, record=one[side])
    assert (
        len(listed(page, failing))
        == len(entries(failing, records=(one["element_id"], one["salesforce_id"])))
        >= 2
    )


def test_a_page_behind_entries_that_are_gone_leads_back_to_everything(failing: Installed) -> None:
    page = open_view(LOGS, before="999999")
    assert "No entry fits" in texts(page)
    assert len(listed(click(page, "Show everything"), failing)) == ROWS


def test_a_name_that_nobody_has_is_said_to_be_unknown(failing: Installed) -> None:
    page = open_view(LOGS)
    page.text_input(key="logs record").input("Zzyzx").run()
    assert "Nobody is known by this name" in texts(page)
    assert page.query_params == {"record": "Zzyzx"}


def test_each_cause_says_what_it_is_and_how_many_fail_for_it_now(failing: Installed) -> None:
    offered = open_view(LOGS).selectbox(key="logs code").options
    assert f"A required field would be empty · 6 failing now ({MISSING})" in offered
    assert offered[0] == "Any cause"


def test_a_name_that_is_a_formula_is_none_in_the_table_either_for_that_can_be_downloaded(
    failing: Installed,
) -> None:
    one = entries(failing, direction="export", kind="contact")[0]
    with failing.application.database.begin() as connection:
        mine = update(PAIRS).where(PAIRS.c.element_id == one["element_id"])
        connection.execute(
            mine.values(element451={"user-first-name": "=HYPERLINK(1)", "user-last-name": "<b>"})
        )
    assert "=HYPERLINK(1) <b>" in listed(open_view(LOGS, record=one["element_id"]), failing)[0]["label"]


def test_a_database_that_fails_is_said_in_a_sentence(failing: Installed) -> None:
    with failing.application.database.begin() as connection:
        connection.execute(text("ALTER TABLE entries RENAME TO away"))
    page = open_view(LOGS)
    assert [error.value.replace("\\", "") for error in page.error] == [errors.DATABASE_UNREACHABLE]


# --- CSV


def test_the_csv_holds_what_was_chosen_with_both_values_of_each_field(failing: Installed) -> None:
    document = failing.application.configuration.current()
    assert document
    made = list(
        export.rows(failing.application.database, document[1], LogFilter(status="failed", code=MISSING), UTC)
    )
    assert len(made) == 6
    one = next(row for row in made if row["Element ID"] == nameless(failing.sandbox)[0])
    assert set(one) == set(export.COLUMNS)
    assert one["Changes"].startswith("LastName: ")
    assert one["Changes"].endswith(" -> empty (not written)")
    assert (one["What"], one["Status"], one["Code"]) == ("Contact export", "failed", MISSING)
    assert export.file(failing.application.database, document[1], LogFilter(), UTC).count(b"\r\n") >= len(
        entries(failing)
    )
