"""The Mappings page, as people who may change it meet it: empty, and in use."""

import pytest
from streamlit.elements.lib import policies

from dashboard.views.mappings import dialogs
from syncer.core.records import Kind, System
from tests.dashboard.mapping_page import GENDER, add, can_press, choose, mappings, rows, said, search
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


def test_a_new_school_starts_with_the_required_mappings_and_suggestions(connected: Installed) -> None:
    page = mappings()
    assert "Required" in said(page)
    assert not any(button.key == "remove user-elementid Element451_ID__c" for button in page.button)


# in use


def test_a_mapping_is_added_with_the_owner_that_fits(connected: Installed) -> None:
    page = add(mappings(), "user-custom-deposit-date", "Birthdate")
    assert "Birthdate" in said(page)
    page = choose(page, "user-middle-name", "AssistantName")
    assert page.radio("mapping owner").value == "element451"
    press(page, "Save")
    assert rows(connected)[-1] == {
        "element451": "user-middle-name",
        "salesforce": "AssistantName",
        "owner": "element451",
    }
    assert "Saved as version 2. The next run carries it out" in said(page)
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
    press(page, "Save")
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
    press(page, "Save")
    assert rows(connected)[-1] == {
        "element451": "user-middle-name",
        "salesforce": "AssistantName",
        "owner": "salesforce",
    }


def test_what_cannot_be_mapped_is_listed_after_the_others_and_says_why(connected: Installed) -> None:
    page = press(mappings(), "Add Mapping")
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
    assert not can_press(page, "Save")


def test_types_that_do_not_fit_are_said_before_saving(connected: Installed) -> None:
    page = add(mappings(), "user-custom-interests", "AssistantName")
    assert "only one of them holds several values" in said(page)
    assert not can_press(page, "Save")


def test_once_records_are_known_what_would_change_is_shown_first(synced: Installed) -> None:
    page = search(mappings(), "gender")
    press(page, f"edit {GENDER}")
    page.radio("mapping owner").set_value(System.ELEMENT451).run()
    press(page, "Continue")
    assert "What this would change" in said(page)
    assert "known records" in said(page)
    assert [row["owner"] for row in rows(synced) if row["element451"] == "user-gender"] == ["salesforce"]
    press(page, "Save")
    assert [row["owner"] for row in rows(synced) if row["element451"] == "user-gender"] == ["element451"]


def test_going_back_from_what_would_change_keeps_what_was_chosen(synced: Installed) -> None:
    page = press(add(mappings(), "user-middle-name", "AssistantName"), "Continue")
    press(page, "Back")
    assert (page.selectbox("mapping element451").value, page.selectbox("mapping salesforce").value) == (
        "user-middle-name",
        "AssistantName",
    )


def test_a_mapping_is_removed_after_it_was_said_what_that_means(connected: Installed) -> None:
    page = press(search(mappings(), "advisor"), "remove user-custom-advisor-notes Description")
    assert "The values stay as they are in both systems" in said(page)
    press(page, "Remove mapping")
    assert "user-custom-advisor-notes" not in [row["element451"] for row in rows(connected)]
    assert "The mapping was removed. Saved as version 2." in said(page)


def test_a_field_that_salesforce_needs_cannot_be_removed(connected: Installed) -> None:
    page = press(mappings(), "remove user-last-name LastName")
    assert "and nothing fills it" in said(page)
    assert not can_press(page, "Remove mapping")


def test_a_required_mapping_gets_another_field_where_the_rules_allow_it(connected: Installed) -> None:
    page = press(mappings(), "edit user-elementid Element451_ID__c")
    options = page.selectbox("mapping salesforce").options
    assert options[0].startswith("Element451 ID")
    assert all("cannot be mapped" in option for option in options[1:])
    assert [field.disabled for field in page.text_input if field.label == "Element451 field"] == [True]


def test_a_suggestion_is_taken_over_or_dismissed(connected: Installed) -> None:
    page = mappings()
    press(page, "accept user-addresses-home-country MailingCountry")
    press(page, "Save")
    assert rows(connected)[-1]["salesforce"] == "MailingCountry"
    press(page, "dismiss user-custom-financial-aid hed__Financial_Aid_Applicant__c")
    assert not can_press(page, "accept user-custom-financial-aid hed__Financial_Aid_Applicant__c")
    press(page, "Show the 1 dismissed again")
    assert can_press(page, "accept user-custom-financial-aid hed__Financial_Aid_Applicant__c")


def test_conversations_belong_to_element451(connected: Installed) -> None:
    page = mappings()
    page.button_group("mappings kind").set_value(Kind.CONVERSATION).run()
    add(page, "conversation-sentiment", "Sentiment__c")
    assert "Conversations go to Salesforce only" in said(page)
    press(page, "Save")
    assert rows(connected, "conversation")[-1] == {
        "element451": "conversation-sentiment",
        "salesforce": "Sentiment__c",
        "owner": "element451",
    }


def test_problems_stand_beside_their_row_and_can_be_filtered(connected: Installed) -> None:
    connected.sandbox.field("Contact", "Department", length=10)
    try:
        page = press(mappings(), "Read the fields again")
        assert "The fields of both systems were read." in said(page)
        assert [toggle.key for toggle in page.toggle] == ["mappings noted"], "what may go wrong is no problem"
        assert "FirstName · text (up to 40 characters)" in said(page), (
            "how long a text may be stands with the field"
        )
        page.toggle("mappings noted").set_value(True).run()
        found = said(page)
        assert "user-first-name" not in found, "a limit of length alone is no note"
        assert "does not take these values of Preferred Major (user-education-prefered-major)" in found
        assert "user-dob" not in found
    finally:
        connected.sandbox.field("Contact", "Department", length=80)


def test_more_than_a_page_of_mappings_is_turned_without_a_warning_in_the_log(
    connected: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = connected.application.catalogues
    current = connected.application.configuration.current()
    assert current
    taken = {row["salesforce"] for row in current[1]["mappings"]["contact"]}
    more = [
        key
        for key, field in known.entity("Contact").fields.items()
        if key not in taken and field.type_name == "string"
    ][:5]
    slugs = [
        field.key
        for field in known.element_fields()
        if field.type_name == "text" and field.key.startswith("user-")
    ][-30:]
    for at in range(30):
        row = {
            "element451": slugs[at % len(slugs)],
            "salesforce": more[at % len(more)],
            "owner": "element451",
        }
        current[1]["mappings"]["contact"].append(row)
    connected.force(current[1])
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    page = mappings()
    assert len(page.get("pagination")) == 1
    assert not policies._shown_default_value_warning, "which is said to the log once in the life of a server"


def test_fields_that_an_import_mapped_twice_can_be_put_right(connected: Installed) -> None:
    current = connected.application.configuration.current()
    assert current
    current[1]["mappings"]["contact"].append(
        {"element451": "user-dob", "salesforce": "Birthdate", "owner": "element451"}
    )
    connected.force(current[1])
    page = search(mappings(), "dob")
    assert said(page).count("is mapped more than once") == 4
    press(press(page, "remove user-dob Birthdate"), "Remove mapping")
    assert [row["owner"] for row in rows(connected) if row["element451"] == "user-dob"] == ["element451"]


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
    assert [row["salesforce"] for row in rows(connected)] == ["Element451_ID__c", "Id", "LastName"]
    assert len(rows(connected, "conversation")) == 2
    assert "are missing" not in said(page)
