"""Pairing over several runs (rules 7 to 9)."""

import pytest

from syncer.core.preferences import ExportMode, Scope
from tests.support.memory_rows import salesforce_id
from tests.support.world import SLUG, World, statuses


def test_an_id_that_was_edited_is_restored_where_updates_are_on_and_fails_where_they_are_off(
    world: World,
) -> None:
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


def test_contacts_with_the_same_email_are_paired_only_where_there_is_exactly_one_on_each_side(
    world: World,
) -> None:
    world.configure(match_on=("user-email-address",), create_new=True)
    lone = (
        world.theirs(Email="Lone@x.edu"),
        world.ours(user_last_name="Nobody", user_email_address="lone@X.edu"),
    )
    twin = (
        world.theirs(Email="twin@x.edu"),
        world.theirs(Email="TWIN@x.edu"),
        world.ours(user_last_name="T", user_email_address="twin@x.edu"),
    )
    run = world.sync()
    assert world.in_element451(lone[1])[SLUG] == lone[0]
    assert statuses(run)["import_contact"]["failed"] == 2
    assert statuses(run)["export_contact"]["failed"] == 1
    assert {entry["reason"][:28] for entry in world.entries() if entry["status"] == "failed"} == {
        "More than one possible match"
    }
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
    assert world.in_salesforce(theirs)["Element451_ID__c"] == "a" * 24, "one look proves nothing"
    world.later(24 * 60)
    world.sync()
    assert world.in_salesforce(theirs)["Element451_ID__c"] == ours, "written in any mode"


def test_a_contact_whose_stored_id_names_a_record_in_the_recycle_bin_is_deactivated(world: World) -> None:
    theirs = world.theirs()
    ours = world.ours(user_last_name="Ray", user_identities_salesforceid=theirs)
    world.salesforce.people.delete(theirs)
    assert statuses(world.sync()) == {"import_contact": {"deactivated": 1}}
    assert world.contacts() == ([ours], [])


def reasons(world: World) -> dict[str, str]:
    """Why each record failed, by its own ID."""
    failed = [entry for entry in world.entries() if entry["status"] == "failed"]
    return {entry["element_id"] or entry["salesforce_id"]: entry["reason"] for entry in failed}


def test_an_unclear_match_names_the_shared_value_and_who_has_it_in_both_systems(world: World) -> None:
    world.configure(match_on=("user-email-address",))
    theirs = sorted(world.theirs(Email="a@x.edu") for _ in range(7))
    ours, twin = (
        world.ours(user_last_name="Ray", user_email_address="A@x.edu"),
        world.ours(user_last_name="Roe", user_email_address="a@x.edu"),
    )
    world.sync()
    said = reasons(world)
    assert (
        f"“A@x.edu”. In Element451: {ours}, {twin}. In Salesforce: {', '.join(theirs[:5])} and 2 more."
        in said[ours]
    )
    assert f"“a@x.edu”. In Element451: {twin}, {ours}. In Salesforce:" in said[twin], (
        "each is named first in its own entry"
    )
    assert (
        f"In Element451: {', '.join(sorted((ours, twin)))}. In Salesforce: {theirs[6]}, {theirs[0]}"
        in said[theirs[6]]
    )


def test_a_match_with_a_contact_that_is_paired_already_says_with_whom(world: World) -> None:
    world.configure(match_on=("user-email-address",))
    ours, theirs = world.pair({"Email": "a@x.edu"}, {"user_email_address": "a@x.edu"})
    world.sync()
    late = world.ours(user_last_name="Late", user_email_address="a@x.edu")
    world.sync()
    assert reasons(world)[late].endswith(
        f"In Salesforce: {theirs}. In Salesforce, {theirs} is already paired with the Element ID {ours}."
    )


def test_ids_that_contradict_each_other_are_told_with_what_each_says(world: World) -> None:
    first, second = world.ours(user_last_name="A"), world.ours(user_last_name="B")
    theirs = world.theirs(Element451_ID__c=first)
    world.element451.people.edit(second, {SLUG: theirs})
    world.sync()
    said = reasons(world)[second]
    assert said.startswith("More than one possible match")
    assert (
        f"In Element451, {second} holds the Salesforce ID {theirs}. In Salesforce, {theirs} holds the Element"
        f" ID {first}." in said
    )


def test_a_message_about_many_that_clash_is_told_once_and_makes_nothing_due_again(world: World) -> None:
    world.configure(match_on=("user-email-address",))
    world.ours(user_last_name="Ray", user_email_address="a@x.edu")
    for _ in range(12):
        world.theirs(Email="a@x.edu")
    world.sync()
    said = reasons(world)
    assert all(len(reason) < 600 for reason in said.values())
    entries = len(world.entries())
    world.sync()
    assert (reasons(world), len(world.entries())) == (said, entries)


def test_a_record_that_was_deleted_and_created_anew_with_the_same_id_is_paired_in_place_of_the_old_one(
    world: World,
) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.salesforce.people.delete(theirs)
    again = world.theirs(FirstName="Old", Element451_ID__c=ours)
    run = world.sync()
    assert "deactivated" not in {status for counts in statuses(run).values() for status in counts}
    assert world.in_element451(ours)[SLUG] == again
    world.element451.people.edit(ours, {"user-first-name": "Anna"})
    world.sync()
    assert world.in_salesforce(again)["FirstName"] == "Anna"


def test_a_record_created_anew_after_its_pair_left_the_sync_is_paired(world: World) -> None:
    world.configure(export_mode=ExportMode.MATCH_EXISTING)
    ours, theirs = world.pair()
    world.sync()
    world.salesforce.people.delete(theirs)
    assert statuses(world.sync()) == {"import_contact": {"deactivated": 1}}
    again = world.theirs(Element451_ID__c=ours, Phone="77")
    world.sync()
    assert world.in_element451(ours)[SLUG] == again
    assert world.in_element451(ours)["user-phone-cell-number"] == "77"
    assert world.contacts() == ([ours], [again])


def test_a_contact_that_was_deleted_and_created_anew_in_element451_is_paired(world: World) -> None:
    (ours, theirs), _ = world.pair(), world.pair()
    world.sync()
    world.element451.people.delete(ours)
    again = world.ours(user_first_name="Anna", user_last_name="Ray", user_identities_salesforceid=theirs)
    world.salesforce.people.edit(theirs, {"Phone": "77"})
    world.sync()
    world.sync()
    assert world.in_salesforce(theirs)["Element451_ID__c"] == again
    assert world.in_salesforce(theirs)["FirstName"] == "Anna"
    assert world.in_element451(again)["user-phone-cell-number"] == "77"


def test_a_record_that_is_first_seen_after_it_was_deleted_and_created_anew_is_paired_with_the_living_one(
    world: World,
) -> None:
    ours = world.ours(user_last_name="Ray")
    theirs = world.theirs(Element451_ID__c=ours)
    world.element451.people.edit(ours, {SLUG: theirs})
    world.salesforce.people.delete(theirs)
    again = world.theirs(Element451_ID__c=ours)
    world.sync()
    assert world.in_element451(ours)[SLUG] == again
    assert world.in_salesforce(again)["LastName"] == "Ray"


@pytest.mark.parametrize("held", ["ours", "both"])
def test_an_id_of_another_salesforce_object_is_neither_overwritten_nor_taken_for_gone(
    world: World, held: str
) -> None:
    world.configure(match_on=("user-email-address",), create_new=True)
    account = salesforce_id("001", 7)
    ours = world.ours(
        user_last_name="Ray", user_email_address="a@x.edu", user_identities_salesforceid=account
    )
    link = {"Element451_ID__c": ours} if held == "both" else {}
    theirs = world.theirs(Email="a@x.edu", **link)
    world.sync()
    world.later(24 * 60)
    world.sync()
    assert world.in_element451(ours)[SLUG] == account
    assert world.contacts() == ([ours], [theirs])
    assert world.writes() == []
    assert {entry["code"] for entry in world.entries()} == {"ID_OF_ANOTHER_OBJECT"}
    world.element451.people.edit(ours, {SLUG: None})
    world.sync()
    assert world.in_element451(ours)[SLUG] == theirs
