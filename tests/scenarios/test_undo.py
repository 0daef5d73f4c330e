"""What runs overwrote can be put back (rule 21): every value that still holds what we wrote gets what was
there before, and nothing else is touched."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from syncer.core.reasons import BEFORE_AS_LAST_READ
from syncer.core.records import System, Value
from syncer.journal import approvals, schedule
from syncer.journal.log import ENTRIES
from syncer.journal.runs import PILES, Run
from syncer.journal.undoable import Undoing, last_write
from syncer.sync.undo import run as undo_runs
from syncer.sync.undo.run import AnotherWaits, RulesInForce
from tests.support.world import OURS, THEIRS, World

FIELDS = {THEIRS: ("user-first-name", "FirstName"), OURS: ("user-phone-cell-number", "Phone")}
"""By the system that is written: a field that the other one owns."""


def in_force(world: World) -> RulesInForce:
    """The rules by which owners would overwrite again what is put back."""
    return world.setup().rules(world.clock.now.date())


def undo(world: World, **what: Any) -> Run:
    """Undo something that somebody confirmed."""
    world.later()
    return undo_runs.undo(world.sync_engine(), Undoing(**what), in_force(world), "ann", confirmed=True)


def piles(run: Run) -> dict[str, int]:
    """A run's piles without those that are empty."""
    return {pile: times for pile, times in (run.numbers or {})[PILES].items() if times}


def held(world: World, target: System, ids: tuple[str, str], system: System | None = None) -> Any:
    """What the target, or the ``system``, holds in the field that is written in the target."""
    slug, name = FIELDS[target]
    if (system or target) is THEIRS:
        return world.in_salesforce(ids[1]).get(name)
    return world.in_element451(ids[0]).get(slug)


def edit(world: World, system: System, ids: tuple[str, str], field: tuple[str, str], value: Any) -> None:
    """Somebody edits a field in one of the systems."""
    if system is OURS:
        world.element451.people.edit(ids[0], {field[0]: value})
    else:
        world.salesforce.people.edit(ids[1], {field[1]: value})


def overwritten(world: World, target: System, count: int = 1) -> list[tuple[str, str]]:
    """Pairs whose field in the target was overwritten by run 2 with what its owner got."""
    pairs = []
    for number in range(count):
        slug, name = FIELDS[target]
        ours: dict[str, Value] = {slug.replace("-", "_"): f"old {number}", "user_last_name": "Ray"}
        theirs: dict[str, Value] = {name: f"old {number}", "LastName": "Ray"}
        pairs.append(world.pair(theirs, ours))
    world.sync()
    world.configure()
    for ids in pairs:
        edit(world, target.other, ids, FIELDS[target], "new")
    assert world.sync().id == 2
    assert {held(world, target, ids) for ids in pairs} == {"new"}
    return pairs


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_what_a_run_overwrote_is_put_back(world: World, target: System) -> None:
    pairs = overwritten(world, target, 3)
    run = undo(world, run=2)
    assert [held(world, target, ids) for ids in pairs] == ["old 0", "old 1", "old 2"]
    assert [held(world, target, ids, target.other) for ids in pairs] == ["new"] * 3
    assert (run.state, run.trigger, piles(run)) == ("done", "undo", {"restored": 3})
    assert [
        (each["status"], each["changes"][0]["before"]) for each in world.entries() if each["run"] == 3
    ] == [("updated", "new")] * 3


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_what_somebody_changed_since_is_left_and_listed(world: World, target: System) -> None:
    kept, moved = overwritten(world, target, 2)
    edit(world, target, moved, FIELDS[target], "by hand")
    run = undo(world, run=2)
    assert (held(world, target, kept), held(world, target, moved)) == ("old 0", "by hand")
    assert piles(run) == {"restored": 1, "moved_since": 1}
    [left] = [each for each in world.entries() if each["run"] == 3 and each["code"] == "MOVED_SINCE"]
    assert (left["status"], left["element_id"], left["changes"][0]["left_out"]) == ("ignored", moved[0], True)


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_what_is_back_already_is_unchanged(world: World, target: System) -> None:
    [ids] = overwritten(world, target)
    edit(world, target, ids, FIELDS[target], "old 0")
    writes = len(world.writes())
    run = undo(world, run=2)
    assert piles(run) == {"already": 1}
    assert [each["status"] for each in world.entries() if each["run"] == 3] == ["unchanged"]
    assert len(world.writes()) == writes


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_a_value_is_emptied_again_that_was_empty_before(world: World, target: System) -> None:
    slug, name = FIELDS[target]
    ids = world.pair({"LastName": "Ray"}, {"user_last_name": "Ray"})
    world.sync()
    edit(world, target.other, ids, (slug, name), "new")
    world.sync()
    assert held(world, target, ids) == "new"
    assert piles(undo(world, run=2)) == {"restored": 1}
    assert held(world, target, ids) is None


def test_created_and_linked_records_are_listed_and_nobody_is_deleted(world: World) -> None:
    world.ours(user_first_name="Eve", user_last_name="Ray")
    theirs = world.theirs(FirstName="Ann")
    linked = world.ours(user_last_name="Nobody", user_identities_salesforceid=theirs)
    world.sync()
    before = world.contacts()
    writes = len(world.writes())
    run = undo(world, run=1)
    assert world.contacts() == before
    assert run.state == "done"
    left = [each for each in world.entries() if each["run"] == run.id]
    assert {each["code"] for each in left if each["status"] == "ignored"} == {"CANNOT_BE_UNDONE"}
    assert linked in {each["element_id"] for each in left}
    assert all(each["element_id"] and each["salesforce_id"] for each in left)
    assert world.in_salesforce(theirs)["Element451_ID__c"] == linked
    assert piles(run)["cannot"] >= 2
    assert all(entry[1] == "update" for entry in world.writes()[writes:])


def test_a_value_that_was_not_read_before_cannot_be_put_back(world: World) -> None:
    [ids] = overwritten(world, THEIRS)
    [entry] = [each for each in world.entries() if each["run"] == 2]
    changes = [each | {"known": False} for each in entry["changes"]]
    with world.engine.begin() as connection:
        connection.execute(update(ENTRIES).where(ENTRIES.c.id == entry["id"]).values(changes=changes))
    assert piles(undo(world, run=2)) == {"cannot": 1}
    assert held(world, THEIRS, ids) == "new"


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_of_several_runs_the_oldest_value_comes_back(world: World, target: System) -> None:
    [ids] = overwritten(world, target)
    edit(world, target.other, ids, FIELDS[target], "newer")
    world.sync()
    assert held(world, target, ids) == "newer"
    assert piles(undo(world, version=world.version)) == {"restored": 1}
    assert held(world, target, ids) == "old 0"


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_a_broken_chain_counts_as_moved(world: World, target: System) -> None:
    [ids] = overwritten(world, target)
    edit(world, target, ids, FIELDS[target], "by hand")
    edit(world, target.other, ids, FIELDS[target], "newer")
    world.sync()
    assert held(world, target, ids) == "newer"
    assert piles(undo(world, version=world.version)) == {"moved_since": 1}
    assert held(world, target, ids) == "newer"


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_what_a_later_run_wrote_is_left(world: World, target: System) -> None:
    [ids] = overwritten(world, target)
    edit(world, target.other, ids, FIELDS[target], "newer")
    world.sync()
    assert piles(undo(world, run=2)) == {"moved_since": 1}
    assert held(world, target, ids) == "newer"


def test_one_field_or_one_entry_is_undone_alone(world: World) -> None:
    both = [overwritten(world, THEIRS, 2)][0]
    entries = {each["element_id"]: each["id"] for each in world.entries() if each["run"] == 2}
    assert piles(undo(world, entry=entries[both[0][0]])) == {"restored": 1}
    assert [held(world, THEIRS, ids) for ids in both] == ["old 0", "new"]
    assert piles(undo(world, run=2, field="LastName")) == {}
    assert held(world, THEIRS, both[1]) == "new"
    assert piles(undo(world, run=2, field="user-first-name")) == {"restored": 1, "already": 1}
    assert held(world, THEIRS, both[1]) == "old 1"


def test_the_last_write_to_a_record_is_found_by_either_id(world: World) -> None:
    [ids] = overwritten(world, OURS)
    [entry] = [each for each in world.entries() if each["run"] == 2]
    for identity in ids:
        assert last_write(world.engine, identity) == entry["id"]
        assert last_write(world.engine, identity, "Phone") == entry["id"]
        assert last_write(world.engine, identity, "Nothing__c") is None


def test_an_undo_that_nobody_confirmed_waits_and_goes_on_once_approved(world: World) -> None:
    [ids] = overwritten(world, THEIRS)
    run = undo_runs.undo(world.sync_engine(), Undoing(run=2), in_force(world), "ann")
    assert (run.state, piles(run)) == ("waiting", {"restored": 1})
    assert run.numbers
    assert run.numbers["kinds"] == {"change": 1}
    assert held(world, THEIRS, ids) == "new"
    with pytest.raises(AnotherWaits):
        undo_runs.undo(world.sync_engine(), Undoing(entry=1), in_force(world), "ann")
    world.sync()
    assert held(world, THEIRS, ids) == "new"
    approvals.approve(world.engine, run.id, now=world.clock.now)
    done = undo_runs.go_on(world.sync_engine(), run.id, in_force(world))
    assert (done.id, done.state, piles(done)) == (run.id, "done", {"restored": 1})
    assert held(world, THEIRS, ids) == "old 0"


def test_a_preview_says_what_the_undo_then_does(world: World) -> None:
    pairs = overwritten(world, THEIRS, 3)
    edit(world, THEIRS, pairs[1], FIELDS[THEIRS], "by hand")
    plans: list[Any] = []
    writes = len(world.writes())
    shown = undo_runs.preview(
        world.sync_engine(), Undoing(run=2), in_force(world), lambda run, plan: plans.append(plan)
    )
    assert len(world.writes()) == writes
    done = undo(world, run=2)
    assert (piles(shown), shown.counts) == (piles(done), done.counts)
    assert {plan.element_id: plan.status for plan in plans} == {
        ids[0]: "ignored" if ids is pairs[1] else "updated" for ids in pairs
    }


def test_what_was_due_stays_due(world: World) -> None:
    [ids] = overwritten(world, THEIRS)
    edit(world, THEIRS, ids, FIELDS[OURS], "55")
    world.read()
    assert world.due() == 1
    undo(world, run=2)
    assert world.due() == 1
    world.sync()
    assert held(world, OURS, ids) == "55"


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_a_target_is_read_once_before_it_is_put_back(world: World, target: System) -> None:
    overwritten(world, target, 3)
    run = undo(world, run=2)
    assert run.calls == {target.value: 2, target.other.value: 0}  # all at once: read, and written
    [entry, *_] = [each for each in world.entries() if each["run"] == 3]
    assert entry["changes"][0]["before"] == "new"
    assert BEFORE_AS_LAST_READ not in entry["reason"]


def test_a_rejected_undo_does_not_pause_the_schedule(world: World) -> None:
    overwritten(world, THEIRS)
    run = undo_runs.undo(world.sync_engine(), Undoing(run=2), in_force(world), "ann")
    assert approvals.reject(world.engine, run.id)
    with world.engine.connect() as connection:
        assert schedule.standstill(connection, world.version, datetime.now(UTC)) is None
