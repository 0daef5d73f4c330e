"""What differs between two configurations, in an analyst's words."""

from typing import Any

from syncer.configuration.config_file import validate
from syncer.configuration.diff import diff_documents
from syncer.configuration.preference_labels import PREFERENCE_LABELS
from tests.support.documents import NAMES, document, row

DOB = row("user-dob", "Birthdate", "salesforce")
GENDER = row("user-gender", "Gender__c", values={"F": "Female", "M": "Male"})


def lines(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [found.line for found in diff_documents(before, after)]


def test_two_equal_configurations_have_no_difference() -> None:
    assert diff_documents(document([GENDER]), document([GENDER])) == []


def test_preferences_are_called_as_on_their_page() -> None:
    before = validate({"preferences": {"import": {"update_existing": False}}})
    preferences = {
        "export": {"mode": "update_existing_and_import_new", "scope": "all"},
        "match_on": ["user-first-name"],
        "interval_minutes": 1,
        "guard": {"percent": 10},
    }
    after = validate({"preferences": preferences | {"import": {"update_existing": True}}})
    assert lines(before, after) == [
        "Update Existing: off → on",
        "Export Mode: Match Existing and Import New → Update Existing and Import New",
        "Which contacts: Contacts who take part in a conversation → All contacts",
        "Match fields: none → user-first-name",
        "Sync every: 15 minutes → 1 minute",
        "Ask above this share: 20 % → 10 %",
    ]


def test_every_preference_has_a_name() -> None:
    def paths(part: dict[str, Any], *above: str) -> set[tuple[str, ...]]:
        return {
            path
            for key, value in part.items()
            for path in (paths(value, *above, key) if isinstance(value, dict) else {(*above, key)})
        }

    assert {label.path for label in PREFERENCE_LABELS} == paths(validate({})["preferences"])


def test_mapped_fields_that_come_go_or_change_hands_are_told_one_by_one() -> None:
    first, last = NAMES
    before, after = document([first, last]), document([first | {"owner": "salesforce"}, DOB])
    assert lines(before, after) == [
        "− user-last-name ↔ LastName",
        "user-first-name ↔ FirstName: owner Element451 → Salesforce",
        "+ user-dob ↔ Birthdate (owner Salesforce)",
    ]


def test_a_mapped_field_whose_half_was_exchanged_is_the_same_one() -> None:
    assert lines(document([DOB]), document([DOB | {"salesforce": "Born__c"}])) == [
        "user-dob ↔ Born__c: Salesforce field Birthdate → Born__c"
    ]
    assert lines(document([DOB]), document([DOB | {"element451": "user-born"}])) == [
        "user-born ↔ Birthdate: Element451 field user-dob → user-born"
    ]


def test_a_value_map_is_compared_value_by_value_and_its_order_counts() -> None:
    mapped = "user-gender ↔ Gender__c: value map,"
    assert lines(document([GENDER]), document([GENDER | {"values": {"F": "Woman", "X": "Other"}}])) == [
        f"{mapped} F = Female → Woman",
        f"− {mapped} M = Male",
        f"+ {mapped} X = Other",
    ]
    turned = document([GENDER | {"values": {"M": "Male", "F": "Female"}}])
    order = "user-gender ↔ Gender__c: the order of the value map F = Female, M = Male → M = Male, F = Female"
    assert lines(document([GENDER]), turned) == [order]


def test_defaults_and_fixed_values_are_told() -> None:
    fixed = {"salesforce": "StageName", "default": "Inquiry"}
    assert lines(document([DOB]), document([DOB | {"default": "today"}, fixed])) == [
        "user-dob ↔ Birthdate: default none → today",
        "+ StageName (fixed value) (Inquiry)",
    ]
    assert lines(document([fixed]), document([fixed | {"default": "Applied"}])) == [
        "StageName (fixed value): default Inquiry → Applied"
    ]
    mapped = row("user-stage", "StageName")
    assert lines(document([fixed]), document([mapped])) == [
        "user-stage ↔ StageName: Element451 field none → user-stage",
        "user-stage ↔ StageName: owner nobody → Element451",
        "user-stage ↔ StageName: default Inquiry → none",
    ]
    assert lines(document([DOB, fixed]), document([DOB])) == ["− StageName (fixed value)"]


def test_what_becomes_of_values_that_are_not_listed_is_told() -> None:
    passing = GENDER | {"unlisted": "pass"}
    assert lines(document([GENDER]), document([passing])) == [
        "user-gender ↔ Gender__c: values that are not listed fail → pass unchanged"
    ]
    (added,) = lines(document([]), document([passing]))
    assert added.endswith("others pass unchanged)")
    assert lines(document([DOB]), document([DOB | {"unlisted": "pass"}])) == [], "there is no value map"


def test_mapped_fields_in_another_order_are_a_difference_too() -> None:
    assert lines(document(NAMES), document(NAMES[::-1])) == ["The order of the 4 mapped fields"]


def test_fields_are_called_as_people_call_them_where_that_is_known() -> None:
    labels = {"user-dob": "Birthdate", "user-gender": "Gender", "Gender__c": "Sex"}
    found = diff_documents(
        document([]), document([DOB, GENDER]), lambda kind, system, key: labels.get(key, key)
    )
    assert [one.what for one in found] == ["Birthdate", "Gender ↔ Sex"]
    assert (found[0].keys, found[0].group) == (("user-dob", "Birthdate"), "Contact mapping")
    talk = diff_documents(
        document(),
        document(None, [row("conversation-tags", "Tags__c")]),
        lambda kind, system, key: f"{kind} {system} {key}",
    )
    assert [one.what for one in talk] == [
        "conversation element451 conversation-tags ↔ conversation salesforce Tags__c"
    ]
