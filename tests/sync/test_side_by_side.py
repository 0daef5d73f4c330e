"""A plan, field by field: what comes in, what is there, what goes out."""

from typing import Any

from syncer.core.pair import NEW
from syncer.core.records import System
from syncer.sync.planning.side_by_side import FieldOutcome, UnknownValue, compare_fields

MAPPED = [
    {"element451": "user-elementid", "salesforce": "Element451_ID__c", "owner": "element451"},
    {"element451": "user-identities-salesforceid", "salesforce": "Id", "owner": "salesforce"},
    {"element451": "user-first-name", "salesforce": "FirstName", "owner": "element451"},
    {"element451": "user-dob", "salesforce": "Birthdate", "owner": "salesforce"},
    {"element451": "user-last-name", "salesforce": "LastName", "owner": "element451"},
]
OURS, THEIRS = "a" * 24, "003000000000001AAA"


def plan(**more: Any) -> dict[str, Any]:
    made = {
        "kind": "contact",
        "direction": "export",
        "element_id": OURS,
        "salesforce_id": THEIRS,
        "status": "updated",
    }
    changes = [
        {
            "element451": "user-last-name",
            "salesforce": "LastName",
            "owner": "element451",
            "before": "Lee",
            "after": "Li",
        }
    ]
    incoming = {"user-first-name": "Ann", "user-last-name": "Li", "user-identities-salesforceid": THEIRS}
    return (
        made
        | {"changes": changes, "incoming": incoming, "outgoing": {"FirstName": "Ann", "LastName": "Li"}}
        | more
    )


def test_what_changes_comes_first_and_every_mapped_field_is_there() -> None:
    found = compare_fields(plan(), MAPPED, {"Birthdate": "2001-01-01", "Element451_ID__c": OURS})
    assert [(line.salesforce, line.outcome) for line in found] == [
        ("LastName", FieldOutcome.CHANGED),
        ("Element451_ID__c", FieldOutcome.SAME),
        ("Id", FieldOutcome.OWNED_BY_TARGET),
        ("FirstName", FieldOutcome.SAME),
        ("Birthdate", FieldOutcome.OWNED_BY_TARGET),
    ]
    assert [(line.before, line.after) for line in found] == [
        ("Lee", "Li"),
        (OURS, OURS),
        (THEIRS, THEIRS),
        ("Ann", "Ann"),
        ("2001-01-01", "2001-01-01"),
    ]
    assert [line.incoming for line in found] == ["Li", OURS, THEIRS, "Ann", UnknownValue.UNREAD]
    assert found[-1].owner is System.SALESFORCE


def test_what_was_never_read_is_not_taken_for_empty() -> None:
    change = {
        "element451": "user-first-name",
        "salesforce": "FirstName",
        "owner": "element451",
        "before": None,
        "after": "Ann",
        "known": False,
    }
    found = {
        line.salesforce: line
        for line in compare_fields(
            plan(changes=[change], outgoing={"FirstName": "Ann"}, incoming={"user-first-name": "Ann"}),
            MAPPED,
            {},
        )
    }
    assert (found[("FirstName")].before, found["FirstName"].outcome) == (
        UnknownValue.UNREAD,
        FieldOutcome.CHANGED,
    )
    assert (found[("LastName")].incoming, found["LastName"].outcome) == (
        UnknownValue.UNREAD,
        FieldOutcome.UNREAD,
    )


def test_a_record_that_is_to_be_created_holds_nothing_before() -> None:
    outgoing = {"FirstName": "Ann", "Element451_ID__c": OURS}
    changes = [
        {
            "element451": "user-first-name",
            "salesforce": "FirstName",
            "owner": "element451",
            "before": None,
            "after": "Ann",
        },
        {
            "element451": "user-elementid",
            "salesforce": "Element451_ID__c",
            "owner": "element451",
            "before": None,
            "after": OURS,
        },
    ]
    found = compare_fields(
        plan(status="inserted", salesforce_id=None, changes=changes, outgoing=outgoing), MAPPED, {}
    )
    assert {line.before for line in found} == {UnknownValue.NO_RECORD}
    assert [line.salesforce for line in found if line.outcome is FieldOutcome.CHANGED] == [
        "Element451_ID__c",
        "FirstName",
    ]
    assert compare_fields(plan(salesforce_id=NEW), MAPPED, {})[0].before is UnknownValue.NO_RECORD


def test_a_fixed_value_is_shown_where_it_is_sent() -> None:
    mapped = [*MAPPED, {"salesforce": "StageName", "default": "Inquiry"}]
    outgoing = {"FirstName": "Ann", "StageName": "Inquiry"}
    found = compare_fields(plan(status="inserted", salesforce_id=None, outgoing=outgoing), mapped, {})
    (line,) = [line for line in found if line.salesforce == "StageName"]
    assert (line.element451, line.after, line.outcome) == ("", "Inquiry", FieldOutcome.CHANGED)
    assert all(line.salesforce != "StageName" for line in compare_fields(plan(), mapped, {}))


def test_of_what_is_left_alone_nothing_is_sent() -> None:
    found = compare_fields(plan(status="ignored", changes=[], outgoing={}), MAPPED, {"FirstName": "Anna"})
    assert {line.outcome for line in found} == {FieldOutcome.NOT_SENT}
    assert [line.after for line in found if line.salesforce == "FirstName"] == ["Anna"]
