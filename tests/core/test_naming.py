"""Which fields name a person, told by their keys."""

import pytest

from syncer.core.person_names import LONGEST, Part, naming, part_of, search_text, shown


@pytest.mark.parametrize(
    ("key", "part"),
    [
        ("user-first-name", Part.GIVEN),
        ("FirstName", Part.GIVEN),
        ("First_Name__c", Part.GIVEN),
        ("LastName", Part.FAMILY),
        ("Name", Part.FULL),
        ("hed__Preferred_Name__c", Part.OTHER),
        ("user-email-address", Part.EMAIL),
        ("Email", Part.EMAIL),
        ("npe01__HomeEmail__c", Part.EMAIL),
        ("hed__Former_First_Name__c", None),
        ("HasOptedOutOfEmail", Part.EMAIL),
        ("user-dob", None),
        ("__c", None),
    ],
)
def test_a_field_that_names_a_person_is_told_by_its_key(key: str, part: Part | None) -> None:
    assert part_of(key) is part


def test_people_are_looked_for_without_regard_to_capitals_by_name_and_then_address() -> None:
    keys = naming(["Email", "Birthdate", "LastName", "FirstName"])
    assert (
        search_text({"FirstName": "Zoë", "LastName": "STRAẞE", "Email": "Z@School.edu"}, keys)
        == "zoë strasse z@school.edu"
    )


def test_somebody_without_name_and_address_is_not_looked_for() -> None:
    assert (
        search_text(
            {"LastName": None, "HasOptedOutOfEmail": True, "Birthdate": "2001-01-01"},
            naming(["LastName", "HasOptedOutOfEmail"]),
        )
        is None
    )


def test_a_name_of_any_length_fits_into_the_index() -> None:
    assert len(search_text({"LastName": "ẞ" * LONGEST}, ("LastName",)) or "") == LONGEST


def test_a_person_is_shown_as_the_first_side_names_them_and_by_the_other_where_it_does_not() -> None:
    ours, theirs = (
        {"user-first-name": "Ann", "user-last-name": "Lee", "user-email-address": None},
        {"Name": "Ann B. Lee", "Email": "ann@x.edu"},
    )
    assert shown(ours, theirs) == ("Ann Lee", "ann@x.edu")
    assert shown({}, theirs) == ("Ann B. Lee", "ann@x.edu")
    assert shown({}, {}) == ("", "")
