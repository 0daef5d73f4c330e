"""Values that may not fit the field that gets them: outside its list, or too long."""

from dataclasses import replace

from tests.support.checked_configuration import problems, warnings
from tests.support.documents import NAMES, document, row
from tests.support.memory_catalogue import salesforce_field


def test_values_that_the_receiving_list_does_not_have_are_told_beforehand() -> None:
    few = salesforce_field("Few__c", "picklist", options=(("FY", "First year"),), restricted=True)
    ((_, message),) = warnings(
        document([*NAMES, row("user-education-student-type", "Few__c", values={"TR": "FY"})]), few
    )
    assert (
        "The value map lacks these values of user education student type (user-education-student-type): “FY”,"
        " “GR”. Add them" in message
    )
    lenient = row("user-education-student-type", "Few__c", values={"TR": "FY"}, unlisted="pass")
    told = [message for _, message in warnings(document([*NAMES, lenient]), few)]
    assert any(
        "does not have these values of user education student type (user-education-student-type): “GR”. Add"
        " them to the value map" in message
        for message in told
    )
    ((_, message),) = warnings(document([*NAMES, row("user-custom-notes", "Phone", values={"a": "b"})]))
    assert "values that the value map does not list will fail" in message
    ((_, message),) = warnings(document([*NAMES, row("user-custom-notes", "Few__c")]), replace(few, length=0))
    assert "may hold anything" in message
    assert warnings(document([*NAMES, row("user-race-categories", "Race__c", "salesforce")])) == []


def test_a_field_that_is_shorter_than_the_values_is_told_beforehand() -> None:
    found = {
        problem.where: problem.message
        for problem in problems(document([*NAMES, row("user-custom-notes", "Description")]))
    }
    assert "may hold up to 255 characters, but FirstName (FirstName) takes 40" in found["mappings.contact[2]"]
    assert (
        "may hold text of any length, but Description (Description) takes 32000"
        in found["mappings.contact[4]"]
    )
    assert "mappings.contact[0]" not in found
