"""The page of a student: found from every page, both systems side by side, what happened, and what can be
done."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.student import fields
from tests.support.dashboard import Installed, open_view, press, rows, statuses, texts
from tests.support.logs import entries, listed, nameless

STUDENT = "views/student/view.py"


def somebody(installed: Installed, at: int = 0) -> dict[str, Any]:
    """A student who is in both systems, with a mobile phone and an address of their own; tests that edit one
    take another one each (``at``), for the sandbox is shared."""
    contacts = installed.sandbox.records("Contact")
    addresses, others = [row["Email"] for row in contacts], nameless(installed.sandbox)
    found = [
        row
        for row in sorted(contacts, key=lambda row: str(row["Id"]))
        if row["Element451_ID__c"] and row["MobilePhone"] and addresses.count(row["Email"]) == 1
    ]
    return [row for row in found if row["Element451_ID__c"] not in others][at]


def field(page: AppTest, label: str) -> dict[str, Any]:
    """The row of a field."""
    return next(row for row in rows(page) if row["Field"] == label)


# --- found


def test_a_student_is_found_from_the_top_of_any_page_by_address_and_by_either_id(synced: Installed) -> None:
    one = somebody(synced)
    for asked in (one["Email"], one["Id"], one["Element451_ID__c"]):
        page = open_view("views/runs/view.py")
        page.text_input(key="find student").set_value(asked).run()
        assert page.title[0].value.replace("\\", "") == f"{one['FirstName']} {one['LastName']}", asked
        assert page.text_input(key="find student").value == ""


def test_of_several_who_may_be_meant_a_list_is_shown(synced: Installed) -> None:
    names = [str(row["LastName"]) for row in synced.sandbox.records("Contact")]
    common = max(names, key=names.count)
    page = open_view(STUDENT, find=common)
    found = [button for button in page.button if str(button.key).startswith("found ")]
    assert len(found) > 1
    assert all(common in button.label for button in found)
    assert "may be meant by" in texts(page)
    identity = str(found[0].key).removeprefix("found ")
    found[0].click().run()
    assert page.query_params == {"record": identity}


def test_a_conversation_leads_to_whom_it_is_with(synced: Installed) -> None:
    one = entries(synced, kind="conversation", status="upserted")[0]
    by_talk = open_view(STUDENT, record=one["element_id"])
    conversations = by_talk.table[0].value.to_dict("records")
    assert one["element_id"] in [row["Conversation ID"] for row in conversations]
    assert all(row["Subject"] and row["Date"] for row in conversations)


@pytest.mark.parametrize("asked", ["<b>nobody</b>", "003000000000001AAA"])
def test_nobody_is_said_to_be_nobody(synced: Installed, asked: str) -> None:
    for query in ({"find": asked}, {"record": asked}):
        assert "Nobody is known by" in texts(open_view(STUDENT, **query))


def test_before_anything_is_mapped_the_page_says_what_comes_first(installation: Installed) -> None:
    assert "Nothing is mapped yet" in texts(open_view(STUDENT))


# --- both sides


def test_both_systems_stand_side_by_side_with_owner_and_whether_they_agree(synced: Installed) -> None:
    one = somebody(synced)
    page = open_view(STUDENT, record=one["Id"])
    phone = field(page, "Mobile Phone")
    assert (phone["Element451"], phone["Salesforce"], phone["Owner"]) == (
        one["MobilePhone"],
        one["MobilePhone"],
        "Element451",
    )
    assert list(phone["Together"]) == [fields.AGREE]
    assert field(page, "Birthdate")["Owner"] == "Salesforce"
    assert "Element451 ID" not in [row["Field"] for row in rows(page)]


def test_who_fails_is_said_to_and_differs(failing: Installed) -> None:
    page = open_view(STUDENT, record=nameless(failing.sandbox)[0])
    assert "failing now" in texts(page)
    assert list(rows(page)[0]["Together"]) == [fields.DIFFER]
    assert (rows(page)[0]["Field"], rows(page)[0]["Element451"]) == ("Last Name", "empty")
    assert ":red-badge[failing now]" in listed(page, failing)[0]["label"]


# --- why


def why(page: AppTest, label: str) -> AppTest:
    """Ask Why? of a field."""
    page.selectbox(key="choose a field").set_value(API_NAMES[label])
    return page.run()


API_NAMES = {"First Name": "FirstName", "Mobile Phone": "MobilePhone"}


def hasty(installed: Installed, at: int) -> tuple[dict[str, Any], str]:
    """A student whose first name a run overwrote in Salesforce, and that name."""
    one, name = somebody(installed, at), "Hasty"
    installed.sandbox.clock(advance=3600)
    installed.sandbox.edit_element451("contact", {one["Element451_ID__c"]: {"user-first-name": name}})
    installed.sync()
    return one, name


def first_name(installed: Installed, record: str) -> str:
    """As Salesforce has it now."""
    rows = installed.sandbox.records("Contact")
    return next(str(row["FirstName"]) for row in rows if row["Id"] == record)


def test_why_tells_who_wrote_a_value_and_what_stood_before_and_puts_it_back(synced: Installed) -> None:
    one, _ = hasty(synced, 1)
    page = why(open_view(STUDENT, record=one["Element451_ID__c"]), "First Name")
    said = texts(page).replace("\\", "")
    assert "Element451 owns it since settings version" in said
    assert f"wrote it; before: {one['FirstName']}" in said
    page.button(key="put back field").click().run()
    synced.work()
    page.run()
    assert "Values: 1 put back." in texts(page).replace("\\", "")
    assert first_name(synced, one["Id"]) == one["FirstName"]
    assert field(page, "First Name")["Held"]
    synced.sync()
    assert first_name(synced, one["Id"]) == one["FirstName"]


def test_the_last_write_is_put_back_after_a_question(synced: Installed) -> None:
    one, name = hasty(synced, 2)
    page = open_view(STUDENT, record=one["Id"])
    assert f"First Name {one['FirstName']} → {name}" in texts(page).replace("\\", "")
    page.button(key="put back last write").click().run()
    synced.work()
    assert first_name(synced, one["Id"]) == one["FirstName"]


def test_what_was_changed_since_is_left_and_nobody_is_told_otherwise(synced: Installed) -> None:
    one, _ = hasty(synced, 3)
    page = open_view(STUDENT, record=one["Id"])
    synced.sandbox.edit("Contact", one["Id"], FirstName="By hand")
    page.button(key="put back last write").click().run()
    synced.work()
    page.run()
    assert first_name(synced, one["Id"]) == "By hand"
    assert not page.success
    assert "1 changed since, and left" in texts(page).replace("\\", "")


# --- held


def test_a_student_is_held_with_a_reason_and_released(synced: Installed) -> None:
    one = somebody(synced, 11)
    page = open_view(STUDENT, record=one["Id"])
    press(page, "hold whole")
    assert "A hold needs a reason" in texts(page)
    page.text_input(key=f"reason whole {one['Element451_ID__c']}").set_value("asked by the dean").run()
    press(page, "hold whole")
    assert rows(page)[0]["Held"] == "by this machine"
    synced.sandbox.clock(advance=3600)
    synced.sandbox.edit_element451("contact", {one["Element451_ID__c"]: {"user-first-name": "Kept"}})
    synced.sync()
    assert first_name(synced, one["Id"]) == one["FirstName"]
    page = press(open_view(STUDENT, record=one["Id"]), "Release")
    synced.sync()
    assert first_name(synced, one["Id"]) == "Kept"


def test_one_field_is_held_and_the_others_go_on(synced: Installed) -> None:
    one = somebody(synced, 12)
    page = why(open_view(STUDENT, record=one["Element451_ID__c"]), "First Name")
    page.text_input(key=f"reason FirstName {one['Element451_ID__c']}").set_value("a nickname")
    press(page, "hold FirstName")
    assert [row["Field"] for row in rows(page) if row["Held"]] == ["First Name"]


# --- previewed, tested, retried


def test_a_preview_shows_both_directions_and_a_test_does_it(synced: Installed) -> None:
    one = somebody(synced, 13)
    synced.sandbox.clock(advance=3600)
    synced.sandbox.edit_element451("contact", {one["Element451_ID__c"]: {"user-first-name": "Tested"}})
    page = press(open_view(STUDENT, record=one["Id"]), "Preview")
    synced.work()
    page.run()
    assert "What the next run would do" in texts(page)
    assert "updated" in statuses(page)
    assert first_name(synced, one["Id"]) == one["FirstName"]
    press(page, "test export")
    synced.work()
    page.run()
    assert "What the test did" in texts(page)
    assert first_name(synced, one["Id"]) == "Tested"


def test_a_retry_that_fixes_nothing_is_not_green(failing: Installed) -> None:
    page = press(open_view(STUDENT, record=nameless(failing.sandbox)[0]), "Retry")
    failing.work()
    page.run()
    assert "1 tried, 0 fixed." in texts(page).replace("\\", "")
    assert not page.success


def test_a_viewer_sees_everything_and_does_nothing(failing: Installed, people: None) -> None:
    page = open_view(STUDENT, by="viewer@school.edu", record=nameless(failing.sandbox)[0])
    enabled = {
        button.label
        for button in page.button
        if not (button.disabled or str(button.key).startswith("entry "))
    }
    assert enabled <= {"Preview", "Sign out"}
    assert "failing now" in texts(page)
