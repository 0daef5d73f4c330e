"""Mishaps that a school met: sick answers, IDs shifted by a data load, people re-created, runs that break off
in the middle."""

import pytest
from sqlalchemy import Engine

from syncer.core.plan import Direction, Status
from syncer.core.preferences import ExportMode, GuardLimits
from syncer.journal.approvals import reject
from syncer.sync import on_demand
from syncer.sync.on_demand import RecordRequest
from tests.support.world import SLUG, World, statuses


@pytest.fixture
def world(world: World) -> World:
    world.configure(create_new=True)
    return world


def test_people_whom_a_sick_answer_called_gone_are_not_deactivated_once_it_is_well_again(
    world: World,
) -> None:
    world.configure(guard=GuardLimits(records=2, percent=100, at_least=1), match_on=("user-email-address",))
    pairs = [
        world.pair({"Email": f"{n}@x.edu"}, {"user_email_address": f"{n}@x.edu", "user_sms_updates": False})
        for n in range(6)
    ]
    world.pair({}, {"user_sms_updates": False})
    world.sync()
    for ours, _ in pairs:
        world.element451.people.delete(ours)
    world.sync(full=True)
    world.later(24 * 60)
    waiting = world.sync(full=True)
    assert waiting.state == "waiting"
    reject(world.engine, waiting.id)
    for ours, _ in pairs:
        world.element451.people.undelete(ours)
    run = world.sync()
    assert run.state == "done"
    assert "deactivated" not in {status for counts in statuses(run).values() for status in counts}
    assert len(world.contacts()[0]) == len(world.contacts()[1]) == 7


def test_a_person_deleted_for_good_and_created_again_is_paired_anew(world: World) -> None:
    ours, theirs = world.pair()
    world.sync()
    world.salesforce.people.delete(theirs)
    world.sync()
    world.salesforce.people.purge(theirs)
    again = world.theirs(Element451_ID__c=ours)
    world.element451.people.edit(ours, {SLUG: again, "user-first-name": "Ann"})
    assert world.sync().state == "done"
    assert world.in_salesforce(again)["FirstName"] == "Ann"
    assert world.contacts() == ([ours], [again])


def test_ids_that_a_data_load_swapped_are_put_right_in_one_run(world: World) -> None:
    (one, first), (two, second) = world.pair(), world.pair()
    world.sync()
    world.salesforce.people.edit(first, {"Element451_ID__c": None})
    world.salesforce.people.edit(second, {"Element451_ID__c": one})
    world.salesforce.people.edit(first, {"Element451_ID__c": two})
    assert statuses(world.sync())["export_contact"] == {"updated": 2}
    assert (
        world.in_salesforce(first)["Element451_ID__c"],
        world.in_salesforce(second)["Element451_ID__c"],
    ) == (one, two)


def test_a_run_that_breaks_off_counts_what_it_did(world: World) -> None:
    world.theirs(FirstName="Ann")
    world.ours(user_last_name="Ray")
    world.salesforce.faults.fail("write", after=0)
    run = world.sync()
    assert run.state == "failed"
    logged = [entry["status"] for entry in world.entries() if entry["run"] == run.id]
    assert statuses(run) == {"import_contact": {"inserted": 1}}
    assert logged == ["inserted"]


def test_a_preview_shows_the_conversations_that_a_mended_contact_frees(world: World) -> None:
    ours = world.ours(user_first_name="Ann")  # Salesforce needs a last name
    world.conversation(ours, conversation_subject="Hello")
    world.sync()
    world.element451.people.edit(ours, {"user-last-name": "Ray"})
    _, dry = world.dry_run()
    run = world.sync()
    assert statuses(dry) == statuses(run)
    assert statuses(run)["export_conversation"] == {"upserted": 1}


def test_an_unclear_match_names_the_records_that_clash(world: World) -> None:
    world.configure(match_on=("user-email-address",))
    twins = sorted([world.theirs(Email="a@x.edu"), world.theirs(Email="A@x.edu")])
    world.ours(user_last_name="Ray", user_email_address="a@x.edu")
    world.sync()
    (said,) = {entry["reason"] for entry in world.entries() if entry["direction"] == "export"}
    assert f"In Salesforce: {twins[0]}, {twins[1]}." in said


def test_a_preview_of_a_contact_that_left_says_that_it_left_and_why(world: World) -> None:
    ours, theirs = world.pair()
    world.sync()
    world.salesforce.people.delete(theirs)
    world.sync()
    (plan,) = on_demand.preview(world.sync_engine(), RecordRequest(Direction.EXPORT, element_id=ours))
    assert plan.status is Status.DEACTIVATED
    assert "recycle bin" in plan.reason


def test_a_conversation_can_be_previewed_by_its_own_id(world: World) -> None:
    ours, _ = world.pair()
    talk = world.conversation(ours, conversation_subject="Hello")
    world.read()
    (plan,) = on_demand.preview(world.sync_engine(), RecordRequest(Direction.EXPORT, element_id=talk))
    assert (plan.kind, plan.status, plan.outgoing and plan.outgoing["Subject__c"]) == (
        "conversation",
        Status.UPSERTED,
        "Hello",
    )


def test_a_retry_sees_that_the_other_of_two_possible_matches_was_corrected(engine: Engine) -> None:
    world = World(engine)
    world.configure(export_mode=ExportMode.UPDATE_EXISTING, match_on=("user-email-address",))
    kept, other = world.theirs(Email="a@x.edu", LastName="Ray"), world.theirs(Email="a@x.edu", LastName="Roe")
    ours = world.ours(user_email_address="a@x.edu", user_last_name="Ray")
    world.sync()
    failed = next(
        entry for entry in world.entries() if entry["status"] == "failed" and entry["element_id"] == ours
    )
    world.salesforce.people.edit(other, {"Email": "b@x.edu"})
    run, _ = on_demand.retry(world.sync_engine(), failed["id"])
    assert run.state == "done"
    assert world.in_salesforce(kept)["Element451_ID__c"] == ours


def test_the_conversations_of_a_contact_that_found_its_other_half_at_last_are_done_in_the_next_run(
    engine: Engine,
) -> None:
    world = World(engine)
    world.configure(export_mode=ExportMode.UPDATE_EXISTING, match_on=("user-email-address",))
    world.theirs(Email="a@x.edu", LastName="Ray")
    other = world.theirs(Email="a@x.edu", LastName="Roe")
    ours = world.ours(user_email_address="a@x.edu", user_last_name="Ray")
    world.conversation(ours, conversation_subject="Hello")
    assert statuses(world.sync())["export_conversation"] == {"failed": 1}
    world.salesforce.people.edit(other, {"Email": "b@x.edu"})
    assert statuses(world.sync())["export_conversation"] == {"upserted": 1}
