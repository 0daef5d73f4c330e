"""What an undo put back, and what it left, stays, though its owner would overwrite it again (rules 20 and
21)."""

import os
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from syncer.core.preferences import ExportMode
from syncer.core.records import System, Value
from syncer.core.trust.holds import Held
from syncer.journal.runs import Run
from syncer.journal.undoable import Undoing
from syncer.sync import pair_store
from syncer.sync.holds import listing, store
from syncer.sync.holds.store import Kept, Origin
from syncer.sync.undo import run as undo_runs
from tests.scenarios.test_undo import FIELDS, edit, held, in_force, overwritten, piles, undo
from tests.support.world import OURS, THEIRS, World

PAIRS = int(os.environ.get("UNDO_PAIRS", "25"))
"""How many people the story is about; `make undos` takes 500."""
EDITED = PAIRS * 4 // 100 or 1


def turn(world: World, target: System) -> None:
    """Give the field that is written in the target to the target: an owner flipped."""
    slug, _ = FIELDS[target]
    world.contact_fields = [
        (ours, theirs, owner.other if ours == slug else owner) for ours, theirs, owner in world.contact_fields
    ]
    world.configure()


def at_odds(world: World, target: System) -> list[tuple[str, str]]:
    """People whose two records hold different values in a field that the target owns, and that no mode lets
    it write."""
    slug, name = FIELDS[target]
    turn(world, target)
    world.configure(update_existing=False, export_mode=ExportMode.MATCH_EXISTING)
    people = []
    for number in range(PAIRS):
        one: dict[str, Value] = {name: f"5{number}", "LastName": "Ray"}
        other: dict[str, Value] = {slug.replace("-", "_"): f"7{number}", "user_last_name": "Ray"}
        people.append(world.pair(one, other))
    world.sync()
    return people


def journal_of(world: World, target: System) -> list[Any]:
    """Every write to the target through its API."""
    return world.salesforce.journal if target is THEIRS else world.element451.journal


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_a_flipped_owner_is_undone_and_stays_undone(world: World, target: System) -> None:
    people = at_odds(world, target)
    before = [held(world, target, ids) for ids in people]
    turn(world, target)  # by mistake
    world.configure(update_existing=True, export_mode=ExportMode.UPDATE_EXISTING)
    mistake = world.sync()
    mistaken = [held(world, target, ids) for ids in people]
    assert mistaken != before
    for ids in people[:EDITED]:
        edit(world, target, ids, FIELDS[target], "by hand")
    writes = len(journal_of(world, target))

    undone = undo(world, run=mistake.id, field=FIELDS[target][0])

    stays: list[Value] = ["by hand"] * EDITED + before[EDITED:]
    assert [held(world, target, ids) for ids in people] == stays
    assert piles(undone) == {"restored": PAIRS - EDITED, "moved_since": EDITED}
    put_back = journal_of(world, target)[writes:]
    assert {entry.action for entry in put_back} == {"update"}
    assert len(put_back) == PAIRS - EDITED
    [hold] = listing.in_force(world.engine)
    assert (hold["origin"], hold["run"], hold["records"]) == ("undo", undone.id, PAIRS)

    for number in range(3):
        for ids in people:
            world.salesforce.people.edit(
                ids[1], {"Visits__c" if number == 1 else "GPA__c": float(number + 1)}
            )
            world.element451.people.edit(ids[0], {"user-custom-notes": f"{number}"})
        world.sync()
        assert [held(world, target, ids) for ids in people] == stays

    again = undo(world, run=undone.id)
    assert piles(again) == {"restored": PAIRS - EDITED}
    assert [held(world, target, ids) for ids in people] == ["by hand"] * EDITED + mistaken[EDITED:]
    assert listing.in_force(world.engine) == []
    world.sync()
    assert [held(world, target, ids) for ids in people] == mistaken


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_a_hold_of_an_undo_ends_with_the_first_other_value(world: World, target: System) -> None:
    [ids, *_] = people = at_odds(world, target)[:1]
    turn(world, target)
    world.configure(update_existing=True, export_mode=ExportMode.UPDATE_EXISTING)
    undo(world, run=world.sync().id, field=FIELDS[target][0])
    world.sync()
    assert held(world, target, ids) == ("50" if target is THEIRS else "70")
    edit(world, target.other, ids, FIELDS[target], "99")
    world.sync()
    assert held(world, target, ids) == "99"
    assert people


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_what_nobody_would_overwrite_is_not_held(world: World, target: System) -> None:
    people = at_odds(world, target)[:1]
    turn(world, target)
    world.configure(update_existing=True, export_mode=ExportMode.UPDATE_EXISTING)
    mistake = world.sync()
    turn(world, target)
    world.configure(update_existing=False, export_mode=ExportMode.MATCH_EXISTING)
    undo(world, run=mistake.id, field=FIELDS[target][0])
    assert listing.in_force(world.engine) == []
    assert held(world, target, people[0]) == ("50" if target is THEIRS else "70")


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_an_undo_does_not_put_back_what_was_left_out_of_an_approval(world: World, target: System) -> None:
    [ids] = overwritten(world, target)
    with world.engine.begin() as connection:
        number = store.begin(connection, Origin.APPROVAL, "Ann", world.clock.now, run=1)
        pair = connection.execute(select(pair_store.PAIRS.c.id)).scalar_one()
        store.keep(connection, number, [Kept(pair, Held.VALUE, target, *FIELDS[target], "old 0")])
    edit(world, target.other, ids, FIELDS[target], "old 0")  # the value that was left out
    world.sync()
    assert held(world, target, ids) == "new"

    undone = undo(world, run=2)

    assert piles(undone) == {"cannot": 1}
    assert held(world, target, ids) == "new"
    assert [hold["hold"] for hold in listing.in_force(world.engine)] == [number]
    [told] = [each for each in world.entries() if each["run"] == undone.id]
    assert "Held by the approval of run 1 (Ann)" in told["reason"]


def test_a_preview_holds_nothing(world: World) -> None:
    at_odds(world, THEIRS)
    turn(world, THEIRS)
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    mistake = world.sync()
    undo_runs.preview(world.sync_engine(), Undoing(run=mistake.id), in_force(world), lambda run, plan: None)
    waiting: Run = undo_runs.undo(world.sync_engine(), Undoing(run=mistake.id), in_force(world), "ann")
    assert waiting.state == "waiting"
    assert listing.in_force(world.engine) == []
    assert replace(waiting).numbers
