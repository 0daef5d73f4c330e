"""One record at a time: Preview, Test, Retry, and what is asked for while a run goes on."""

from typing import Any

import pytest
from sqlalchemy import select

from syncer.core.plan import Direction, Status
from syncer.core.preferences import Scope
from syncer.core.records import Kind
from syncer.journal.run_state import Trigger
from syncer.sync import on_demand
from syncer.sync.failures import Which
from syncer.sync.on_demand import NoSuchRecord, RecordRequest
from syncer.sync.pair_store import PAIRS
from tests.support.world import World, statuses


@pytest.fixture
def world(world: World) -> World:
    world.configure(create_new=True)
    return world


def test_a_preview_before_any_sync_finds_the_other_half_and_writes_nothing(world: World) -> None:
    world.configure(match_on=("user-email-address",))
    theirs = world.theirs(Email="a@x.edu", FirstName="Ann")
    world.ours(user_last_name="Nobody", user_email_address="A@x.edu", user_first_name="Anna")
    (plan,) = on_demand.preview(world.sync_engine(), RecordRequest(Direction.EXPORT, salesforce_id=theirs))
    assert plan.status is Status.UPDATED
    assert {change.salesforce: (change.before, change.after) for change in plan.changes}["FirstName"] == (
        "Ann",
        "Anna",
    )
    assert world.writes() == []


def test_a_preview_of_a_new_record_shows_what_follows_its_creation(world: World) -> None:
    theirs = world.theirs(FirstName="Ann")
    plans = on_demand.preview(world.sync_engine(), RecordRequest(Direction.IMPORT, salesforce_id=theirs[:15]))
    assert [(plan.direction, plan.status) for plan in plans] == [
        (Direction.IMPORT, Status.INSERTED),
        (Direction.EXPORT, Status.UPDATED),
    ]


def test_a_test_does_what_its_preview_said_and_logs_all_of_it(world: World) -> None:
    ours, theirs = world.pair(
        {"FirstName": "Ann", "Phone": "1"}, {"user_first_name": "Anna", "user_phone_cell_number": "2"}
    )
    engine = world.sync_engine()
    foreseen = on_demand.preview(engine, RecordRequest(Direction.EXPORT, element_id=ours))
    run, done = on_demand.do(engine, RecordRequest(Direction.EXPORT, element_id=ours), Trigger.TEST)
    assert [made.status for made in done] == [plan.status for plan in foreseen] == [Status.UPDATED]
    assert world.in_salesforce(theirs)["FirstName"] == "Anna"
    assert world.in_element451(ours)["user-phone-cell-number"] == "2", "an export test imports nothing"
    assert [(entry["run"], entry["status"]) for entry in world.entries()] == [(run.id, "updated")]
    assert statuses(world.sync())["import_contact"] == {"updated": 1}, "the other direction is still due"


def test_a_test_of_an_export_takes_the_contacts_conversations_along(world: World) -> None:
    ours = world.ours(user_last_name="Ray")
    world.conversation(ours, conversation_subject="Hello")
    world.configure(scope=Scope.CONVERSATIONS)
    world.read()
    _, done = on_demand.do(
        world.sync_engine(), RecordRequest(Direction.EXPORT, element_id=ours), Trigger.TEST
    )
    assert [(made.plan.kind, made.status) for made in done if made.status.writes] == [
        (Kind.CONTACT, Status.INSERTED),
        (Kind.CONTACT, Status.UPDATED),
        (Kind.CONVERSATION, Status.UPSERTED),
    ]


@pytest.mark.parametrize(
    ("asked", "says"),
    [({"salesforce_id": "nonsense"}, "is not a Salesforce ID"), ({"element_id": "f" * 24}, "has no contact")],
)
def test_a_record_that_is_not_there_is_answered_by_a_sentence(
    world: World, asked: dict[str, Any], says: str
) -> None:
    with pytest.raises(NoSuchRecord, match=says):
        on_demand.preview(world.sync_engine(), RecordRequest(Direction.IMPORT, **asked))


def test_a_retry_reads_both_sides_again_and_points_at_its_entry(world: World) -> None:
    ours = world.ours(user_first_name="Ann")  # Salesforce needs a last name
    world.sync()
    (failed,) = world.entries()
    world.element451.people.edit(ours, {"user-last-name": "Ray"})
    _, done = on_demand.retry(world.sync_engine(), failed["id"])
    assert done[0].status is Status.INSERTED
    assert [entry["retry_of"] for entry in world.entries()][1:] == [failed["id"]] * len(done)


def test_everything_that_fails_of_one_cause_is_retried_together(world: World) -> None:
    for name in ("Ann", "Bob"):
        world.ours(user_first_name=name)
    _, theirs = world.pair({"FirstName": "Zoe"}, {"user_first_name": "Zoé"})
    world.salesforce.faults.refuse(theirs)
    world.sync()
    for ours in world.contacts()[0]:
        world.element451.people.edit(ours, {"user-last-name": "Ray"})
    _, done = on_demand.retry_failing(world.sync_engine(), Which("REQUIRED_FIELD_MISSING"))
    assert sorted(made.status for made in done if made.plan.direction is Direction.EXPORT) == [
        "inserted",
        "inserted",
    ]


def test_the_id_of_a_conversation_in_either_system_previews_that_conversation(world: World) -> None:
    talk = world.conversation(world.ours(user_last_name="Lee"))
    world.sync()
    with world.engine.connect() as connection:
        theirs = connection.execute(
            select(PAIRS.c.salesforce_id).where(PAIRS.c.element_id == talk)
        ).scalar_one()
    for asked in (
        RecordRequest(Direction.EXPORT, element_id=talk),
        RecordRequest(Direction.EXPORT, salesforce_id=theirs),
    ):
        assert [
            (plan.kind, plan.element_id, plan.salesforce_id)
            for plan in on_demand.preview(world.sync_engine(), asked)
        ] == [(Kind.CONVERSATION, talk, theirs)]


# --- nothing to be done


def test_a_retry_of_an_unpaired_contact_that_was_deleted_says_so_logs_it_and_fails_no_more_a_day_later(
    world: World,
) -> None:
    world.pair()
    ours = world.ours(user_first_name="Ann")  # Salesforce needs a last name
    world.sync()
    failed = next(
        entry for entry in world.entries() if entry["status"] == "failed" and entry["element_id"] == ours
    )
    world.element451.people.delete(ours)
    _, done = on_demand.retry(world.sync_engine(), failed["id"])
    assert [(made.status, made.code) for made in done] == [(Status.FAILED, "NOT_VISIBLE")]
    world.later(24 * 60)
    run, done = on_demand.retry(world.sync_engine(), failed["id"])
    assert [(made.status, made.reason.split(".")[0]) for made in done] == [
        (Status.IGNORED, "The contact no longer exists in Element451")
    ]
    logged = [(entry["run"], entry["status"], entry["retry_of"]) for entry in world.entries()]
    assert (run.id, "ignored", failed["id"]) in logged
    assert failing(world) == []


def test_a_retry_of_all_of_a_cause_answers_for_a_contact_that_was_deleted_too(world: World) -> None:
    world.pair()
    ours = world.ours(user_first_name="Ann")
    world.sync()
    world.element451.people.delete(ours)
    _, done = on_demand.retry_failing(world.sync_engine(), Which("REQUIRED_FIELD_MISSING"))
    assert [(made.status, made.code) for made in done] == [(Status.FAILED, "NOT_VISIBLE")]
    world.later(24 * 60)
    _, done = on_demand.retry_failing(world.sync_engine(), Which("NOT_VISIBLE"))
    assert [made.status for made in done] == [Status.IGNORED]
    assert failing(world) == []


@pytest.mark.parametrize("direction", ["element451", "salesforce"])
def test_a_retry_of_a_paired_contact_that_was_deleted_meanwhile_deactivates_it(
    world: World, direction: str
) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    world.pair()
    world.salesforce.faults.refuse(theirs)
    world.sync()
    failed = next(
        entry for entry in world.entries() if entry["status"] == "failed" and entry["direction"] == "export"
    )
    (
        world.element451.people.delete(ours)
        if direction == "element451"
        else world.salesforce.people.delete(theirs)
    )
    if direction == "element451":  # which tells nobody: one look proves nothing (rule 9)
        on_demand.retry(world.sync_engine(), failed["id"])
        assert failing(world) != []
        world.later(24 * 60)
    _, done = on_demand.retry(world.sync_engine(), failed["id"])
    assert [made.status for made in done] == [Status.DEACTIVATED]
    assert failing(world) == []
    _, again = on_demand.retry(world.sync_engine(), failed["id"])
    assert [made.status for made in again] == [Status.DEACTIVATED], "asked once more, it says so once more"


def test_what_was_deleted_before_it_could_be_carried_fails_no_more_after_the_next_run(world: World) -> None:
    theirs = world.theirs(FirstName="Ann", Email="a@x.edu")
    world.configure(match_on=("user-email-address",))
    world.ours(user_last_name="Ray", user_email_address="a@x.edu")
    world.ours(user_last_name="Roe", user_email_address="a@x.edu")
    world.sync()
    assert theirs in failing(world)
    world.salesforce.people.delete(theirs)
    world.sync()
    assert theirs not in failing(world)


def test_a_preview_of_somebody_who_is_only_at_the_target_says_where_to_look(world: World) -> None:
    theirs, ours = world.theirs(FirstName="Ann"), world.ours(user_last_name="Ray")
    (export,) = on_demand.preview(world.sync_engine(), RecordRequest(Direction.EXPORT, salesforce_id=theirs))
    (import_,) = on_demand.preview(world.sync_engine(), RecordRequest(Direction.IMPORT, element_id=ours))
    assert (export.status, import_.status) == (Status.IGNORED, Status.IGNORED)
    assert export.reason.startswith(
        "This contact is in Salesforce only, so that there is nothing to export. Preview its import"
    )
    assert import_.reason.startswith(
        "This contact is in Element451 only, so that there is nothing to import. Preview its export"
    )
    assert world.writes() == []


def failing(world: World) -> list[str]:
    """The IDs of the records that fail now."""
    with world.engine.connect() as connection:
        rows = connection.execute(
            select(PAIRS.c.element_id, PAIRS.c.salesforce_id).where(PAIRS.c.failing)
        ).all()
    return [identity for row in rows for identity in row if identity]
