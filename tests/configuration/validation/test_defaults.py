"""Defaults and fixed values: whether new records can get them."""

from typing import Any

import pytest

from tests.support.checked_configuration import errors, problems
from tests.support.documents import CONTACT_IDS, NAMES, document, row
from tests.support.memory_catalogue import STUDENT_TYPES, element451_field, salesforce_field

NEEDED = salesforce_field("StageName", "picklist", options=STUDENT_TYPES, required=True, nillable=False)
OPEN = salesforce_field("Source__c", "picklist", options=STUDENT_TYPES)
FORMULA = salesforce_field("Formula__c", creatable=False, updatable=False)


def fixed(salesforce: str, default: str) -> dict[str, Any]:
    return {"salesforce": salesforce, "default": default}


def test_a_fixed_value_or_a_mapped_field_fills_what_a_new_record_needs() -> None:
    assert any("nothing fills it" in message for _, message in errors(document(), NEEDED))
    assert errors(document([*NAMES, fixed("StageName", "FY")]), NEEDED) == []
    mapped = row("user-education-student-type", "StageName", default="FY")
    assert errors(document([*NAMES, mapped]), NEEDED) == []


@pytest.mark.parametrize(
    ("salesforce", "default", "hint"),
    [
        ("Birthdate", "soon", "today+30d"),
        ("Applied__c", "today", "2026-12-31T18:00:00Z"),
        ("GPA__c", "good", "a number"),
        ("Visits__c", "1.5", "a whole number"),
        ("HasOptedOutOfEmail", "maybe", "true or false"),
        ("Student_Type__c", "Firstyear", "Did you mean FY?"),
        ("Race__c", "White;Green", "Green"),
        ("FirstName", "x" * 41, "takes 40"),
        ("Formula__c", "x", "cannot be written"),
    ],
)
def test_a_fixed_value_that_its_field_does_not_take_is_an_error(
    salesforce: str, default: str, hint: str
) -> None:
    made = document([row("user-last-name", "LastName"), fixed(salesforce, default)])
    ((where, message),) = errors(made, FORMULA)
    assert where == "mappings.contact[3]"
    assert hint in message


@pytest.mark.parametrize(
    ("salesforce", "default"),
    [
        ("Birthdate", "today+30d"),
        ("Birthdate", "2026-12-31"),
        ("Race__c", "White;Asian"),
        ("HasOptedOutOfEmail", "true"),
        ("GPA__c", "3.25"),
        ("AccountId", "001000000000001AAA"),
    ],
)
def test_a_fixed_value_that_fits_is_none(salesforce: str, default: str) -> None:
    assert errors(document([*NAMES, fixed(salesforce, default)])) == []


def test_a_value_outside_an_open_list_is_doubtful_only() -> None:
    made = document([*NAMES, fixed("Source__c", "Fax")])
    assert errors(made, OPEN) == []
    assert any("takes others too" in problem.message for problem in problems(made, OPEN))


def test_a_fixed_value_needs_a_field_that_there_is_and_that_is_not_mapped() -> None:
    (missing,) = errors(document([*NAMES, fixed("Compny", "X")]), salesforce_field("Company"))
    assert "Did you mean Company?" in missing[1]
    twice = errors(document([*NAMES, fixed("FirstName", "X")]))
    assert [where for where, _ in twice] == ["mappings.contact[2]", "mappings.contact[4]"]
    two = errors(document([*NAMES, fixed("Phone", "1"), fixed("Email", "a@b.edu")]))
    assert two == [], "two fixed values have no Element451 field in common"


def test_a_default_must_fit_element451_too_where_contacts_are_created_there() -> None:
    short = element451_field("user-custom-kind", "dropdown", options=STUDENT_TYPES)
    made = [*NAMES, row("user-custom-kind", "Description", default="Other")]
    create: dict[str, Any] = {"import": {"create_new": True}}
    assert errors(document(made), short) == []
    (where, message), *rest = errors(document(made, **create), short)
    assert (where, rest, "Element451" in message) == ("mappings.contact[4]", [], True)


def test_an_id_has_no_default() -> None:
    made = document()
    made["mappings"]["contact"] = [{**CONTACT_IDS[0], "default": "x"}, *made["mappings"]["contact"][1:]]
    ((where, _),) = errors(made)
    assert where == "mappings.contact[0]"


def test_fixed_values_are_no_content_of_a_conversation() -> None:
    made = document(conversation=[fixed("Status__c", "new")])
    assert any("without any content" in problem.message for problem in problems(made))
