"""A value that is kept out stays out while its source only seems to be empty: no emptiness that is refuted or
that waits ends a hold (rules 6 and 20)."""

import pytest
from sqlalchemy import select

from syncer.core.preferences import ExportMode, GuardLimits
from syncer.core.records import Kind, System
from syncer.core.trust.holds import Held
from syncer.sync.holds import listing, store
from syncer.sync.holds.store import Kept, Origin
from syncer.sync.pair_store import PAIRS
from tests.scenarios.test_evidence import FIELDS, believes, held
from tests.support.world import OURS, THEIRS, World

BOTH = pytest.mark.parametrize("source", [OURS, THEIRS], ids=["export", "import"])
Pairs = list[tuple[str, str]]


def type_in(world: World, source: System, pair: tuple[str, str], value: str | None) -> None:
    """Somebody gives the source's field this value."""
    slug, name = FIELDS[source]
    if source is OURS:
        world.element451.people.edit(pair[0], {slug: value})
    else:
        world.salesforce.people.edit(pair[1], {name: value})


def answers(world: World, source: System, pair: tuple[str, str], value: str | None) -> None:
    """Something else of the record is edited, and the source answers with this value of the field."""
    if source is OURS:
        world.element451.people.edit(pair[0], {"user-custom-notes": f"edited at {world.clock.now}"})
    else:
        world.salesforce.people.edit(pair[1], {"GPA__c": float(world.clock.now.minute % 9)})
    believes(world, source, pair[source is THEIRS], FIELDS[source][source is THEIRS], value)


def left_out(world: World, source: System, count: int) -> Pairs:
    """Pairs whose source shows a new value, which was left out of an approval; nobody edits them now."""
    world.configure(export_mode=ExportMode.UPDATE_EXISTING, guard=GuardLimits())
    slug, name = FIELDS[source]
    pairs = [
        world.pair({name: "old", "LastName": "Ray"}, {slug.replace("-", "_"): "old", "user_last_name": "Ray"})
        for _ in range(count)
    ]
    world.sync()
    with world.engine.begin() as connection:
        number = store.begin(connection, Origin.APPROVAL, "Ann", world.clock.now, run=1)
        ids = connection.execute(select(PAIRS.c.id).where(PAIRS.c.kind == Kind.CONTACT)).scalars()
        things = [Kept(pair, Held.VALUE, source.other, slug, name, "new") for pair in ids]
        store.keep(connection, number, things)
    for pair in pairs:
        type_in(world, source, pair, "new")
    for _ in range(2):
        world.later(60)
        world.sync()
    assert {held(world, source, pair) for pair in pairs} == {"old"}
    return pairs


@BOTH
def test_an_emptiness_that_was_refuted_ends_no_hold(world: World, source: System) -> None:
    [pair] = left_out(world, source, 1)
    answers(world, source, pair, None)
    world.later()
    world.read()
    believes(world, source, pair[source is THEIRS], FIELDS[source][source is THEIRS], "new")
    for _ in range(2):
        world.later(60)
        world.sync()
        assert held(world, source, pair) == "old"
    assert len(listing.in_force(world.engine)) == 1


@BOTH
def test_an_emptiness_that_waits_ends_no_hold(world: World, source: System) -> None:
    pairs = left_out(world, source, 12)
    for pair in pairs:
        answers(world, source, pair, None)
    assert world.sync().state == "waiting"
    for pair in pairs:
        answers(world, source, pair, "new")
    world.later(60)
    world.sync()
    assert {held(world, source, pair) for pair in pairs} == {"old"}
    [hold] = listing.in_force(world.engine)
    assert hold["records"] == 12


@BOTH
def test_an_emptiness_that_is_believed_is_another_value_and_ends_a_hold(world: World, source: System) -> None:
    [pair] = left_out(world, source, 1)
    type_in(world, source, pair, None)
    world.later(60)
    world.sync()
    assert held(world, source, pair) is None
    assert listing.in_force(world.engine) == []
    type_in(world, source, pair, "new")
    world.later(60)
    world.sync()
    assert held(world, source, pair) == "new"


@BOTH
def test_an_emptiness_that_both_sides_share_ends_a_hold(world: World, source: System) -> None:
    [pair] = left_out(world, source, 1)
    type_in(world, source, pair, None)
    if source is OURS:
        world.salesforce.people.edit(pair[1], {"FirstName": None})
    else:
        world.element451.people.edit(pair[0], {"user-phone-cell-number": None})
    world.later(60)
    world.sync()
    assert listing.in_force(world.engine) == []
