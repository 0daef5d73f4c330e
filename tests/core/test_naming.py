"""Which fields name a person, told by their keys."""

import pytest

from syncer.core.person_names import (
    MAX_SEARCH_LENGTH,
    NamePart,
    name_and_email,
    name_fields,
    name_part,
    search_text,
)


@pytest.mark.parametrize(
    ("key", "part"),
    [
        ("user-first-name", NamePart.GIVEN),
        ("FirstName", NamePart.GIVEN),
        ("First_Name__c", NamePart.GIVEN),
        ("LastName", NamePart.FAMILY),
        ("Name", NamePart.FULL),
        ("hed__Preferred_Name__c", NamePart.OTHER),
        ("user-email-address", NamePart.EMAIL),
        ("Email", NamePart.EMAIL),
        ("npe01__HomeEmail__c", NamePart.EMAIL),
        ("hed__Former_First_Name__c", None),
        ("HasOptedOutOfEmail", NamePart.EMAIL),
        ("user-dob", None),
        ("__c", None),
    ],
)
def test_a_field_that_names_a_person_is_told_by_its_key(key: str, part: NamePart | None) -> None:
    assert name_part(key) is part


def test_people_are_looked_for_without_regard_to_capitals_by_name_and_then_address() -> None:
    keys = name_fields(["Email", "Birthdate", "LastName", "FirstName"])
    assert (
        search_text({"FirstName": "Zoë", "LastName": "STRAẞE", "Email": "Z@School.edu"}, keys)
        == "zoë strasse z@school.edu"
    )


def test_somebody_without_name_and_address_is_not_looked_for() -> None:
    assert (
        search_text(
            {"LastName": None, "HasOptedOutOfEmail": True, "Birthdate": "2001-01-01"},
            name_fields(["LastName", "HasOptedOutOfEmail"]),
        )
        is None
    )


def test_a_name_of_any_length_fits_into_the_index() -> None:
    assert len(search_text({"LastName": "ẞ" * MAX_SEARCH_LENGTH}, ("LastName",)) or "") == MAX_SEARCH_LENGTH


def test_a_person_is_shown_as_the_first_side_names_them_and_by_the_other_where_it_does_not() -> None:
    element451, salesforce = (
        {"user-first-name": "Ann", "user-last-name": "Lee", "user-email-address": None},
        {"Name": "Ann B. Lee", "Email": "ann@x.edu"},
    )
    assert name_and_email(element451, salesforce) == ("Ann Lee", "ann@x.edu")
    assert name_and_email({}, salesforce) == ("Ann B. Lee", "ann@x.edu")
    assert name_and_email({}, {}) == ("", "")
