"""Value maps: which values they may name."""

from tests.support.checked_configuration import errors, one_error, warnings
from tests.support.documents import NAMES, document, row
from tests.support.memory_catalogue import salesforce_field

OPEN = {"TR": "Web", "GR": "Web"}
TYPE = {"FY": "FY", "TR": "TR", "GR": "GR"}


def test_a_value_map_names_values_that_exist() -> None:
    wrong = row(
        "user-education-student-type",
        "Student_Type__c",
        values={**TYPE, "XX": "FY", "First year": "Fist year"},
    )
    found = [
        message for where, message in errors(document([*NAMES, wrong])) if where == "mappings.contact[4]"
    ]
    assert len(found) == 2
    assert "“First year” is only its label; the value is “FY”." in found[0]
    assert "Did you mean FY?" in found[1]


def test_a_value_that_the_owners_field_lists_no_more_may_be_translated() -> None:
    old = document(
        [*NAMES, row("user-education-student-type", "Student_Type__c", values={**TYPE, "XX": "FY"})]
    )
    assert not [message for where, message in errors(old) if where == "mappings.contact[4]"]
    assert any("“XX”, which is not one of the values of user education" in said for _, said in warnings(old))


def test_letting_values_pass_that_a_value_map_does_not_list_is_warned_of() -> None:
    def told(**more: str) -> bool:
        made = document([*NAMES, row("user-education-student-type", "Student_Type__c", values=TYPE, **more)])
        return any("carried over as they are" in message for _, message in warnings(made))

    assert told(unlisted="pass")
    assert not told()


def test_a_value_outside_an_open_list_is_only_doubtful() -> None:
    open_list = salesforce_field("Source__c", "picklist", options=(("Web", "Web"),))
    ((where, message),) = warnings(
        document([*NAMES, row("user-education-student-type", "Source__c", values={**OPEN, "FY": "Fair"})]),
        open_list,
    )
    assert (where, "“Fair”, which is not one of the values" in message) == ("mappings.contact[4]", True)


def test_a_value_map_for_yes_and_no_says_true_and_false() -> None:
    where, message = one_error(
        document([*NAMES, row("user-education-student-type", "HasOptedOutOfEmail", values={"FY": "Y"})])
    )
    assert (where, "holds true or false" in message) == ("mappings.contact[4]", True)
    ((where, message),) = warnings(
        document(
            [
                *NAMES,
                row(
                    "user-education-student-type", "HasOptedOutOfEmail", values={"FY": "true", "TR": "false"}
                ),
            ]
        )
    )
    assert (where, "“GR”" in message) == ("mappings.contact[4]", True)
