"""The value map of a mapping, edited in the dialog of the Mappings page."""

from typing import Any

from tests.dashboard.mapping_page import (
    GENDER,
    add,
    can_press,
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
    values,
)
from tests.support.dashboard import Installed, press


def test_a_value_map_is_edited_in_its_table(synced: Installed) -> None:
    page = edit(GENDER)
    changes: dict[str, Any] = {"edited_rows": {3: {"theirs": "Female"}}, "deleted_rows": [2]}
    values(page, **changes).run()
    page.selectbox("mapping prefers Female").set_value("N")
    values(page, **changes).run()
    save(press(values(page, **changes), "Done"))
    kept = next(row for row in rows(synced) if row["element451"] == "user-gender")["values"]
    assert list(kept.items()) == [("N", "Female"), ("F", "Female"), ("M", "Male")]


def test_values_that_are_not_listed_fail_unless_somebody_chooses_that_they_pass(
    connected: Installed,
) -> None:
    page = edit(GENDER)
    assert page.radio("mapping unlisted").value is False
    page.radio("mapping unlisted").set_value(True).run()
    done(page)
    kept = next(row for row in rows(connected) if row["element451"] == "user-gender")
    assert kept["unlisted"] == "pass"
    assert "are carried over as they are" in said(search(mappings(), "gender"))


def test_half_a_row_of_a_value_map_is_not_saved(connected: Installed) -> None:
    page = edit(GENDER)
    values(page, edited_rows={0: {"theirs": None}}).run()
    assert "The other side's value is missing for “F”" in said(page)
    assert not can_press(page, "Done")


def test_options_of_like_names_fill_the_value_map(connected: Installed) -> None:
    page = edit(GENDER)
    values(page, deleted_rows=[0, 1, 2, 3]).run()
    press(values(page, deleted_rows=[0, 1, 2, 3]), "Add 2 with like names")
    done(page)
    assert next(row for row in rows(connected) if row["element451"] == "user-gender")["values"] == {
        "F": "Female",
        "M": "Male",
    }


def test_a_new_value_map_begins_with_the_options_of_like_names(connected: Installed) -> None:
    page = add(remove(mappings(), "hed__Gender__c"), "user-gender", "hed__Gender__c")
    assert not page.error
    done(page)
    assert row(connected, "hed__Gender__c")["values"] == {"F": "Female", "M": "Male"}


def test_a_value_map_is_left_behind_where_the_new_fields_have_no_use_for_one(connected: Installed) -> None:
    page = add(remove(mappings(), "hed__Gender__c"), "user-gender", "hed__Gender__c")
    choose(page, "user-custom-gpa", "MailingLatitude")
    done(page)
    assert row(connected, "MailingLatitude") == {
        "element451": "user-custom-gpa",
        "salesforce": "MailingLatitude",
        "owner": "element451",
    }


def test_values_that_records_hold_come_first_with_their_counts(synced: Installed) -> None:
    page = edit(GENDER)
    box = page.selectbox("mapping pair element451 0")
    assert box.options[0].endswith(" records")
    box.set_value(box.options[-1])
    page.selectbox("mapping pair salesforce 0").select_index(0).run()
    press(page, "Add pair")
    assert "Value map (4)" in [found.label for found in page.expander]


def test_what_becomes_of_values_that_are_not_listed_is_said_of_each(synced: Installed) -> None:
    page = edit(GENDER)
    taken_out: dict[str, Any] = {"deleted_rows": [0]}
    values(page, **taken_out).run()
    (lines,) = (
        table.value.to_dict("records") for table in page.table if "What will happen" in table.value.columns
    )
    assert [line["Value"] for line in lines if line["Records"] != "–"] == ["Female"]
    assert "fails" in lines[0]["What will happen"]
