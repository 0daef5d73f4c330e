"""Dry run: everything that the next run would do, looked through before it is let happen."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.dry_run import export, plan_list
from syncer.application.commands import Commands
from syncer.core.permissions import Actor, NotPermitted, Role
from syncer.journal import dry_run_plans
from syncer.journal.dry_run_plans import PlanFilter
from tests.support.dashboard import Installed, open_view, statuses, texts
from worker.client import WorkerClient

VIEW = "views/dry_run/view.py"


def made(installed: Installed) -> int:
    """A dry run, here and now, of a school in which somebody is new in Element451; its number."""
    installed.sandbox.create_element451(
        "contact", user_first_name="New", user_last_name="Comer", user_email_address="new@school.edu"
    )
    return Commands(installed.application).dry_run(lambda plan: None).id


def names(page: AppTest) -> list[str]:
    """Whom the blocks are about, from the top."""
    links = [(link.proto.label, str(link.proto.query_string)) for link in page.get("page_link")]
    return [label for label, query in links if "record=" in query and label != "Preview it now"]


def test_before_anything_is_connected_the_page_says_what_to_do(installation: Installed) -> None:
    assert "must be connected first" in texts(open_view(VIEW))


def test_a_dry_run_is_started_and_its_records_are_listed(connected: Installed) -> None:
    page = open_view(VIEW)
    assert "No dry run was made yet" in texts(page)
    page.button(key="dry run").click().run()
    assert page.button(key="dry run").disabled
    connected.work()
    page.run()
    page.run()
    assert connected.sandbox.journal() == []
    assert "settings version 1" in texts(page)
    assert len(names(page)) == plan_list.PEOPLE
    assert list(page.table[0].value.columns) == ["Field", "Result", "Element451", "Salesforce"]


def test_where_both_systems_agree_a_dry_run_says_so(synced: Installed) -> None:
    synced.sync()
    Commands(synced.application).dry_run(lambda plan: None)
    page = open_view(VIEW)
    assert "Nothing is due" in texts(page)
    assert not page.table


def test_records_are_filtered_by_status_and_by_name(connected: Installed) -> None:
    run = made(connected)
    page = open_view(VIEW)
    page.selectbox(key="dry run status").set_value("inserted").run()
    inserted = list(
        dry_run_plans.iterate(connected.application.database, run, PlanFilter(status="inserted"), limit=20)
    )
    assert inserted
    assert statuses(page).count("inserted") >= len(inserted)
    page.selectbox(key="dry run status").set_value(None).run()
    name = names(page)[0]
    page.text_input(key="dry run who").set_value(name).run()
    assert set(names(page)) == {name}
    page.text_input(key="dry run who").set_value("nobody is called this").run()
    assert "No record fits these filters" in texts(page)


def test_whom_a_field_concerns_is_found_with_all_that_happens_to_them(connected: Installed) -> None:
    made(connected)
    page = open_view(VIEW)
    page.selectbox(key="dry run field").set_value(("user-email-address", "Email")).run()
    assert page.table
    for shown in page.table:
        assert any("Email" in row["Field"] for row in shown.value.to_dict("records"))


def test_the_pages_of_a_long_list_are_turned(connected: Installed) -> None:
    made(connected)
    page = open_view(VIEW)
    first = names(page)
    turn = {button.label: button for button in page.button}
    assert turn["Previous"].disabled
    turn["Next"].click().run()
    assert names(page) != first
    next(button for button in page.button if button.label == "Previous").click().run()
    assert names(page) == first


def test_a_record_shows_its_fields_and_leads_to_its_preview(connected: Installed) -> None:
    run = made(connected)
    wanted = PlanFilter(direction="export", kind="contact", status="inserted")
    ((plan, *_), *_), _ = dry_run_plans.people(connected.application.database, run, wanted)
    page = open_view(VIEW)
    page.selectbox(key="dry run status").set_value("inserted").run()
    page.text_input(key="dry run who").set_value(plan["element_id"]).run()
    assert len(page.table[0].value) > len(plan["changes"]), "the ID that Element451 gets is there too"
    assert any(
        f"record={plan['element_id']}" in str(link.proto.query_string) for link in page.get("page_link")
    )


def test_everything_is_had_as_csv_with_a_line_for_each_field(connected: Installed) -> None:
    run, application = made(connected), connected.application
    current = application.configuration.current()
    assert current
    plans = list(dry_run_plans.iterate(application.database, run, PlanFilter(), limit=10_000))
    lines = list(
        csv.DictReader(
            io.StringIO(export.file(application.database, current[1], run, PlanFilter()).decode("utf-8-sig"))
        )
    )
    assert len(lines) == sum(max(len(plan["changes"]), 1) for plan in plans)
    assert tuple(lines[0]) == export.COLUMNS


def test_what_has_changed_since_is_said(connected: Installed) -> None:
    made(connected)
    assert "Records may have changed" in texts(open_view(VIEW))
    connected.sync()
    assert "has written since" in texts(open_view(VIEW))
    connected.configure(interval_minutes=30)
    assert "settings have changed since" in texts(open_view(VIEW))


def test_while_a_run_goes_on_another_is_not_started_and_its_progress_is_shown(busy: Installed) -> None:
    page = open_view(VIEW)
    assert page.button(key="dry run").disabled
    assert "Run" in texts(page)
    assert page.button(key="cancel")


def test_a_dry_run_that_did_not_go_through_says_why(connected: Installed) -> None:
    page = open_view(VIEW)
    page.button(key="dry run").click().run()
    connected.sandbox.expire_tokens()
    connected.sandbox.fault("status", status=503, times=1000)
    try:
        connected.work()
    finally:
        connected.sandbox.clear_faults()
    assert "did not go through" in texts(open_view(VIEW))


def test_a_viewer_looks_through_a_dry_run_but_cannot_start_one(connected: Installed, people: None) -> None:
    made(connected)
    page = open_view(VIEW, by="viewer@school.edu")
    assert page.button(key="dry run").disabled
    assert statuses(page)
    with pytest.raises(NotPermitted):
        WorkerClient(connected.application.acting_as(Actor("viewer@school.edu", Role.VIEWER))).dry_run()
