"""The page of a student: found from every page, both systems side by side, what happened, and what can be
done."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.student import fields
from tests.support.dashboard import Installed, open_view, rows, texts
from tests.support.logs import entries, nameless

STUDENT = "views/student/view.py"


def somebody(installed: Installed) -> dict[str, Any]:
    """A student who is in both systems, with a mobile phone and an address of their own."""
    contacts = installed.sandbox.records("Contact")
    addresses = [row["Email"] for row in contacts]
    return next(
        row
        for row in contacts
        if row["Element451_ID__c"] and row["MobilePhone"] and addresses.count(row["Email"]) == 1
    )


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
    assert len(rows(page)) > 1
    assert all(common in row["Student"] for row in rows(page))
    assert "may be meant by" in texts(page)


def test_a_conversation_leads_to_whom_it_is_with(synced: Installed) -> None:
    one = entries(synced, kind="conversation", status="upserted")[0]
    by_talk = open_view(STUDENT, record=one["element_id"])
    conversations = [row["Conversation ID"] for row in rows(by_talk, 2)]
    assert one["element_id"] in conversations
    assert all(row["Subject"] and row["Date"] for row in rows(by_talk, 2))


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
    assert list(rows(page, 1)[0]["Status"]) == ["failed"]
