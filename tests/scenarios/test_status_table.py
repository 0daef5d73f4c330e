"""The status table of docs/architecture.md, row by row, each checked in both systems."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from syncer.core.preferences import ExportMode, Preferences, Scope
from tests.support.world import SLUG, World, statuses


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


def test_a_live_record_without_a_match_is_inserted_where_the_mode_allows_it(world: World) -> None:
    world.configure(create_new=True)
    ann = world.theirs(FirstName="Ann", Phone="0151")
    bob = world.ours(user_first_name="Bob", user_last_name="Ray", user_phone_cell_number="0152")
    run = world.sync()
    assert statuses(run)["import_contact"]["inserted"] == 1
    assert statuses(run)["export_contact"]["inserted"] == 1
    (new_ours,) = set(world.contacts()[0]) - {bob}
    (new_theirs,) = set(world.contacts()[1]) - {ann}
    # every mapped field that has a value, whoever owns it, and both IDs on both sides
    assert world.in_element451(new_ours) | {
        "user-first-name": "Ann",
        "user-phone-cell-number": "0151",
        SLUG: ann,
    } == world.in_element451(new_ours)
    assert world.in_salesforce(ann)["Element451_ID__c"] == new_ours
    assert world.in_salesforce(new_theirs) | {
        "FirstName": "Bob",
        "LastName": "Ray",
        "Phone": "0152",
        "Element451_ID__c": bob,
    } == world.in_salesforce(new_theirs)
    assert world.in_element451(bob)[SLUG] == new_theirs


def test_a_live_record_without_a_match_is_ignored_where_the_mode_forbids_creating(world: World) -> None:
    world.configure(create_new=False, scope=Scope.CONVERSATIONS)
    world.theirs(FirstName="Ann")
    world.ours(user_last_name="Ray")
    run = world.sync()
    assert statuses(run) == {"import_contact": {"ignored": 1}, "export_contact": {"ignored": 1}}
    assert world.writes() == []


def test_without_preferences_an_import_only_matches(world: World) -> None:
    """Rule 10."""
    world.preferences = Preferences()
    _, theirs = world.pair({"FirstName": "Ann", "Phone": "1"}, {"user_phone_cell_number": "2"})
    world.sync()
    world.salesforce.people.edit(theirs, {"Phone": "3"})
    world.theirs(FirstName="Bob")
    run = world.sync()
    assert statuses(run)["import_contact"] == {"ignored": 2}
    assert world.writes() == []


def test_a_newly_paired_record_gets_only_the_missing_id_where_updates_are_off(world: World) -> None:
    world.configure(update_existing=False)
    theirs = world.theirs(FirstName="Ann", Phone="1")
    ours = world.ours(user_first_name="Anna", user_last_name="Nobody", user_identities_salesforceid=theirs)
    run = world.sync()
    assert statuses(run) == {"import_contact": {"ignored": 1}, "export_contact": {"updated": 1}}
    assert [entry.fields for entry in world.salesforce.journal] == [("Element451_ID__c",)]
    assert world.element451.journal == []
    assert world.in_salesforce(theirs)["FirstName"] == "Ann"
    assert world.in_element451(ours).get("user-phone-cell-number") is None


def test_a_newly_paired_record_gets_the_missing_id_and_the_owned_fields_where_updates_are_on(
    world: World,
) -> None:
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    theirs = world.theirs(FirstName="Ann", Phone="1")
    ours = world.ours(user_first_name="Anna", user_last_name="Nobody", user_phone_cell_number="2")
    world.salesforce.people.edit(theirs, {"Element451_ID__c": ours})
    run = world.sync()
    assert statuses(run) == {"import_contact": {"updated": 1}, "export_contact": {"updated": 1}}
    assert world.in_element451(ours)[SLUG] == theirs
    assert world.in_element451(ours)["user-phone-cell-number"] == "1"
    assert world.in_salesforce(theirs)["FirstName"] == "Anna"


def test_a_paired_record_whose_owned_values_differ_is_updated_with_the_owned_fields_empty_ones_too(
    world: World,
) -> None:
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    ours, theirs = world.pair(
        {"FirstName": "Ann", "Phone": None, "GPA__c": 3.5},
        {"user_phone_cell_number": "123", "user_first_name": None},
    )
    run = world.sync()
    assert statuses(run) == {"import_contact": {"updated": 1}, "export_contact": {"updated": 1}}
    assert world.in_element451(ours).get("user-phone-cell-number") is None, "an empty owned value overwrites"
    assert world.in_element451(ours)["user-custom-gpa"] == 3.5
    assert world.in_salesforce(theirs).get("FirstName") is None, "an empty owned value overwrites"
    owned_by_element451 = {"FirstName", "LastName", "Email", "Applied__c", "Visits__c", "Description"}
    assert {field for entry in world.salesforce.journal for field in entry.fields} <= owned_by_element451


def test_a_paired_record_whose_values_are_all_equal_is_unchanged(world: World) -> None:
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    world.pair(
        {"FirstName": "Ann", "HasOptedOutOfEmail": True}, {"user_first_name": "Ann", "user_sms_updates": True}
    )
    run = world.sync()
    assert statuses(run) == {"import_contact": {"unchanged": 1}, "export_contact": {"unchanged": 1}}
    assert world.writes() == []


def test_a_paired_record_is_ignored_where_updates_are_off(world: World) -> None:
    world.configure(update_existing=False)
    world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    run = world.sync()
    assert statuses(run) == {"import_contact": {"ignored": 1}, "export_contact": {"ignored": 1}}
    assert world.writes() == []


def test_a_conversation_is_upserted_by_its_id_and_then_unchanged(world: World) -> None:
    ours, theirs = world.pair({"HasOptedOutOfEmail": True}, {"user_sms_updates": True})
    talk = world.conversation(ours, conversation_subject="Hello", conversation_tags=["hot", "visit"])
    run = world.sync()
    assert statuses(run)["export_conversation"] == {"upserted": 1}
    (record,) = world.salesforce.people.live("E451_Conversation__c")
    stored = world.in_salesforce(record)
    assert (stored["Conversation_ID__c"], stored["Contact__c"], stored["Subject__c"], stored["Tags__c"]) == (
        talk,
        theirs,
        "Hello",
        ["hot", "visit"],
    )
    world.element451.people.edit(talk, {})
    assert "export_conversation" not in statuses(world.sync())
    world.element451.people.edit(talk, {"conversation-status": "closed"})
    assert statuses(world.sync())["export_conversation"] == {"upserted": 1}
    assert world.in_salesforce(record)["Status__c"] == "closed"


def test_a_contact_deleted_in_salesforce_is_deactivated_and_nobody_is_deleted_or_created_again(
    world: World,
) -> None:
    world.configure(create_new=True)
    ours, theirs = world.pair()
    world.sync()
    world.salesforce.people.delete(theirs)
    before = len(world.writes())
    assert statuses(world.sync()) == {"import_contact": {"deactivated": 1}}
    world.element451.people.edit(ours, {"user-first-name": "New"})
    assert statuses(world.sync()) == {}
    assert world.contacts() == ([ours], [])
    assert len(world.writes()) == before
    world.salesforce.people.undelete(theirs)
    world.later()
    assert world.sync().state == "done"
    assert world.contacts() == ([ours], [theirs])
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    world.sync()
    assert world.in_salesforce(theirs)["FirstName"] == "New", "it came back when its record did"


def test_a_contact_merged_in_salesforce_moves_to_the_surviving_record(world: World) -> None:
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    talk = world.conversation(ours, conversation_subject="Hello")
    world.sync()
    survivor = world.theirs(FirstName="Anne", Phone="9")
    world.sync()
    world.salesforce.people.merge(survivor, theirs)
    run = world.sync()
    assert statuses(run)["import_contact"]["updated"] == 1
    assert world.in_element451(ours)[SLUG] == survivor
    assert world.in_element451(ours)["user-phone-cell-number"] == "9"
    assert world.in_salesforce(survivor)["Element451_ID__c"] == ours
    assert world.in_salesforce(survivor)["FirstName"] == "Ann"
    (record,) = world.salesforce.people.live("E451_Conversation__c")
    assert world.in_salesforce(record) | {
        "Conversation_ID__c": talk,
        "Contact__c": survivor,
    } == world.in_salesforce(record)


def test_a_contact_merged_into_a_record_that_is_paired_already_is_deactivated(world: World) -> None:
    (ours, theirs), (other, survivor) = world.pair(), world.pair()
    world.sync()
    world.salesforce.people.merge(survivor, theirs)
    assert statuses(world.sync())["import_contact"]["deactivated"] == 1
    assert world.in_salesforce(survivor)["Element451_ID__c"] == other
    assert world.contacts() == (sorted([ours, other]), [survivor])


def test_a_contact_gone_from_element451_is_deactivated_when_it_is_missed_on_two_days(world: World) -> None:
    (ours, theirs), _ = world.pair(), world.pair()
    world.sync()
    world.element451.people.delete(ours)
    world.salesforce.people.edit(theirs, {"Phone": "77"})
    assert statuses(world.sync()) == {"import_contact": {"failed": 1}}
    world.later(24 * 60)
    assert statuses(world.sync()) == {"export_contact": {"deactivated": 1}}
    assert world.in_salesforce(theirs)["Element451_ID__c"] == ours, "nothing is written in Salesforce"
    world.salesforce.people.edit(theirs, {"Phone": "78"})
    assert statuses(world.sync()) == {}


def test_a_contact_merged_in_element451_moves_to_the_survivor_that_now_holds_the_id(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    master = world.ours(user_first_name="Anna", user_last_name="Nobody")
    world.element451.people.merge(master, ours)
    world.configure(scope=Scope.CONVERSATIONS)
    world.salesforce.people.edit(theirs, {"Phone": "77"})
    world.sync()
    assert world.in_element451(master)[SLUG] == theirs
    assert world.in_salesforce(theirs)["Element451_ID__c"] == master, "nothing in Salesforce but the link"
    assert world.in_salesforce(theirs)["FirstName"] == "Ann"
    assert world.in_element451(master)["user-phone-cell-number"] == "77"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(
            lambda w: (
                w.theirs(Email="a@x.edu")
                and w.theirs(Email="A@x.edu ")
                and w.ours(user_email_address="a@X.edu")
            ),
            id="ambiguous",
        ),
        pytest.param(
            lambda w: w.pair({}, {"user_custom_visits": None, "user_last_name": None}), id="refused"
        ),
        pytest.param(
            lambda w: w.salesforce.faults.refuse(w.pair({"FirstName": "Ann"}, {})[1]), id="rejected"
        ),
    ],
)
def test_an_ambiguous_or_refused_record_fails_and_nothing_is_written(
    world: World, spoil: Callable[[World], object]
) -> None:
    world.configure(
        export_mode=ExportMode.UPDATE_EXISTING, match_on=("user-email-address",), update_existing=False
    )
    spoil(world)
    run = world.sync()
    assert sum(counts.get("failed", 0) for counts in statuses(run).values()) >= 1
    assert world.writes() == []
    failed = [entry for entry in world.entries() if entry["status"] == "failed"]
    assert failed
    assert all(entry["reason"] and entry["code"] for entry in failed)
    assert statuses(world.sync()) == {}, "a lasting failure waits until something changes"


def test_a_conversation_without_a_person_is_ignored_until_someone_is_attached(world: World) -> None:
    ours, theirs = world.pair()
    talk = world.conversation(None, conversation_subject="Who?")
    assert statuses(world.sync())["export_conversation"] == {"ignored": 1}
    world.element451.people.edit(talk, {"conversation-user-elementid": ours})
    assert statuses(world.sync())["export_conversation"] == {"upserted": 1}
    (record,) = world.salesforce.people.live("E451_Conversation__c")
    assert world.in_salesforce(record)["Contact__c"] == theirs


def test_a_conversation_deleted_in_salesforce_is_deactivated_and_never_recreated(world: World) -> None:
    ours, _ = world.pair()
    talk = world.conversation(ours, conversation_subject="Hello")
    world.sync()
    (record,) = world.salesforce.people.live("E451_Conversation__c")
    world.salesforce.people.delete(record)
    assert statuses(world.sync()) == {"export_conversation": {"deactivated": 1}}
    world.element451.people.edit(talk, {"conversation-status": "open"})
    assert statuses(world.sync()) == {}
    assert world.salesforce.people.live("E451_Conversation__c") == []


def test_a_conversation_waits_for_a_contact_that_failed_and_follows_it(world: World) -> None:
    world.configure(scope=Scope.CONVERSATIONS)
    ours = world.ours(user_first_name="Ann")  # Salesforce needs a last name
    world.conversation(ours, conversation_subject="Hello")
    run = world.sync()
    assert statuses(run) == {"export_contact": {"failed": 1}, "export_conversation": {"failed": 1}}
    assert world.salesforce.people.live("Contact") == []
    world.element451.people.edit(ours, {"user-last-name": "Ray"})
    run = world.sync()
    assert statuses(run)["export_contact"] == {"inserted": 1}
    assert statuses(run)["export_conversation"] == {"upserted": 1}
