"""What the Overview says of things that need a person, and how it leads to what helps."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update
from streamlit.testing.v1 import AppTest

from syncer.configuration.suspension import SuspendedField, Suspension
from syncer.core.records import Kind, System
from syncer.infra.database import key_value
from syncer.infra.database.tables import ConnectionRow, table
from syncer.journal.log import ENTRIES
from syncer.journal.run_state import Trigger
from syncer.journal.runs import RUNS
from syncer.sync.suspensions import SUSPENDED
from tests.dashboard.overview_page import links, plainly, wait
from tests.support.dashboard import MAIN, Installed, open_view
from tests.support.rows import filled_row


def test_a_sign_in_that_ended_is_on_top_with_the_way_to_connect_again(synced: Installed) -> None:
    with synced.application.database.begin() as connection:
        ended = {"state": "reconnect needed", "message": "Salesforce ended the sign-in."}
        connection.execute(
            update(table(ConnectionRow))
            .where(table(ConnectionRow).c.system == System.SALESFORCE.value)
            .values(ended)
        )
    page = open_view()
    assert "Salesforce must be connected again. Salesforce ended the sign-in." in plainly(page)
    assert "Connect again" in links(page)
    assert [metric.value for metric in page.metric if metric.label == "Next run"] == ["None"]


def test_a_run_that_waits_is_on_top_with_the_way_to_it(synced: Installed) -> None:
    run = wait(synced)
    page = open_view()
    assert f"Run {run} waits for approval" in plainly(page)
    assert "Above all, it would empty **Date of Birth · Birthdate** in Salesforce, in 58 records." in plainly(
        page
    )
    assert "Look at it, then approve or reject" in links(page)


def test_a_retry_that_waits_is_told_besides_and_so_is_what_counted_along(synced: Installed) -> None:
    scheduled, retry = wait(synced), wait(synced)
    counted = {"kinds": {"blank": 12}, "fields": {}, "last_day": {"blank": {"in all": 24}}}
    sentence = "Phone came back empty from Element451 for 12 of 12 records that held a value."
    with synced.application.database.begin() as connection:
        columns = {"trigger": Trigger.RETRY, "numbers": counted, "reason": sentence}
        connection.execute(update(RUNS).where(RUNS.c.id == retry).values(columns))
    page = open_view()
    assert f"Run {scheduled} waits for approval" in plainly(page)
    assert f"Run {retry}, a Retry of what fails, waits for approval" in plainly(page)
    assert sentence in plainly(page)
    page = open_view("views/runs/view.py", run=str(retry))
    assert sentence in plainly(page)
    assert "Also counted: 24 blanks in the last 24 hours, without anybody's approval." in plainly(page)


def test_the_pause_after_a_rejected_run_says_what_ends_it(synced: Installed) -> None:
    run = wait(synced)
    assert open_view("views/runs/view.py", run=str(run)).button(key="reject").click().run()
    page = open_view()
    assert f"The schedule pauses since run {run} was rejected" in plainly(page)
    assert "Sync now" in plainly(page)


def test_nobody_at_work_is_noticed_by_the_ticks_that_do_not_come(synced: Installed) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=2)
    with synced.application.database.begin() as connection:
        connection.execute(update(RUNS).values(started_at=long_ago, slot=int(long_ago.timestamp())))
        connection.exec_driver_sql("UPDATE versions SET created_at = '2020-01-01 00:00:00'")
        connection.exec_driver_sql("UPDATE connections SET connected_at = '2020-01-01 00:00:00'")
    assert "nobody seems to be at work" in plainly(open_view())


def test_a_link_that_is_gone_is_a_problem_of_the_mappings(synced: Installed) -> None:
    with synced.application.database.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE catalogues SET document = replace(document, 'user-identities-salesforceid', 'user-gone')"
            " WHERE name = 'element451'"
        )
    page = open_view()
    assert "so that nothing runs" in plainly(page)
    assert "user-identities-salesforceid" in plainly(page)
    assert "Open Mappings" in links(page)


def test_a_field_that_is_suspended_is_named_and_stops_nothing_else(synced: Installed) -> None:
    field = SuspendedField(Kind.CONTACT, "user-dob", "Birthdate", "user-dob and Birthdate are suspended.")
    with synced.application.database.begin() as connection:
        key_value.write(connection, SUSPENDED, Suspension((field,)).to_json())
    page = open_view()
    assert "user-dob and Birthdate are suspended." in plainly(page)
    assert "so that nothing runs" not in plainly(page)
    assert "Open Mappings" in links(page)


def test_a_database_that_fails_is_one_sentence(synced: Installed) -> None:
    with synced.application.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE runs RENAME TO elsewhere")
    page = AppTest.from_file(MAIN, default_timeout=60).run()
    assert not page.exception
    assert "The database does not answer" in plainly(page)


def test_a_field_that_came_back_empty_for_nearly_all_is_named_and_everything_else_is_written(
    synced: Installed,
) -> None:
    sandbox = synced.sandbox
    sandbox.clock(advance=3600)
    paired = [
        row
        for row in sandbox.records("contact", "element451")
        if row.get("user-identities-salesforceid") and row.get("user-first-name")
    ][:15]
    edits = {row["user-elementid"]: {"user-first-name": "", "user-last-name": "Married"} for row in paired}
    sandbox.edit_element451("contact", edits)
    run = synced.sync()
    theirs = {row["Id"]: row for row in sandbox.records("Contact", "salesforce")}
    written = [theirs[row["user-identities-salesforceid"]] for row in paired]
    assert run.state == "waiting"
    assert all(row["FirstName"] for row in written)
    assert "Married" in {row["LastName"] for row in written}
    page = open_view()
    assert "came back empty from Element451 for" in plainly(page)
    assert f"Run {run.id} waits for approval; everything else is written" in plainly(page)
    page = open_view("views/runs/view.py", run=str(run.id))
    assert "It is emptied in Salesforce only once somebody approves that." in plainly(page)


def test_what_is_overwritten_again_and_again_is_told_by_field_and_side(synced: Installed) -> None:
    change = {
        "element451": "user-first-name",
        "salesforce": "FirstName",
        "owner": "element451",
        "before": "x",
        "after": "y",
    }
    row = {"run": 1, "version": 1, "kind": "contact", "entity": "Contact", "direction": "export"}
    again = row | {"status": "updated", "element_id": "f" * 24, "changes": [change]}
    with synced.application.database.begin() as connection:
        for minutes in range(5):
            told = filled_row(ENTRIES, **again, time=datetime.now(UTC) - timedelta(minutes=9 - minutes))
            connection.execute(insert(ENTRIES).values(told))
    page = open_view()
    assert "First Name** is changed in Salesforce, but Element451 owns it: 4 times this week" in plainly(page)
