"""Ownership and values over several runs (rules 1 to 6)."""

import pytest
from sqlalchemy import select

from syncer.connectors.errors import FieldRefused
from syncer.core.preferences import ExportMode, Scope
from syncer.core.records import System
from syncer.journal.run_state import WHOLE_RUNS, Trigger
from syncer.sync.everything import sync
from syncer.sync.pair_store import PAIRS
from tests.support.world import OURS, SLUG, THEIRS, World, statuses


def test_an_edit_at_the_side_that_does_not_own_the_field_is_put_right_by_the_owner(world: World) -> None:
    ours, theirs = world.pair(
        {"FirstName": "Ann", "Phone": "1"}, {"user_first_name": "Ann", "user_phone_cell_number": "1"}
    )
    world.sync()
    world.salesforce.people.edit(theirs, {"FirstName": "Wrong"})
    world.element451.people.edit(ours, {"user-phone-cell-number": "Wrong"})
    world.sync()
    assert world.in_salesforce(theirs)["FirstName"] == "Ann"
    assert world.in_element451(ours)["user-phone-cell-number"] == "1"


def test_a_newly_mapped_field_is_written_only_once_its_source_has_been_read(world: World) -> None:
    world.contact_fields = [row for row in world.contact_fields if row[0] != "user-custom-notes"]
    ours, theirs = world.pair({"Description": "Theirs"}, {"user_custom_notes": "Ours"})
    world.sync()
    assert world.in_salesforce(theirs)["Description"] == "Theirs"
    world.contact_fields.append(("user-custom-notes", "Description", OURS))
    world.version += 1
    world.sync()
    assert world.in_salesforce(theirs)["Description"] == "Ours", (
        "read once for everybody (backfill), then written"
    )
    assert world.in_element451(ours)["user-custom-notes"] == "Ours"


def test_a_field_that_vanished_from_its_source_blanks_nothing(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.element451.people.edit(ours, {"user-first-name": None})  # how a field that is gone reads
    sync_engine = world.sync_engine()
    sync_engine.may_blank = _gone
    world.later()
    run = sync(sync_engine)
    assert run.state == "failed"
    assert "no longer exists" in run.reason
    assert world.in_salesforce(theirs)["FirstName"] == "Ann"


def test_a_value_that_salesforce_keeps_changing_is_given_up_after_three_runs(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.salesforce.faults.trigger = lambda values: {
        "FirstName": str(values.get("FirstName") or "").upper() or None
    }
    world.element451.people.edit(ours, {"user-first-name": "Zoe"})
    found = [statuses(world.sync()).get("export_contact", {}) for _ in range(5)]
    assert found == [{"updated": 1}, {"updated": 1}, {"updated": 1}, {"failed": 1}, {}]
    assert world.entries()[-1]["reason"] == "Salesforce changes FirstName after each write."
    assert world.in_salesforce(theirs)["FirstName"] == "ZOE"


@pytest.mark.parametrize("trigger", WHOLE_RUNS)
def test_a_whole_run_counts_as_one_of_the_three_whatever_started_it(world: World, trigger: Trigger) -> None:
    ours, _ = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.salesforce.faults.trigger = lambda values: {"FirstName": "ALTERED"}
    world.element451.people.edit(ours, {"user-first-name": "Zoe"})
    started_by = [Trigger.SCHEDULE, trigger, Trigger.SCHEDULE, Trigger.SCHEDULE]
    found = [statuses(world.sync(trigger=each)).get("export_contact") for each in started_by]
    assert found == [{"updated": 1}, {"updated": 1}, {"updated": 1}, {"failed": 1}]


def test_a_person_who_edits_the_same_field_now_and_then_is_no_alteration(world: World) -> None:
    _, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    for name in "ABCDE":
        world.salesforce.people.edit(theirs, {"FirstName": name})
        assert statuses(world.sync())["export_contact"] == {"updated": 1}
        world.sync()
    assert world.in_salesforce(theirs)["FirstName"] == "Ann"


def test_milliseconds_blanks_and_decimals_that_salesforce_drops_do_not_update_for_ever(world: World) -> None:
    ours, theirs = world.pair(
        {"GPA__c": 3.14},
        {
            "user_first_name": " Ann ",
            "user_custom_applied": "2026-01-02T03:04:05+00:00",
            "user_custom_gpa": 3.14159,
        },
    )
    world.contact_fields = [
        (slug, key, OURS if key == "GPA__c" else owner) for slug, key, owner in world.contact_fields
    ]
    world.sync()
    assert (world.in_salesforce(theirs)["FirstName"], world.in_salesforce(theirs)["GPA__c"]) == ("Ann", 3.14)
    world.element451.people.edit(ours, {})
    assert statuses(world.sync()) == {}


def test_changed_match_fields_take_apart_what_was_never_written_and_pair_anew(world: World) -> None:
    world.configure(match_on=("user-email-address",))
    theirs = world.theirs(Email="a@x.edu", FirstName="Ann")
    ours = world.ours(user_last_name="Nobody", user_email_address="a@x.edu", user_first_name="Bea")
    world.dry_run()
    with world.engine.connect() as connection:
        assert len(connection.execute(select(PAIRS)).all()) == 1
    world.configure(match_on=("user-email-address", "user-first-name"), scope=Scope.CONVERSATIONS)
    world.sync()
    with world.engine.connect() as connection:
        assert len(connection.execute(select(PAIRS)).all()) == 2
    assert (world.in_salesforce(theirs).get("Element451_ID__c"), world.in_element451(ours).get(SLUG)) == (
        None,
        None,
    )


def test_a_changed_owner_makes_the_pairs_due_and_the_new_owner_wins(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.configure(update_existing=True)
    world.sync()
    world.configure(export_mode=ExportMode.MATCH_EXISTING)
    world.element451.people.edit(ours, {"user-first-name": "Bea"})
    world.sync()
    world.contact_fields = [
        (slug, key, THEIRS if key == "FirstName" else owner) for slug, key, owner in world.contact_fields
    ]
    world.version += 1
    world.sync()
    assert world.in_element451(ours)["user-first-name"] == "Ann"
    assert world.in_salesforce(theirs)["FirstName"] == "Ann"


def test_contacts_outside_the_scope_are_not_exported_and_stay_in_step_once_they_are_in(world: World) -> None:
    world.configure(scope=Scope.CONVERSATIONS)
    talker, quiet = world.ours(user_last_name="Talker"), world.ours(user_last_name="Quiet")
    world.conversation(talker)
    world.sync()
    assert len(world.contacts()[1]) == 1
    world.configure(sync_conversations=False)
    world.element451.people.edit(talker, {"user-first-name": "New"})
    world.element451.people.edit(quiet, {"user-first-name": "New"})
    world.sync()
    (theirs,) = world.contacts()[1]
    assert world.in_salesforce(theirs)["FirstName"] == "New"


def _gone(system: object, key: str) -> None:
    raise FieldRefused(
        System.ELEMENT451, f"The field {key} no longer exists in Element451.", code="FIELD_GONE"
    )
