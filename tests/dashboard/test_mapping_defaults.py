"""Values of new records on the Mappings page: the default of a mapped field, and fixed values."""

from tests.dashboard.mapping_page import (
    add,
    can_press,
    done,
    edit,
    mappings,
    remove,
    rows,
    said,
    save,
    search,
)
from tests.support.dashboard import Installed, open_view, press

MIDDLE = {"element451": "user-middle-name", "salesforce": "AssistantName", "owner": "element451"}


def test_a_default_is_chosen_shown_changed_and_taken_away(connected: Installed) -> None:
    page = add(mappings(), "user-middle-name", "AssistantName")
    page.text_input("mapping default").set_value("none given").run()
    done(page)
    assert rows(connected)[-1] == MIDDLE | {"default": "none given"}
    assert "none given" in said(search(mappings(), "none given"))
    page = edit("user-middle-name/AssistantName")
    assert page.text_input("mapping default").value == "none given"
    page.text_input("mapping default").set_value("").run()
    done(page)
    assert rows(connected)[-1] == MIDDLE


def test_a_default_that_the_field_does_not_take_cannot_be_saved(connected: Installed) -> None:
    page = edit("user-dob/Birthdate")
    page.text_input("mapping default").set_value("soon").run()
    assert "Write a day as 2026-12-31, or as today or today+30d." in said(page)
    assert not can_press(page, "Done")
    page.text_input("mapping default").set_value("today+30d").run()
    done(page)
    (born,) = [row for row in rows(connected) if row["element451"] == "user-dob"]
    assert born["default"] == "today+30d"


def test_an_id_gets_no_default(connected: Installed) -> None:
    page = edit("user-elementid/Element451_ID__c")
    assert not [one for one in page.text_input if one.key == "mapping default"]


def test_a_fixed_value_is_added_shown_changed_and_removed(connected: Installed) -> None:
    page = press(mappings(), "Add Fixed Value")
    assert not can_press(page, "Done")
    page.selectbox("mapping salesforce").set_value("AssistantPhone").run()
    page.text_input("mapping default").set_value("none").run()
    done(page)
    assert rows(connected)[-1] == {"salesforce": "AssistantPhone", "default": "none"}
    assert "(fixed value)" in said(search(mappings(), "AssistantPhone"))
    page = edit("/AssistantPhone")
    page.text_input("mapping default").set_value("unknown").run()
    done(page)
    assert rows(connected)[-1]["default"] == "unknown"
    save(remove(mappings(), "AssistantPhone"))
    assert all(row["salesforce"] != "AssistantPhone" for row in rows(connected))


def test_a_fixed_value_of_a_list_is_chosen_from_it(connected: Installed) -> None:
    page = press(mappings(), "Add Fixed Value")
    page.selectbox("mapping salesforce").set_value("Salutation").run()
    box = page.selectbox("mapping default")
    assert "Ms." in box.options
    box.set_value("Ms.").run()
    done(page)
    assert rows(connected)[-1] == {"salesforce": "Salutation", "default": "Ms."}
    assert "Salutation" in said(open_view("views/versions/view.py"))
