"""A value that does not fit stays behind alone, in a preview and in the run alike, and what was valid once
freezes nothing (rules 1 and 15)."""

from dataclasses import replace
from typing import Any

import pytest

from syncer.core.plan import Direction
from syncer.sync.on_demand import preview
from syncer.sync.record_refresh import RecordRequest
from tests.support.world import OURS, World, statuses

LONG = "Wolfeschlegelsteinhausenbergerdorff-Montgomery"


def written_to(world: World, record: str, since: int = 0) -> list[dict[str, Any]]:
    journal = [*world.salesforce.journal, *world.element451.journal]
    return [dict(entry.values) for entry in journal[since:] if entry.id == record]


@pytest.mark.parametrize(
    ("slug", "key", "value"),
    [
        ("user-first-name", "FirstName", LONG),
        ("user-email-address", "Email", "ann at x.edu"),
        ("user-last-name", "LastName", None),
        ("user-custom-visits", "Visits__c", 1_000_000),
        ("user-custom-applied", "Applied__c", "1023-05-04T10:00:00+00:00"),
    ],
)
def test_of_an_export_the_misfit_alone_stays_behind(world: World, slug: str, key: str, value: Any) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    before = world.in_salesforce(theirs).get(key)
    world.element451.people.edit(ours, {slug: value, "user-custom-notes": "New"})
    request = RecordRequest(Direction.EXPORT, None, ours)
    (foreseen,) = preview(world.sync_engine(), request)
    code = "VALUE_DOES_NOT_FIT" if value else "REQUIRED_FIELD_MISSING"
    run = world.sync()
    assert statuses(run)["export_contact"] == {"failed": 1}
    entry = world.entries()[-1]
    assert (foreseen.status, foreseen.code, foreseen.reason) == (
        entry["status"],
        code,
        entry["reason"],
    )
    assert entry["code"] == code
    held = world.in_salesforce(theirs)
    assert (held.get(key), held["Description"]) == (before, "New")
    changes = {change["salesforce"]: change for change in entry["changes"]}
    assert (changes[key]["before"], changes[key]["after"], changes[key]["left_out"]) == (before, value, True)
    assert "left_out" not in changes["Description"]


def test_of_an_import_the_misfit_alone_stays_behind(world: World) -> None:
    few = (("FY", "First year"),)
    fields = world.element451.people.fields
    slug = "user-education-student-type"
    fields[slug] = replace(fields[slug], options=few)
    ours, theirs = world.pair({"Phone": "1", "Student_Type__c": "FY"})
    world.sync()
    world.salesforce.people.edit(theirs, {"Phone": "2", "Student_Type__c": "GR"})
    (foreseen,) = preview(world.sync_engine(), RecordRequest(Direction.IMPORT, theirs, None))
    run = world.sync()
    assert statuses(run)["import_contact"] == {"failed": 1}
    held, entry = world.in_element451(ours), world.entries()[-1]
    assert (held["user-phone-cell-number"], held[slug]) == ("2", "FY")
    assert (foreseen.status, foreseen.reason) == (entry["status"], entry["reason"])
    (left_out,) = [change for change in entry["changes"] if change.get("left_out")]
    assert (left_out["element451"], left_out["before"], left_out["after"]) == (slug, "FY", "GR")


def test_a_misfit_that_stays_is_neither_written_nor_logged_again(world: World) -> None:
    ours, _ = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.element451.people.edit(ours, {"user-first-name": LONG, "user-custom-notes": "New"})
    world.sync()
    writes, entries = len(world.writes()), len(world.entries())
    for _ in range(3):
        assert statuses(world.sync()) == {}
    assert (len(world.writes()), len(world.entries())) == (writes, entries)


def test_a_misfit_goes_on_by_itself_once_it_is_corrected(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.element451.people.edit(ours, {"user-first-name": LONG})
    world.sync()
    world.element451.people.edit(ours, {"user-first-name": "Wolfe"})
    assert statuses(world.sync())["export_contact"] == {"updated": 1}
    assert world.in_salesforce(theirs)["FirstName"] == "Wolfe"


def test_a_misfit_goes_on_by_itself_once_the_field_takes_it(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.element451.people.edit(ours, {"user-first-name": LONG})
    world.sync()
    fields = world.salesforce.people.entities_by_name["Contact"].fields
    fields["FirstName"] = replace(fields["FirstName"], length=80)
    assert statuses(world.sync())["export_contact"] == {"updated": 1}
    assert world.in_salesforce(theirs)["FirstName"] == LONG


def test_a_creation_with_a_misfit_fails_whole(world: World) -> None:
    world.configure(create_new=True)
    ours = world.ours(user_last_name="Ray", user_first_name=LONG)
    theirs = world.theirs(LastName="Öz", Student_Type__c="GR")
    fields, slug = world.element451.people.fields, "user-education-student-type"
    fields[slug] = replace(fields[slug], options=(("FY", "First year"),))
    plans, _ = world.dry_run()
    run = world.sync()
    assert statuses(run) == {"import_contact": {"failed": 1}, "export_contact": {"failed": 1}}
    assert {plan.status for plan in plans} == {"failed"}
    assert world.contacts() == ([ours], [theirs])
    entries = {entry["direction"]: entry for entry in world.entries()}
    assert [entry["code"] for entry in entries.values()] == ["VALUE_DOES_NOT_FIT"] * 2
    (out,), (back,) = entries["export"]["changes"], entries["import"]["changes"]
    assert (out["salesforce"], out["before"], out["after"]) == ("FirstName", None, LONG)
    assert (back["element451"], back["before"], back["after"]) == (slug, None, "GR")


def test_a_creation_without_a_required_value_is_known_to_fail(world: World) -> None:
    world.ours(user_first_name="Ann")
    plans, _ = world.dry_run()
    assert [(plan.status, plan.code) for plan in plans] == [("failed", "REQUIRED_FIELD_MISSING")]
    assert statuses(world.sync())["export_contact"] == {"failed": 1}
    assert world.salesforce.journal == []


def test_an_old_value_that_is_no_longer_valid_does_not_freeze_the_record(world: World) -> None:
    world.contact_fields = [
        (slug, key, OURS if key == "Student_Type__c" else owner) for slug, key, owner in world.contact_fields
    ]
    ours, theirs = world.pair(
        {"Student_Type__c": "TR"}, {"user_education_student_type": "TR", "user_first_name": "Ann"}
    )
    world.sync()
    fields = world.salesforce.people.entities_by_name["Contact"].fields
    fields["Student_Type__c"] = replace(fields["Student_Type__c"], options=(("FY", "First year"),))
    world.element451.people.edit(ours, {"user-first-name": "Zoe"})
    assert statuses(world.sync())["export_contact"] == {"updated": 1}
    held = world.in_salesforce(theirs)
    assert (held["FirstName"], held["Student_Type__c"]) == ("Zoe", "TR")


def test_an_old_option_of_element451_does_not_freeze_the_contact(world: World) -> None:
    ours, theirs = world.pair({"Student_Type__c": "TR", "Phone": "1"}, {"user_education_student_type": "TR"})
    world.sync()
    fields, slug = world.element451.people.fields, "user-education-student-type"
    fields[slug] = replace(fields[slug], options=(("FY", "First year"),))
    world.salesforce.people.edit(theirs, {"Phone": "2"})
    assert statuses(world.sync())["import_contact"] == {"updated": 1}
    held = world.in_element451(ours)
    assert (held["user-phone-cell-number"], held[slug]) == ("2", "TR")


def test_to_salesforce_go_only_the_owned_fields_that_differ(world: World) -> None:
    ours, theirs = world.pair(
        {"FirstName": "Ann", "Email": "a@x.edu"}, {"user_first_name": "Ann", "user_email_address": "a@x.edu"}
    )
    world.sync()
    since = len(world.salesforce.journal)
    world.element451.people.edit(ours, {"user-first-name": "Zoe"})
    world.sync()
    (entry,) = world.salesforce.journal[since:]
    assert (entry.id, entry.fields) == (theirs, ("FirstName",))


def test_a_partly_written_update_that_the_org_refuses_was_not_written_at_all(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.salesforce.faults.refuse("New")
    world.element451.people.edit(ours, {"user-first-name": LONG, "user-custom-notes": "New"})
    world.sync()
    entry = world.entries()[-1]
    assert entry["code"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert all(change["left_out"] for change in entry["changes"])
    assert "Description" not in world.in_salesforce(theirs)


def test_a_value_that_is_altered_after_each_write_stops_itself_only(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.salesforce.faults.trigger = lambda values: {
        "FirstName": str(values.get("FirstName") or "").upper() or None
    }
    world.element451.people.edit(ours, {"user-first-name": "Zoe"})
    for _ in range(3):
        world.sync()
    world.element451.people.edit(ours, {"user-custom-notes": "New"})
    assert statuses(world.sync())["export_contact"] == {"failed": 1}
    assert world.in_salesforce(theirs)["Description"] == "New"
    assert world.entries()[-1]["code"] == "ALTERED_AFTER_WRITE"
