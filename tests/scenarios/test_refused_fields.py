"""A value that the target refuses stays behind alone: everything else of its record is written (rules 1 and
15)."""

from typing import Any

import pytest

from syncer.core.records import System, Value
from tests.support.memory import MemoryElement451, MemorySalesforce
from tests.support.world import OURS, THEIRS, World, statuses

FIELDS: dict[System, tuple[tuple[str, str], tuple[str, str]]] = {
    THEIRS: (("user-first-name", "FirstName"), ("user-custom-notes", "Description")),
    OURS: (("user-phone-cell-number", "Phone"), ("user-education-student-type", "Student_Type__c")),
}
"""By target: a field that it refuses, and another one with the same owner."""
FLOW = {THEIRS: "export_contact", OURS: "import_contact"}


def side(world: World, system: System) -> MemorySalesforce | MemoryElement451:
    return world.salesforce if system is THEIRS else world.element451


def edit(world: World, system: System, pair: tuple[str, str], *values: tuple[tuple[str, str], str]) -> None:
    """Somebody edits fields in one of the systems."""
    if system is OURS:
        world.element451.people.edit(pair[0], {slug: value for (slug, _), value in values})
    else:
        world.salesforce.people.edit(pair[1], {name: value for (_, name), value in values})


def held(world: World, target: System, pair: tuple[str, str]) -> list[Any]:
    found = world.in_salesforce(pair[1]) if target is THEIRS else world.in_element451(pair[0])
    return [found.get(field[target is THEIRS]) for field in FIELDS[target]]


def refused_pair(world: World, target: System) -> tuple[str, str]:
    """A pair of which the owner's next value is refused by the target."""
    bad, good = FIELDS[target]
    ours: dict[str, Value] = {bad[0].replace("-", "_"): "old", good[0].replace("-", "_"): "FY"}
    theirs: dict[str, Value] = {bad[1]: "old", good[1]: "FY"}
    pair = world.pair(theirs | {"LastName": "Ray"}, ours | {"user_last_name": "Ray"})
    world.sync()
    side(world, target).faults.refuse("refused", fields=(bad[target is THEIRS],))
    return pair


@pytest.mark.parametrize("target", [OURS, THEIRS])
def test_the_rest_of_a_refused_record_is_written_and_the_record_fails_and_names_both(
    world: World, target: System
) -> None:
    pair = refused_pair(world, target)
    bad, good = FIELDS[target]
    edit(world, target.other, pair, (bad, "refused"), (good, "TR"))
    assert statuses(world.sync())[FLOW[target]] == {"failed": 1}
    assert held(world, target, pair) == ["old", "TR"]
    entry = world.entries()[-1]
    told = {
        change["element451"]: (change["before"], change["after"], change.get("left_out", False))
        for change in entry["changes"]
    }
    assert (entry["status"], entry["code"]) == ("failed", "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    assert told == {good[0]: ("FY", "TR", False), bad[0]: ("old", "refused", True)}


@pytest.mark.parametrize("target", [OURS, THEIRS])
def test_later_edits_of_other_fields_keep_arriving_and_the_refused_one_once_it_is_accepted(
    world: World, target: System
) -> None:
    pair = refused_pair(world, target)
    bad, good = FIELDS[target]
    edit(world, target.other, pair, (bad, "refused"))
    world.sync()
    assert held(world, target, pair) == ["old", "FY"]
    for value in ("TR", "GR"):
        edit(world, target.other, pair, (good, value))
        world.sync()
        assert held(world, target, pair) == ["old", value]
    side(world, target).faults.forgive()
    world.later(60 * 25)
    world.sync()
    assert held(world, target, pair) == ["refused", "GR"]
    assert world.due() == 0


@pytest.mark.parametrize("target", [OURS, THEIRS])
def test_a_creation_is_refused_whole(world: World, target: System) -> None:
    world.configure(create_new=True)
    bad, _ = FIELDS[target]
    side(world, target).faults.refuse("refused", fields=(bad[target is THEIRS],))
    if target is THEIRS:
        world.ours(user_last_name="Ray", user_first_name="refused")
    else:
        world.theirs(Phone="refused")
    assert statuses(world.sync())[FLOW[target]] == {"failed": 1}
    assert len(world.contacts()[target is THEIRS]) == 0
