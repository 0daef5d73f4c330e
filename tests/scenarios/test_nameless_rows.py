"""A row without an id, or one call too many that fails, stops nothing, and nothing is concluded from it (rule
22)."""

import pytest

from syncer.connectors.errors import LimitReached, NotAllowed, Unreachable
from syncer.core.records import Kind, System
from tests.support.variations import each_once
from tests.support.world import OURS, THEIRS, World, statuses

EDIT = {OURS: "user-first-name", THEIRS: "Phone"}


def people(world: World, owner: System) -> list[tuple[str, str]]:
    pairs = [world.pair({"LastName": "Ray"}, {"user_last_name": "Ray"}) for _ in range(3)]
    world.sync()
    for ours, theirs in pairs:
        if owner is OURS:
            world.element451.people.edit(ours, {"user-first-name": "New"})
        else:
            world.salesforce.people.edit(theirs, {"Phone": "New"})
    return pairs


def arrived(world: World, owner: System, pairs: list[tuple[str, str]]) -> list[object]:
    return [
        world.in_salesforce(theirs).get("FirstName")
        if owner is OURS
        else world.in_element451(ours).get("user-phone-cell-number")
        for ours, theirs in pairs
    ]


@pytest.mark.parametrize(
    ("owner", "more"), each_once([OURS, THEIRS], [{}, {"full": True}, {"check": True}]), ids=str
)
def test_a_row_without_an_id_is_left_out_and_said_and_nobody_is_gone(
    world: World, owner: System, more: dict[str, bool]
) -> None:
    pairs = people(world, owner)
    nameless = pairs[1][owner is THEIRS]
    system = world.element451 if owner is OURS else world.salesforce
    system.faults.nameless.add(nameless)
    for attempt in range(3):
        run = world.sync(**more)
        assert run.state == "done"
        assert (run.code == "ROWS_SKIPPED") == (attempt == 0 or bool(more))
        assert "deactivated" not in {status for counts in statuses(run).values() for status in counts}
    assert arrived(world, owner, pairs) == ["New", None, "New"]
    system.faults.nameless.clear()
    assert world.sync(full=True).code == ""
    assert arrived(world, owner, pairs) == ["New"] * 3


def test_conversations_without_an_id_stop_no_other(world: World) -> None:
    contact, _ = world.pair()
    there = [world.conversation(contact, conversation_subject=str(number)) for number in range(3)]
    world.element451.faults.nameless.add(there[1])
    assert world.sync().state == "done"
    assert len(world.salesforce.people.live("E451_Conversation__c")) == 2


def test_a_blank_is_not_carried_where_its_source_cannot_be_seen_again(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.element451.people.edit(ours, {"user-first-name": None})
    world.read()
    world.element451.faults.nameless.add(ours)
    world.later(60)
    world.sync()
    assert world.in_salesforce(theirs)["FirstName"] == "Ann"
    world.element451.faults.nameless.clear()
    world.sync(full=True)
    assert world.in_salesforce(theirs).get("FirstName") is None


@pytest.mark.parametrize("fault", [Unreachable, NotAllowed])
def test_how_far_changes_are_complete_may_stay_unknown(world: World, fault: type[Unreachable]) -> None:
    pairs = people(world, THEIRS)
    world.salesforce.faults.fail("covered", fault=fault(THEIRS, "No."), times=2)
    assert world.sync().state == "done"
    assert arrived(world, THEIRS, pairs) == ["New"] * 3
    hidden = world.salesforce.people.rows[pairs[0][1]]
    hidden.values["Phone"] = "Seen later"  # committed half an hour after its stamp
    world.sync()
    assert arrived(world, THEIRS, pairs)[0] == "Seen later"


def test_a_limit_that_the_question_meets_ends_the_run(world: World) -> None:
    people(world, THEIRS)
    until = world.clock.now
    world.salesforce.faults.fail("covered", fault=LimitReached(THEIRS, "No.", until=until))
    assert world.sync().state == "failed"


def test_a_record_that_is_asked_for_by_id_and_comes_without_one_is_not_gone(world: World) -> None:
    ours, _ = world.pair()
    world.sync()
    world.element451.faults.nameless.add(ours)
    mapping = world.context().mapping(Kind.CONTACT)
    assert world.context().connectors[OURS].read(mapping, [ours]) == []
