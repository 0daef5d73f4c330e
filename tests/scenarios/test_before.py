"""The log keeps what was really overwritten, whatever had been read before (rule 16)."""

from typing import Any

import pytest

from syncer.core.reasons import BEFORE_AS_LAST_READ
from syncer.core.records import System, Value
from tests.support.memory import MemoryElement451, MemorySalesforce
from tests.support.world import OURS, THEIRS, World, statuses

FIELDS: dict[System, tuple[str, str]] = {
    THEIRS: ("user-first-name", "FirstName"),
    OURS: ("user-phone-cell-number", "Phone"),
}
"""By target: a field that the other system owns."""


def edit(world: World, system: System, pair: tuple[str, str], slug: str, name: str, value: str) -> None:
    """Somebody edits a field in one of the systems."""
    if system is OURS:
        world.element451.people.edit(pair[0], {slug: value})
    else:
        world.salesforce.people.edit(pair[1], {name: value})


def edited_pair(world: World, target: System) -> tuple[str, str]:
    """A pair that was in step, until the field's owner edited it."""
    slug, name = FIELDS[target]
    ours: dict[str, Value] = {slug.replace("-", "_"): "old", "user_last_name": "Ray"}
    pair = world.pair({name: "old", "LastName": "Ray"}, ours)
    world.sync()
    edit(world, target.other, pair, slug, name, "new")
    return pair


def at(world: World, target: System) -> MemorySalesforce | MemoryElement451:
    return world.salesforce if target is THEIRS else world.element451


def before_sending(world: World, target: System, pair: tuple[str, str], slug: str, name: str) -> None:
    """Somebody edits the target between our reading and our writing."""

    def act() -> None:
        at(world, target).before_send = lambda: None
        edit(world, target, pair, slug, name, "by hand")

    at(world, target).before_send = act


def held(world: World, target: System, pair: tuple[str, str], slug: str, name: str) -> Any:
    return (
        world.in_salesforce(pair[1]).get(name) if target is THEIRS else world.in_element451(pair[0]).get(slug)
    )


@pytest.mark.parametrize("target", [OURS, THEIRS])
def test_a_value_entered_between_reading_and_writing_is_the_one_before_in_the_log(
    world: World, target: System
) -> None:
    pair = edited_pair(world, target)
    before_sending(world, target, pair, *FIELDS[target])
    world.sync()
    assert held(world, target, pair, *FIELDS[target]) == "new"
    (change,) = world.entries()[-1]["changes"]
    assert (change["before"], change["after"]) == ("by hand", "new")
    assert BEFORE_AS_LAST_READ not in world.entries()[-1]["reason"]


def test_a_value_that_goes_along_and_overwrites_somebodys_edit_is_in_the_log(world: World) -> None:
    pair = edited_pair(world, OURS)
    world.salesforce.people.edit(pair[1], {"GPA__c": 3})
    world.sync()
    world.salesforce.people.edit(pair[1], {"Phone": "newer"})

    def act() -> None:
        world.element451.before_send = lambda: None
        world.element451.people.edit(pair[0], {"user-custom-gpa": 1})

    world.element451.before_send = act
    world.sync()
    assert world.in_element451(pair[0])["user-custom-gpa"] == 3
    changes = {change["element451"]: change["before"] for change in world.entries()[-1]["changes"]}
    assert changes == {"user-phone-cell-number": "new", "user-custom-gpa": 1}


@pytest.mark.parametrize("target", [OURS, THEIRS])
def test_what_a_lost_reply_hides_is_logged_as_last_read_and_says_so(world: World, target: System) -> None:
    pair = edited_pair(world, target)
    at(world, target).faults.lose_reply()
    world.sync()
    assert held(world, target, pair, *FIELDS[target]) == "new"
    entry = world.entries()[-1]
    assert [(change["before"], change["after"]) for change in entry["changes"]] == [("old", "new")]
    assert BEFORE_AS_LAST_READ in entry["reason"]


@pytest.mark.parametrize("target", [OURS, THEIRS])
def test_a_write_that_a_later_run_finds_done_says_that_its_values_before_are_those_last_read(
    world: World, target: System
) -> None:
    pair = edited_pair(world, target)
    at(world, target).faults.leave_unanswered(after=0)
    world.sync()
    world.sync()
    (entry,) = [
        entry for entry in world.entries() if any(change["after"] == "new" for change in entry["changes"])
    ]
    assert [(change["before"], change["after"]) for change in entry["changes"]] == [("old", "new")]
    assert BEFORE_AS_LAST_READ in entry["reason"]
    assert held(world, target, pair, *FIELDS[target]) == "new"


def test_the_conversation_that_somebody_edited_meanwhile_is_logged_as_it_was(world: World) -> None:
    ours, _ = world.pair()
    talk = world.conversation(ours, conversation_subject="Hello")
    assert statuses(world.sync())["export_conversation"] == {"upserted": 1}
    (theirs,) = world.salesforce.people.live("E451_Conversation__c")
    world.element451.people.edit(talk, {"conversation-subject": "Hello again"})

    def act() -> None:
        world.salesforce.before_send = lambda: None
        world.salesforce.people.edit(theirs, {"Subject__c": "by hand"})

    world.salesforce.before_send = act
    world.sync()
    (change,) = world.entries()[-1]["changes"]
    assert (change["before"], change["after"]) == ("by hand", "Hello again")
