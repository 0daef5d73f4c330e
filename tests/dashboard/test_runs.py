"""The Runs page, as people of each role meet it: the list, a run, and the one that waits for approval."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import insert
from streamlit.testing.v1 import AppTest

from dashboard.shared import badges
from dashboard.shared.runs import run_labels
from syncer.core.permissions import Actor, NotPermitted, Role
from syncer.journal import runs
from syncer.journal.log import empty_counts
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import RUNS
from tests.dashboard.overview_page import links, plainly, progress_words
from tests.support.dashboard import MAIN, Installed, open_view, texts
from tests.support.rows import filled_row
from worker.client import WorkerClient

VIEW = "views/runs/view.py"
COUNTER = count(1)


def many(installed: Installed, number: int) -> None:
    """So many runs of the schedule, of which every fifth was skipped."""
    began = datetime.now(UTC) - timedelta(days=30)
    with installed.application.database.begin() as connection:
        connection.execute(
            insert(RUNS), [_row(at, began + timedelta(minutes=15 * at)) for at in range(number)]
        )


def _row(at: int, began: datetime) -> dict[str, Any]:
    skipped = at % 5 == 0
    columns = {
        "trigger": "schedule",
        "state": "skipped" if skipped else "done",
        "version": 1,
        "started_at": began,
        "counts": empty_counts(),
    }
    return filled_row(RUNS, **columns)


def rows(page: AppTest) -> list[str]:
    """The runs that are listed, as Markdown."""
    return [button.label for button in page.button if str(button.key).startswith("run ")]


def numbers(page: AppTest) -> list[int]:
    return [int(re.findall(r"\*\*Run (\d+)\*\*", row)[0]) for row in rows(page)]


def states(page: AppTest) -> set[str]:
    """The states of the runs that are listed."""
    return {re.findall(r"-badge\[(\w+)", row)[0] for row in rows(page)}


# the list


def test_before_the_first_run_the_page_says_where_to_begin(installation: Installed) -> None:
    page = open_view(VIEW)
    assert "There was no run yet" in texts(page)
    assert "Open the Overview" in links(page)


def test_a_run_is_listed_with_what_made_it_and_what_it_did(synced: Installed) -> None:
    page, run = open_view(VIEW), runs.find(synced.application.database, 1)
    assert run
    assert (numbers(page), states(page)) == ([1], {"done"})
    assert any(element.value.lower().startswith(("today", "yesterday")) for element in page.caption)
    (row,) = rows(page)
    assert f"Sync now :gray[{run_labels.written(run):,} written · took " in row


def test_a_run_of_which_records_failed_is_not_green(synced: Installed) -> None:
    run = runs.find(synced.application.database, 1)
    assert run
    for counts in run.counts.values():
        counts["failed"] = 0
    runs.save(synced.application.database, run)
    assert ":green-badge[done]" in rows(open_view(VIEW))[0]
    run.counts["export_contact"]["failed"] = 4
    runs.save(synced.application.database, run)
    assert ":orange-badge[done, 4 failed]" in rows(open_view(VIEW))[0]
    assert "done, 4 failed" in texts(open_view(VIEW, run="1"))


def test_each_run_of_the_list_says_why_it_ended_so_and_its_page_in_full(synced: Installed) -> None:
    run = runs.begin(synced.application.database, Trigger.SCHEDULE, 1)
    run.state = RunState.FAILED
    run.reason = f"Salesforce {'cannot be reached, ' * 20}so that nothing was written."
    runs.save(synced.application.database, run)
    page = open_view(VIEW)
    assert run.reason[:100] in plainly(page)
    page.button(key=f"run {run.id}").click().run()
    assert run.reason in plainly(page)


def test_pages_are_turned_back_and_forth(synced: Installed) -> None:
    many(synced, 60)
    page = open_view(VIEW)
    assert numbers(page) == list(range(61, 36, -1))
    page.button(key="runs older").click().run()
    assert numbers(page) == list(range(36, 11, -1))
    page.button(key="runs older").click().run()
    assert numbers(page) == list(range(11, 0, -1))
    assert page.button(key="runs older").disabled
    page.button(key="runs newer").click().run()
    assert numbers(page) == list(range(36, 11, -1))


def test_runs_can_be_chosen_and_those_that_did_not_take_place_hidden(synced: Installed) -> None:
    many(synced, 60)
    page = open_view(VIEW)
    page.button(key="runs older").click().run()
    page.selectbox(key="state").select("skipped").run()
    assert states(page) == {"skipped"}
    assert len(numbers(page)) == 12
    page.selectbox(key="state").set_value(None).run()
    page.toggle(key="hide skipped").set_value(True).run()
    assert states(page) == {"done"}
    page.selectbox(key="trigger").select("dry run").run()
    assert "No run is like that" in texts(page)


def test_each_run_of_the_list_leads_to_it_and_all_runs_leads_back(synced: Installed) -> None:
    many(synced, 3)
    page = open_view(VIEW)
    page.button(key="run 1").click().run()
    assert page.query_params["run"] == "1"
    assert "Run 1" in texts(page)
    page.button(key="back").click().run()
    assert "run" not in page.query_params
    assert numbers(page) == [4, 3, 2, 1]


# a run


def test_a_run_opens_with_its_counts_and_the_ways_to_its_entries_and_settings(synced: Installed) -> None:
    page = open_view(VIEW, run="1")
    assert {metric.label for metric in page.metric} >= {
        "Took",
        "Records written",
        "Records failed",
        "Salesforce calls",
        "Element451 calls",
    }
    assert "Contacts imported" in [element.value for element in page.markdown]
    assert {"Its log entries", "Settings version 1"} <= set(links(page))


def test_each_count_says_what_its_status_means(synced: Installed) -> None:
    page, run = open_view(VIEW, run="1"), runs.find(synced.application.database, 1)
    assert run
    helps = {element.value: element.help for element in page.markdown if "-badge[" in element.value}
    for counts in run.counts.values():
        for name, records in counts.items():
            assert (
                not records
                or helps[f":{badges.colour(name)}-badge[{records:,} {name}]"]
                == badges.RECORD_STATUSES[name][1]
            )


def test_a_run_that_is_done_shows_what_it_set_out_to_do_to_each_field(synced: Installed) -> None:
    people = [
        row["user-elementid"]
        for row in synced.sandbox.records("contact", "element451")
        if row.get("user-identities-salesforceid")
    ][:3]
    synced.sandbox.edit_element451(
        "contact", {person: {"user-first-name": f"Zoe{next(COUNTER)}"} for person in people}
    )
    run = synced.sync()
    assert (run.state, (run.numbers or {})["fields"]["change"]["user-first-name → FirstName"]) == ("done", 3)
    page = open_view(VIEW, run=str(run.id))
    assert "What it set out to do" in texts(page)
    assert "before its first write" in texts(page)
    shown = [
        row
        for table in page.table
        for row in table.value.to_dict("records")
        if "First" in str(row.get("Field"))
    ]
    assert [row["Records"] for row in shown] == ["3"]
    assert "in Salesforce" in shown[0]["Field"]


def test_a_run_that_changed_nothing_shows_no_numbers_of_fields(synced: Installed) -> None:
    run = synced.sync()
    assert "What it set out to do" not in texts(open_view(VIEW, run=str(run.id))) or any(
        (run.numbers or {})["kinds"].values()
    )


@pytest.mark.parametrize("number", ["999", "0", "-1", "x", "99999999999999999999"])
def test_a_run_that_is_none_is_no_error(synced: Installed, number: str) -> None:
    page = open_view(VIEW, run=number)
    assert "There is no run 999" in texts(page) if number == "999" else numbers(page) == [1]


def test_why_a_run_failed_is_shown_with_what_the_system_itself_said(synced: Installed) -> None:
    run = runs.begin(synced.application.database, Trigger.SCHEDULE, 1)
    run.state, run.reason, run.code, run.detail = (
        RunState.FAILED,
        "Salesforce *cannot* be reached.",
        "HTTP 503",
        "<html>Service Unavailable",
    )
    runs.save(synced.application.database, run)
    page = open_view(VIEW, run=str(run.id))
    assert "Salesforce *cannot* be reached." in plainly(page)
    assert "HTTP 503\n<html>Service Unavailable" in [code.value for code in page.code]


def test_the_run_that_goes_on_is_shown_as_it_goes_on(busy: Installed) -> None:
    assert "Writing contacts · 120 of 300" in progress_words(open_view(VIEW))


def test_a_database_that_fails_is_one_sentence(synced: Installed) -> None:
    with synced.application.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE runs RENAME TO elsewhere")
    page = AppTest.from_file(MAIN, default_timeout=60).run()
    page.switch_page(VIEW).run()
    assert not page.exception
    assert "The database does not answer" in plainly(page)


# the one that waits


@pytest.fixture
def waiting(connected: Installed) -> Installed:
    """More people changed than the guard lets pass."""
    people = [
        row["user-elementid"]
        for row in connected.sandbox.records("contact", "element451")
        if row.get("user-identities-salesforceid")
    ]
    stamp = str(next(COUNTER))
    connected.sandbox.edit_element451(
        "contact", {person: {"user-first-name": f"Ann{stamp}"} for person in people}
    )
    connected.configure(guard={"records": 5, "percent": 20, "at_least": 5})
    assert connected.sync().state == "waiting"
    return connected


def test_only_an_administrator_answers_it_and_everybody_else_is_told_so(
    waiting: Installed, people: None
) -> None:
    for person, role in (("analyst@school.edu", Role.ANALYST), ("viewer@school.edu", Role.VIEWER)):
        page = open_view(VIEW, by=person, run="1")
        assert page.button(key="approve").disabled
        assert page.button(key="reject").disabled
        assert "Only an administrator can approve or reject a run" in texts(page)
        client = WorkerClient(waiting.application.acting_as(Actor(person, role)))
        for act in (client.approve, client.reject):
            with pytest.raises(NotPermitted):
                act(1)
    assert not open_view(VIEW, by="admin@school.edu", run="1").button(key="approve").disabled
