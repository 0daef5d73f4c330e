"""The value map of a mapping, edited in the dialog of the Mappings page."""

from typing import Any

from tests.dashboard.mapping_page import GENDER, add, can_press, choose, mappings, rows, said, search, values
from tests.support.dashboard import Installed, press


def test_a_value_map_is_edited_in_its_table(synced: Installed) -> None:
    page = press(search(mappings(), "gender"), f"edit {GENDER}")
    changes: dict[str, Any] = {"edited_rows": {3: {"theirs": "Female"}}, "deleted_rows": [2]}
    values(page, **changes).run()
    page.selectbox("mapping prefers Female").set_value("N")
    values(page, **changes).run()
    press(values(page, **changes), "Continue")
    press(page, "Save")
    kept = next(row for row in rows(synced) if row["element451"] == "user-gender")["values"]
    assert list(kept.items()) == [("N", "Female"), ("F", "Female"), ("M", "Male")]


def test_values_that_are_not_listed_fail_unless_somebody_chooses_that_they_pass(
    connected: Installed,
) -> None:
    page = press(search(mappings(), "gender"), f"edit {GENDER}")
    assert page.radio("mapping unlisted").value is False
    page.radio("mapping unlisted").set_value(True).run()
    press(page, "Save")
    kept = next(row for row in rows(connected) if row["element451"] == "user-gender")
    assert kept["unlisted"] == "pass"
    assert "are carried over as they are" in said(search(mappings(), "gender"))


def test_half_a_row_of_a_value_map_is_not_saved(connected: Installed) -> None:
    page = press(search(mappings(), "gender"), f"edit {GENDER}")
    values(page, edited_rows={0: {"theirs": None}}).run()
    assert "The other side's value is missing for “F”" in said(page)
    assert not can_press(page, "Save")


def test_options_of_like_names_fill_the_value_map(connected: Installed) -> None:
    page = press(search(mappings(), "gender"), f"edit {GENDER}")
    values(page, deleted_rows=[0, 1, 2, 3]).run()
    press(values(page, deleted_rows=[0, 1, 2, 3]), "Add 2 with like names")
    press(page, "Save")
    assert next(row for row in rows(connected) if row["element451"] == "user-gender")["values"] == {
        "F": "Female",
        "M": "Male",
    }


def test_a_new_value_map_begins_with_the_options_of_like_names(connected: Installed) -> None:
    press(press(search(mappings(), "gender"), f"remove {GENDER}"), "Remove mapping")
    page = add(mappings(), "user-gender", "hed__Gender__c")
    assert not page.error
    press(page, "Save")
    assert rows(connected)[-1]["values"] == {"F": "Female", "M": "Male"}


def test_a_value_map_is_left_behind_where_the_new_fields_have_no_use_for_one(connected: Installed) -> None:
    page = press(mappings(), "accept user-addresses-home-country MailingCountry")
    choose(page, "user-custom-gpa", "MailingLatitude")
    press(page, "Save")
    assert rows(connected)[-1] == {
        "element451": "user-custom-gpa",
        "salesforce": "MailingLatitude",
        "owner": "element451",
    }
