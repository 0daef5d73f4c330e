"""What is held is read and never written, by no road, and goes on when its hold ends (rule 20)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from syncer.core.plan import Direction
from syncer.core.records import Kind, System
from syncer.core.trust.holds import Held
from syncer.journal.run_state import Trigger
from syncer.sync import on_demand
from syncer.sync.holds import listing, release_preview, store
from syncer.sync.holds.store import HOLDS, Kept, Origin
from syncer.sync.on_demand import RecordRequest
from syncer.sync.pair_store import PAIRS
from tests.support.memory import EVERYTHING
from tests.support.world import OURS, THEIRS, World

BEFORE: dict[System, dict[str, Any]] = {
    THEIRS: {"FirstName": "Old", "Phone": "2"},
    OURS: {"user_first_name": "Ann", "user_phone_cell_number": "1"},
}


class Killed(BaseException):
    """The process dies here."""


def hold(world: World, record: str, field: tuple[str, str] | None = None, days: float = 90) -> int:
    """Somebody holds this record, or a field of it."""
    slug, name = field or ("", "")
    with world.engine.begin() as connection:
        of = select(PAIRS.c.id).where((PAIRS.c.element_id == record) | (PAIRS.c.salesforce_id == record))
        pair = connection.execute(of).scalar_one()
        end = world.clock.now + timedelta(days=days)
        number = store.begin(
            connection, Origin.PERSON, "Ann", world.clock.now, reason="asked for it", until=end
        )
        what = Held.FIELD if field else Held.RECORD
        store.keep(connection, number, [Kept(pair, what, element451=slug, salesforce=name)])
    return number


def differing(world: World) -> tuple[str, str]:
    """A pair that is known and whose owned fields differ on both sides."""
    ours, theirs = world.pair()
    world.sync()
    edit(world, ours, theirs, "1")
    return ours, theirs


def edit(world: World, ours: str, theirs: str, value: str) -> None:
    """People edit an owned field on both sides."""
    world.element451.people.edit(ours, {"user-first-name": f"Ann{value}"})
    world.salesforce.people.edit(theirs, {"Phone": value})


def agree(world: World, ours: str, theirs: str) -> bool:
    """Whether both sides hold the same in the two fields."""
    mine, other = world.in_element451(ours), world.in_salesforce(theirs)
    named = mine.get("user-first-name") == other.get("FirstName")
    return named and mine.get("user-phone-cell-number") == other.get("Phone")


def test_a_held_record_is_written_by_no_road_and_converges_when_its_hold_ends(world: World) -> None:
    ours, theirs = differing(world)
    hold(world, ours, days=1)
    wrote = world.writes()
    world.sync()
    world.sync(full=True)
    world.sync(trigger=Trigger.NIGHTLY, check=True)
    for asked in (RecordRequest(Direction.EXPORT, None, ours), RecordRequest(Direction.IMPORT, theirs, None)):
        edit(world, ours, theirs, f"2{asked.direction}")
        _, (outcome,) = on_demand.do(world.sync_engine(), asked, Trigger.TEST)
        assert (outcome.status, outcome.written) == ("ignored", False)
        assert "Held by Ann until" in outcome.reason
    on_demand.retry_failing(world.sync_engine())
    on_demand.retry(world.sync_engine(), world.entries()[-1]["id"])
    assert world.writes() == wrote
    world.later(60 * 24)
    world.sync()
    assert agree(world, ours, theirs)
    assert not any(row for row in listing.in_force(world.engine))


def test_a_killed_run_writes_nothing_of_a_held_record(world: World) -> None:
    ours, theirs = differing(world)
    others = [world.pair(BEFORE[THEIRS], BEFORE[OURS]) for _ in range(3)]
    hold(world, theirs)
    world.salesforce.faults.fail("write", after=EVERYTHING, fault=Killed())
    with pytest.raises(Killed):
        world.sync()
    world.salesforce.faults.forgive()
    world.sync()
    assert all(agree(world, *pair) for pair in others)
    assert world.in_salesforce(theirs).get("FirstName") is None
    assert world.in_element451(ours).get("user-phone-cell-number") is None


def test_of_a_record_with_held_fields_the_others_go_on_and_the_run_says_so(world: World) -> None:
    ours, theirs = differing(world)
    hold(world, ours, ("user-first-name", "FirstName"))
    plans, _ = world.dry_run()
    (held,) = [plan for plan in plans if plan.held]
    assert (held.status, [change.after for change in held.held]) == ("ignored", ["Ann1"])
    world.sync()
    assert world.in_salesforce(theirs).get("FirstName") is None
    assert world.in_element451(ours).get("user-phone-cell-number") == "1"
    world.element451.people.edit(ours, {"user-custom-notes": "new"})
    world.sync()
    assert world.in_salesforce(theirs).get("Description") == "new"
    assert world.in_salesforce(theirs).get("FirstName") is None
    entry = world.entries()[-1]
    assert "Held by Ann until" in entry["reason"]
    assert [change["after"] for change in entry["changes"] if change.get("held")] == ["Ann1"]


def test_a_release_says_first_what_it_does_and_then_does_it(world: World) -> None:
    ours, theirs = differing(world)
    number = hold(world, ours)
    world.sync()
    said = release_preview.plans(
        world.engine, world.setup().rules(world.clock.now.date()), number, world.clock.now
    )
    changes = {(change.salesforce, change.after) for plan in said for change in plan.changes}
    assert changes == {("FirstName", "Ann1"), ("Phone", "1")}
    with world.engine.begin() as connection:
        assert store.release(connection, number, "Bo", world.clock.now) == 1
        assert store.release(connection, number, "Bo", world.clock.now) is None
    world.sync()
    assert agree(world, ours, theirs)


def test_what_is_held_of_half_a_pair_is_held_of_the_whole_once_it_is_found(world: World) -> None:
    theirs = world.theirs(Email="a@x.edu", Phone="1")
    world.sync()
    hold(world, theirs)
    ours = world.ours(user_last_name="Nobody", user_email_address="a@x.edu", user_first_name="Ann")
    world.configure(match_on=("user-email-address",))
    world.sync()
    world.sync()
    assert world.writes() == []
    (listed,) = listing.in_force(world.engine)
    assert (listed["element_id"], listed["salesforce_id"]) == (ours, theirs)


def test_a_held_record_does_not_count_for_the_guard(world: World) -> None:
    pairs = [differing(world) for _ in range(4)]
    for ours, _ in pairs[:3]:
        hold(world, ours)
    world.configure(guard=world.preferences.guard.__class__(records=500, percent=20, at_least=1))
    run = world.sync()
    assert (run.state, agree(world, *pairs[3])) == ("done", True)


def test_a_conversation_goes_on_while_its_contact_is_held(world: World) -> None:
    ours, theirs = differing(world)
    hold(world, ours)
    world.conversation(ours, conversation_subject="Hello")
    world.sync()
    (talk,) = world.salesforce.people.live("E451_Conversation__c")
    assert world.in_salesforce(talk).get("Contact__c") == theirs
    assert world.in_salesforce(theirs).get("FirstName") is None


@pytest.mark.parametrize("source", [OURS, THEIRS], ids=["export", "import"])
def test_a_value_that_is_kept_out_stays_out_until_its_owner_has_another_one(
    world: World, source: System
) -> None:
    ours, theirs = world.pair()
    world.sync()
    slug, name = ("user-first-name", "FirstName") if source is OURS else ("user-phone-cell-number", "Phone")

    def type_in(value: str) -> None:
        if source is OURS:
            world.element451.people.edit(ours, {slug: value})
        else:
            world.salesforce.people.edit(theirs, {name: value})

    def at_the_target() -> object:
        mine, other = world.in_element451(ours), world.in_salesforce(theirs)
        return other.get(name) if source is OURS else mine.get(slug)

    with world.engine.begin() as connection:
        pair = connection.execute(select(PAIRS.c.id).where(PAIRS.c.kind == Kind.CONTACT)).scalar_one()
        number = store.begin(connection, Origin.UNDO, "Ann", world.clock.now, run=7)
        store.keep(connection, number, [Kept(pair, Held.VALUE, source.other, slug, name, "bad")])
    type_in("bad")
    for _ in range(2):
        world.sync()
        world.element451.people.edit(ours, {"user-custom-notes": f"{world.clock.now}"})
    world.sync(full=True)
    assert at_the_target() is None
    type_in("good")
    world.sync()
    assert at_the_target() == "good"
    with world.engine.connect() as connection:
        row = connection.execute(select(HOLDS)).one()
        assert (row.ended_at is not None, row.ended_by) == (True, "")
        assert not connection.execute(select(PAIRS.c.held)).scalar_one()
    type_in("bad")
    world.sync()
    assert at_the_target() == "bad"
