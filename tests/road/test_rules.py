"""Rules of DESIGN.md §3 that need a story of several runs."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from syncer.modes import ExportMode, GuardLimits, Scope
from syncer.pairs import PAIRS
from syncer.records import System
from syncer.run import reject
from syncer.systems.errors import Cause, FieldRefused
from tests.support.memory import EVERYTHING
from tests.support.world import OURS, SLUG, THEIRS, World, statuses


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine)
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    return world


class Killed(BaseException):
    """The process dies here."""


# ownership and values


def test_an_edit_at_the_side_that_does_not_own_the_field_is_put_right_by_the_owner(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann", "Phone": "1"}, {"user_first_name": "Ann", "user_phone_cell_number": "1"})
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
    assert world.in_salesforce(theirs)["Description"] == "Ours", "read once for everybody (backfill), then written"
    assert world.in_element451(ours)["user-custom-notes"] == "Ours"


def test_a_field_that_vanished_from_its_source_blanks_nothing(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.element451.people.edit(ours, {"user-first-name": None})  # how a field that is gone reads
    road = world.road()
    road.may_blank = _gone
    world.later()
    run = road.run()
    assert run.state == "failed"
    assert "no longer exists" in run.reason
    assert world.in_salesforce(theirs)["FirstName"] == "Ann"


def test_a_value_that_salesforce_keeps_changing_is_given_up_after_three_runs(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.salesforce.faults.trigger = lambda values: {"FirstName": str(values.get("FirstName") or "").upper() or None}
    world.element451.people.edit(ours, {"user-first-name": "Zoe"})
    found = [statuses(world.sync()).get("export_contact", {}) for _ in range(5)]
    assert found == [{"updated": 1}, {"updated": 1}, {"updated": 1}, {"failed": 1}, {}]
    assert world.entries()[-1]["reason"] == "Salesforce changes FirstName after each write."
    assert world.in_salesforce(theirs)["FirstName"] == "ZOE"


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
        {"GPA__c": 3.14}, {"user_first_name": " Ann ", "user_custom_applied": "2026-01-02T03:04:05+00:00", "user_custom_gpa": 3.14159}
    )
    world.contact_fields = [(slug, key, OURS if key == "GPA__c" else owner) for slug, key, owner in world.contact_fields]
    world.sync()
    assert (world.in_salesforce(theirs)["FirstName"], world.in_salesforce(theirs)["GPA__c"]) == ("Ann", 3.14)
    world.element451.people.edit(ours, {})
    assert statuses(world.sync()) == {}


# pairing


def test_an_id_that_was_edited_is_restored_where_updates_are_on_and_fails_where_they_are_off(world: World) -> None:
    ours, theirs = world.pair()
    world.sync()
    world.salesforce.people.edit(theirs, {"Element451_ID__c": "f" * 24})
    assert statuses(world.sync())["export_contact"] == {"updated": 1}
    assert world.in_salesforce(theirs)["Element451_ID__c"] == ours
    world.configure(export_mode=ExportMode.MATCH_EXISTING)
    world.salesforce.people.edit(theirs, {"Element451_ID__c": "f" * 24})
    assert statuses(world.sync())["export_contact"] == {"failed": 1}
    assert world.in_salesforce(theirs)["Element451_ID__c"] == "f" * 24


def test_an_id_that_was_emptied_is_written_again_in_any_mode(world: World) -> None:
    world.configure(export_mode=ExportMode.MATCH_EXISTING, update_existing=False, scope=Scope.CONVERSATIONS)
    ours, theirs = world.pair()
    world.sync()
    world.salesforce.people.edit(theirs, {"Element451_ID__c": None})
    world.element451.people.edit(ours, {SLUG: None})
    world.sync()
    assert world.in_salesforce(theirs)["Element451_ID__c"] == ours
    assert world.in_element451(ours)[SLUG] == theirs


def test_contacts_with_the_same_email_are_paired_only_where_there_is_exactly_one_on_each_side(world: World) -> None:
    world.configure(match_on=("user-email-address",), create_new=True)
    lone = world.theirs(Email="Lone@x.edu"), world.ours(user_last_name="Nobody", user_email_address="lone@X.edu")
    twin = world.theirs(Email="twin@x.edu"), world.theirs(Email="TWIN@x.edu"), world.ours(user_last_name="T", user_email_address="twin@x.edu")
    run = world.sync()
    assert world.in_element451(lone[1])[SLUG] == lone[0]
    assert statuses(run)["import_contact"]["failed"] == 2
    assert statuses(run)["export_contact"]["failed"] == 1
    assert {entry["reason"][:28] for entry in world.entries() if entry["status"] == "failed"} == {"More than one possible match"}
    world.salesforce.people.delete(twin[1])
    world.sync()
    assert world.in_element451(twin[2])[SLUG] == twin[0], "once one is left, it goes on by itself"


def test_ids_of_live_records_that_contradict_each_other_fail_and_nothing_is_written(world: World) -> None:
    first, second = world.ours(user_last_name="A"), world.ours(user_last_name="B")
    theirs = world.theirs(Element451_ID__c=first)
    world.element451.people.edit(second, {SLUG: theirs})
    run = world.sync()
    assert statuses(run)["export_contact"]["failed"] >= 1
    assert all(entry[2] != theirs for entry in world.writes())


def test_an_id_of_a_contact_that_is_gone_counts_as_empty(world: World) -> None:
    world.configure(match_on=("user-email-address",))
    theirs = world.theirs(Email="a@x.edu", Element451_ID__c="a" * 24)
    ours = world.ours(user_last_name="Nobody", user_email_address="a@x.edu")
    world.configure(export_mode=ExportMode.MATCH_EXISTING)
    world.sync()
    assert world.in_salesforce(theirs)["Element451_ID__c"] == ours, "written in any mode"


def test_a_contact_whose_stored_id_names_a_record_in_the_recycle_bin_is_deactivated(world: World) -> None:
    theirs = world.theirs()
    ours = world.ours(user_last_name="Ray", user_identities_salesforceid=theirs)
    world.salesforce.people.delete(theirs)
    assert statuses(world.sync()) == {"import_contact": {"deactivated": 1}}
    assert world.contacts() == ([ours], [])


# nothing lost, nothing twice


WRITES = [(system, call, after) for system, call in ((THEIRS, "write"), (OURS, "update"), (OURS, "create")) for after in (0, 1, EVERYTHING)]


@pytest.mark.parametrize(("system", "call", "after"), [*WRITES, (THEIRS, "changed", 0), (OURS, "changed", 0)])
def test_a_killed_run_is_finished_by_the_next_one_as_if_it_had_never_died(world: World, system: object, call: str, after: float) -> None:
    world.configure(create_new=True)
    for number in range(3):
        world.theirs(FirstName=f"T{number}", Phone=str(number))
        world.ours(user_first_name=f"O{number}", user_last_name="Ray")
        world.pair({"FirstName": "P", "Phone": f"5{number}"}, {"user_first_name": f"P{number}"})
    adapter = world.salesforce if system is THEIRS else world.element451
    adapter.faults.fail(call, after=after, fault=Killed())
    with pytest.raises(Killed):
        world.sync()
    adapter.faults.forgive()
    assert world.sync().state == "done"
    element451, salesforce = world.contacts()
    assert len(element451) == len(salesforce) == 9
    assert {world.in_salesforce(theirs)["Element451_ID__c"] for theirs in salesforce} == set(element451)
    wrote = len(world.writes())
    world.sync()
    assert len(world.writes()) == wrote
    overwritten = {(str(entry.system), entry.id) for entry in [*world.salesforce.journal, *world.element451.journal]}
    logged = {("salesforce", e["salesforce_id"]) for e in world.entries() if e["direction"] == "export"}
    logged |= {("element451", e["element_id"]) for e in world.entries() if e["direction"] == "import"}
    assert overwritten <= logged, "everything that was written is in the logs, whoever died"


def test_a_lost_reply_makes_no_duplicate(world: World) -> None:
    world.configure(create_new=True)
    ours, theirs = world.ours(user_first_name="Ann", user_last_name="Ray"), world.theirs(FirstName="Bob")
    world.salesforce.faults.lose_reply()
    world.element451.faults.lose_reply()
    run = world.sync()
    assert statuses(run)["import_contact"]["inserted"] == 1
    assert statuses(run)["export_contact"]["inserted"] == 1
    assert [len(people) for people in world.contacts()] == [2, 2]
    assert world.in_salesforce(theirs)["Element451_ID__c"]
    assert world.in_element451(ours)[SLUG]


def test_a_passing_failure_is_tried_again_in_the_next_run_and_a_lasting_one_waits(world: World) -> None:
    _, one = world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    _, two = world.pair({"FirstName": "Bob"}, {"user_first_name": "Bobby"})
    world.salesforce.faults.refuse(one, code="UNABLE_TO_LOCK_ROW", cause=Cause.PASSING)
    world.salesforce.faults.refuse(two)
    assert statuses(world.sync())["export_contact"] == {"failed": 2}
    assert statuses(world.sync())["export_contact"] == {"failed": 1}
    world.salesforce.faults.forgive()
    world.sync()
    assert (world.in_salesforce(one)["FirstName"], world.in_salesforce(two)["FirstName"]) == ("Anna", "Bob")
    world.salesforce.people.edit(two, {"Phone": "1"})
    world.sync()
    assert world.in_salesforce(two)["FirstName"] == "Bobby", "the record changed, so that it is tried again"


def test_records_that_become_visible_after_their_stamp_are_not_lost(world: World) -> None:
    world.configure(create_new=True)
    world.sync()
    world.salesforce.faults.delay = timedelta(minutes=8)
    late = world.theirs(FirstName="Late")
    world.later(3)
    world.road().run()
    assert late not in world.contacts()[1], "not visible yet"
    world.later(6)
    world.road().run()
    assert world.in_salesforce(late)["Element451_ID__c"]


def test_a_full_sync_finds_what_vanished_without_a_trace(world: World) -> None:
    (ours, theirs), (other, gone) = world.pair(), world.pair()
    world.sync()
    world.salesforce.people.delete(gone)
    world.salesforce.people.purge(gone)
    world.element451.people.delete(ours)
    assert statuses(world.sync()) == {}
    run = world.sync(full=True)
    assert statuses(run)["import_contact"]["deactivated"] == 1
    assert statuses(run)["export_contact"]["deactivated"] == 1
    assert world.contacts() == ([other], [theirs])


# the guard


def test_a_frightening_run_waits_writes_nothing_and_goes_on_once_it_is_approved(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    for number in range(10):
        world.pair({"FirstName": "Ann"}, {"user_first_name": f"Ann {number}"})
    run = world.sync()
    assert (run.state, world.writes()) == ("waiting", [])
    assert run.numbers is not None
    assert run.numbers["kinds"] == {"change": 10}
    assert run.numbers["fields"]["change"]["user-first-name → FirstName"] == 10
    again = world.sync()
    assert (again.id, again.state) == (run.id, "waiting"), "one waiting run, its numbers refreshed"
    done = world.sync(approve=run.id)
    assert (done.id, done.state) == (run.id, "done")
    assert statuses(done)["export_contact"]["updated"] == 10


def test_an_approval_covers_the_numbers_shown_and_a_tenth_more(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    for number in range(10):
        world.pair({"FirstName": "Ann"}, {"user_first_name": f"Ann {number}"})
    run = world.sync()
    for number in range(2):
        world.pair({"FirstName": "Bob"}, {"user_first_name": f"Bob {number}"})
    assert world.sync(approve=run.id).state == "waiting", "12 are more than 10 and a tenth"
    assert world.sync(approve=run.id).state == "done"


def test_an_approval_does_not_cover_another_mapping_version(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    for number in range(10):
        world.pair({"FirstName": "Ann"}, {"user_first_name": f"Ann {number}"})
    run = world.sync()
    world.configure(batch_size=100)
    assert world.sync(approve=run.id).state == "waiting"


def test_an_approved_run_that_dies_is_gone_on_with_unasked(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    for number in range(10):
        world.pair({"FirstName": "Ann"}, {"user_first_name": f"Ann {number}"})
    run = world.sync()
    world.salesforce.faults.fail("write", after=4, fault=Killed())
    with pytest.raises(Killed):
        world.sync(approve=run.id)
    done = world.sync()
    assert done.state == "done"
    assert all(str(world.in_salesforce(theirs)["FirstName"]).startswith("Ann ") for theirs in world.contacts()[1])


def test_a_rejected_run_writes_nothing_and_its_records_stay_due(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    for number in range(10):
        world.pair({"FirstName": "Ann"}, {"user_first_name": f"Ann {number}"})
    run = world.sync()
    assert reject(world.engine, run.id) is not None
    assert reject(world.engine, run.id) is None
    assert (world.due(), world.writes()) == (10, [])
    assert world.sync().state == "waiting"


def test_leaving_and_blanking_are_guarded_too(world: World) -> None:
    world.configure(guard=GuardLimits(records=2, percent=100, at_least=1))
    pairs = [world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann", "user_sms_updates": False}) for _ in range(8)]
    world.sync()
    for ours, _ in pairs[:3]:
        world.element451.people.edit(ours, {"user-first-name": None})
    for _, theirs in pairs[4:8]:
        world.salesforce.people.delete(theirs)
    run = world.sync()
    assert run.state == "waiting"
    assert run.numbers is not None
    assert run.numbers["kinds"] == {"blank": 3, "deactivate": 4}


# what a run makes due


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
    assert (world.in_salesforce(theirs).get("Element451_ID__c"), world.in_element451(ours).get(SLUG)) == (None, None)


def test_a_changed_owner_makes_the_pairs_due_and_the_new_owner_wins(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.configure(update_existing=True)
    world.sync()
    world.configure(export_mode=ExportMode.MATCH_EXISTING)
    world.element451.people.edit(ours, {"user-first-name": "Bea"})
    world.sync()
    world.contact_fields = [(slug, key, THEIRS if key == "FirstName" else owner) for slug, key, owner in world.contact_fields]
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
    raise FieldRefused(System.ELEMENT451, f"The field {key} no longer exists in Element451.", code="FIELD_GONE")
