"""The Mappings page, as people who may change it meet it: empty, and in use."""

import pytest

from dashboard.views.mappings import dialogs
from syncer.core.records import Kind, System
from tests.dashboard.mapping_page import (
    add,
    can_press,
    cells,
    choose,
    done,
    edit,
    mappings,
    remove,
    row,
    rows,
    said,
    save,
    search,
    tick,
)
from tests.support.dashboard import Installed, press

# empty


def test_before_anything_is_connected_the_page_says_what_to_do(installation: Installed) -> None:
    page = mappings()
    found = said(page)
    assert "Nothing is saved yet" in found
    assert "Element451 is not connected yet" in found
    assert "Salesforce is not connected yet" in found
    assert "user-elementid" in found
    assert not can_press(page, "Add Mapping")


def test_the_required_mappings_stand_first_and_stay(connected: Installed) -> None:
    page = mappings()
    assert "🔒 required" in said(page)
    remove(page, "Element451_ID__c")
    assert "This mapping must stay." in said(page)
    assert not can_press(page, "Review and save")


# in use


def test_a_mapping_is_added_with_the_owner_that_fits(connected: Installed) -> None:
    page = add(mappings(), "user-middle-name", "AssistantName")
    assert page.radio("mapping owner").value == "element451"
    done(page)
    assert rows(connected)[-1] == {
        "element451": "user-middle-name",
        "salesforce": "AssistantName",
        "owner": "element451",
    }
    assert "1 change saved as version 2. The next run carries it out" in said(page)
    assert page.get("dialog") == []


def test_an_owner_that_a_person_chose_is_kept_whatever_fields_are_chosen_with_it_or_later(
    connected: Installed,
) -> None:
    page = press(mappings(), "Add Mapping")
    page.selectbox("mapping element451").set_value("user-middle-name").run()
    page.radio("mapping owner").set_value(System.SALESFORCE)
    page.selectbox("mapping salesforce").set_value("Title").run()
    assert page.radio("mapping owner").value == "salesforce", "chosen before the page answered"
    choose(page, "user-middle-name", "AssistantName")
    assert page.radio("mapping owner").value == "salesforce"
    done(page)
    assert rows(connected)[-1] == {
        "element451": "user-middle-name",
        "salesforce": "AssistantName",
        "owner": "salesforce",
    }


def test_what_was_chosen_outlives_a_run_that_does_not_come_as_far_as_the_dialog(
    connected: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = add(mappings(), "user-middle-name", "AssistantName")
    page.radio("mapping owner").set_value(System.SALESFORCE).run()
    with monkeypatch.context() as patched:
        patched.setattr(dialogs, "draw", lambda page: None)
        page.run()
    assert page.get("dialog") == []
    page.run()
    assert [page.selectbox(f"mapping {system}").value for system in System] == [
        "user-middle-name",
        "AssistantName",
    ]
    done(page)
    assert rows(connected)[-1] == {
        "element451": "user-middle-name",
        "salesforce": "AssistantName",
        "owner": "salesforce",
    }


def test_what_cannot_be_mapped_is_hidden_and_on_demand_listed_last_with_its_reason(
    connected: Installed,
) -> None:
    page = press(mappings(), "Add Mapping")
    options = page.selectbox("mapping salesforce").options
    assert not any("cannot be mapped" in option for option in options)
    page.toggle("mapping barred").set_value(True).run()
    options = page.selectbox("mapping salesforce").options
    barred = ["cannot be mapped" in option for option in options]
    assert barred == sorted(barred)
    assert any(
        option.startswith(
            "Mailing Address (MailingAddress) – cannot be mapped: address fields hold several values"
        )
        for option in options
    )
    choose(page, "user-middle-name", "MailingAddress")
    assert "cannot be mapped: address fields hold several values" in said(page)
    assert not can_press(page, "Done")


def test_types_that_do_not_fit_are_said_before_saving(connected: Installed) -> None:
    page = add(mappings(), "user-custom-interests", "AssistantName")
    assert "only one of them holds several values" in said(page)
    assert not can_press(page, "Done")


def test_conversations_belong_to_element451(connected: Installed) -> None:
    page = mappings()
    page.button_group("mappings kind").set_value(Kind.CONVERSATION).run()
    add(page, "conversation-sentiment", "Sentiment__c")
    assert "Conversations go to Salesforce only" in said(page)
    done(page)
    assert rows(connected, "conversation")[-1] == {
        "element451": "conversation-sentiment",
        "salesforce": "Sentiment__c",
        "owner": "element451",
    }


def test_edits_of_many_rows_are_saved_as_one_version_after_one_review(synced: Installed) -> None:
    page = mappings()
    cells(page, "Birthdate", **{"Canonical System": "Element451 →"}).run()
    cells(page, "Birthdate", **{"Canonical System": "Element451 →", "New records get": "2000-01-01"}).run()
    remove(page, "Description")
    press(add(page, "user-middle-name", "AssistantName"), "Done")
    assert "3 changes not saved" in said(page)
    press(page, "Review and save")
    found = said(page)
    assert "What it does to records" in found
    assert "known records" in found
    assert "Birthdate" in found
    assert row(synced, "Birthdate")["owner"] == "salesforce", "nothing is saved yet"
    press(page, "save mappings")
    assert "3 changes saved as version 2." in said(page)
    assert (row(synced, "Birthdate")["owner"], row(synced, "Birthdate")["default"]) == (
        "element451",
        "2000-01-01",
    )
    assert "Description" not in [one["salesforce"] for one in rows(synced)]
    assert row(synced, "AssistantName")


def test_what_both_systems_hold_and_how_much_agrees_stands_in_the_row(synced: Installed) -> None:
    page = search(mappings(), "FirstName")
    (line,) = page.dataframe[-1].value.to_dict("records")
    assert line["Element451 holds"] == line["Salesforce holds"] != ""
    assert line["Agree"].endswith(" %")


def test_ticked_rows_get_another_owner_together(connected: Installed) -> None:
    page = mappings()
    tick(page, "Email", "MobilePhone").run()
    press(tick(page, "Email", "MobilePhone"), "own salesforce")
    save(page)
    assert [row(connected, name)["owner"] for name in ("Email", "MobilePhone")] == ["salesforce"] * 2


def test_what_is_not_saved_outlives_a_look_at_another_page_and_can_be_discarded(connected: Installed) -> None:
    page = remove(mappings(), "Description")
    page.switch_page("views/runs/view.py").run()
    page.switch_page("views/mappings/view.py").run()
    assert "1 change not saved" in said(page)
    press(page, "Yes, discard")
    assert "not saved" not in said(page)
    assert row(connected, "Description")


def test_a_field_that_salesforce_needs_cannot_be_removed(connected: Installed) -> None:
    page = press(remove(mappings(), "LastName"), "Review and save")
    assert "and nothing fills it" in said(page)
    assert not can_press(page, "save mappings")


def test_a_required_mapping_gets_another_field_where_the_rules_allow_it(connected: Installed) -> None:
    page = edit("user-elementid/Element451_ID__c")
    options = page.selectbox("mapping salesforce").options
    assert options[0].startswith("Element451 ID")
    assert [field.disabled for field in page.text_input if field.label == "Element451 field"] == [True]


def test_an_id_keeps_its_owner(connected: Installed) -> None:
    page = mappings()
    cells(page, "Element451_ID__c", **{"Canonical System": "← Salesforce"}).run()
    assert "This mapping must stay." in said(page)
    assert "not saved" not in said(page)


def test_suggestions_are_added_all_at_once_and_the_unticked_dismissed(connected: Installed) -> None:
    page = mappings()
    assert can_press(page, "add suggestions")
    before, table = len(rows(connected)), page.dataframe[0].value
    number = len(table)
    assert f"Add {number}" in [button.label for button in page.button]
    press(page, "add suggestions")
    assert f"{number} changes not saved" in said(page)
    save(page)
    assert len(rows(connected)) == before + number


def test_problems_are_said_by_row_and_can_be_filtered(connected: Installed) -> None:
    connected.sandbox.field("Contact", "Department", length=10)
    try:
        page = press(mappings(), "Read the fields again")
        assert "The fields of both systems were read." in said(page)
        assert [toggle.key for toggle in page.toggle] == ["mappings noted"], "what may go wrong is no problem"
        page.toggle("mappings noted").set_value(True).run()
        found = said(page)
        assert "First Name" not in found, "a limit of length alone is no note"
        assert "does not take these values of Preferred Major (user-education-prefered-major)" in found
    finally:
        connected.sandbox.field("Contact", "Department", length=80)


def test_fields_that_an_import_mapped_twice_can_be_put_right(connected: Installed) -> None:
    current = connected.application.configuration.current()
    assert current
    current[1]["mappings"]["contact"].append(
        {"element451": "user-dob", "salesforce": "Birthdate", "owner": "element451"}
    )
    connected.force(current[1])
    page = search(mappings(), "dob")
    assert "is mapped more than once" in said(page)
    grid = page.session_state["mappings grid"]
    page.session_state[grid.key] = {
        "edited_rows": {0: {"Select": True}},
        "added_rows": [],
        "deleted_rows": [],
    }
    page.run()
    page.session_state[grid.key] = {
        "edited_rows": {0: {"Select": True}},
        "added_rows": [],
        "deleted_rows": [],
    }
    save(press(page, "remove selected"))
    assert [one["owner"] for one in rows(connected) if one["element451"] == "user-dob"] == ["element451"]


def test_required_mappings_that_an_import_left_out_are_put_back(connected: Installed) -> None:
    connected.force(
        {
            "mappings": {
                "contact": [{"element451": "user-last-name", "salesforce": "LastName", "owner": "element451"}]
            }
        }
    )
    page = mappings()
    assert "Required mappings are missing in what is saved, so that nothing runs." in said(page)
    press(page, "Save the required mappings")
    assert [one["salesforce"] for one in rows(connected)] == ["Element451_ID__c", "Id", "LastName"]
    assert len(rows(connected, "conversation")) == 2
    assert "are missing" not in said(page)


def test_the_likely_partner_is_proposed_and_stands_first(connected: Installed) -> None:
    page = press(remove(mappings(), "Birthdate", "FirstName"), "Add Mapping")
    page.selectbox("mapping element451").set_value("user-dob").run()
    box = page.selectbox("mapping salesforce")
    assert box.value == "Birthdate"
    assert box.options[0].startswith("Birthdate (Birthdate)")
    page.selectbox("mapping salesforce").set_value("FirstName").run()
    page.selectbox("mapping element451").set_value("user-first-name").run()
    assert page.selectbox("mapping salesforce").value == "FirstName", "a choice stays"
