"""An approval may leave out a kind of change, a field or single records: these are held, the rest goes (rules
19 and 20)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from syncer.core.guard import ChangeKind
from syncer.core.plan import Plan
from syncer.core.preferences import GuardLimits
from syncer.core.records import System, Value
from syncer.core.trust.leaving_out import LeaveOut
from syncer.journal import approvals, runs
from syncer.journal.runs import Run
from syncer.sync.everything import sync
from syncer.sync.holds import listing, store
from syncer.sync.holds.partial_approval import CannotLeaveOut, approve_without
from syncer.sync.holds.store import HELD
from syncer.sync.planning import waiting_changes
from syncer.sync.planning.waiting_changes import WaitingChanges
from tests.support.world import OURS, THEIRS, World

NAME, PHONE = "user-first-name → FirstName", "user-phone-cell-number ← Phone"


@pytest.fixture
def school(world: World) -> World:
    """Ten pairs whose first name and phone number differ, and four people of Element451 alone: too much at
    once."""
    world.configure(create_new=True, guard=GuardLimits(records=500, percent=20, at_least=3))
    for number in range(10):
        world.pair(
            {"FirstName": "Old", "Phone": f"1{number}", "Description": "old"},
            {"user_first_name": f"New{number}", "user_phone_cell_number": "2", "user_sms_updates": False},
        )
    for number in range(4):
        world.ours(user_first_name=f"N{number}", user_last_name="New")
    return world


def waiting(world: World) -> Run:
    run = world.sync()
    assert run.state == "waiting"
    return run


def changes(world: World, run: Run) -> WaitingChanges:
    return WaitingChanges(world.engine, world.setup(), run, world.clock.now)


def go_on(world: World, run: Run, out: LeaveOut) -> Run:
    approve_without(changes(world, run), out, "Ann", world.clock.now)
    world.later()
    return sync(world.sync_engine(), goes_on=run.id)


def in_salesforce(world: World, name: str) -> list[str]:
    live = world.salesforce.people.live("Contact")
    return sorted(str(world.in_salesforce(theirs).get(name)) for theirs in live)


def phones(world: World) -> set[Value]:
    live, _ = world.contacts()
    return {world.in_element451(ours).get("user-phone-cell-number") for ours in live} - {None}


def test_a_kind_that_is_left_out_is_held_and_everything_else_goes(school: World) -> None:
    done = go_on(school, waiting(school), LeaveOut.of(["create"], None, None))
    assert done.state == "done"
    assert len(school.salesforce.people.live("Contact")) == 10
    assert in_salesforce(school, "FirstName") == [f"New{number}" for number in range(10)]
    (hold,) = listing.in_force(school.engine)
    assert (hold["origin"], hold["run"], hold["records"], hold["until"]) == ("approval", done.id, 4, None)
    for _ in range(2):
        assert school.sync(full=True).state == "done"
    assert len(school.salesforce.people.live("Contact")) == 10


@pytest.mark.parametrize("named", [NAME, "user-first-name", "FirstName"])
def test_a_field_that_is_left_out_stays_in_every_record_while_the_others_change(
    school: World, named: str
) -> None:
    assert go_on(school, waiting(school), LeaveOut.of(None, [named], None)).state == "done"
    assert phones(school) == {f"1{number}" for number in range(10)}
    assert in_salesforce(school, "FirstName") == ["None"] * 4 + ["Old"] * 10
    school.sync()
    assert in_salesforce(school, "FirstName") == ["None"] * 4 + ["Old"] * 10


def test_a_record_that_is_left_out_stays_until_its_owner_has_another_value(school: World) -> None:
    run = waiting(school)
    theirs = school.contacts()[1][0]
    ours = str(school.in_salesforce(theirs)["Element451_ID__c"])
    assert go_on(school, run, LeaveOut.of(None, None, [theirs[:15]])).state == "done"
    assert in_salesforce(school, "FirstName").count("Old") == 1
    (hold,) = listing.in_force(school.engine)
    assert hold["element_id"] == ours
    school.element451.people.edit(ours, {"user-first-name": "Other"})
    school.sync()
    assert school.in_salesforce(theirs)["FirstName"] == "Other"
    assert school.in_salesforce(theirs)["Phone"] != school.in_element451(ours)["user-phone-cell-number"]


def test_deactivations_that_are_left_out_wait_until_the_records_are_back(world: World) -> None:
    pairs = [world.pair() for _ in range(8)]
    world.sync()
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    for _, theirs in pairs:
        world.salesforce.people.delete(theirs)
    run = waiting(world)
    assert go_on(world, run, LeaveOut.of(["deactivate"], None, None)).state == "done"
    assert [entry for entry in world.entries() if entry["status"] == "deactivated"] == []
    for _, theirs in pairs:
        world.salesforce.people.undelete(theirs)
    world.element451.people.edit(pairs[0][0], {"user-first-name": "Ann"})
    world.sync()
    assert world.in_salesforce(pairs[0][1])["FirstName"] == "Ann"
    assert listing.in_force(world.engine) == []


def test_all_of_it_is_listed_a_page_at_a_time_and_by_kind_and_field(
    school: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_changes, "PAGE", 3)
    run = waiting(school)
    found = changes(school, run)

    def of(kind: ChangeKind | None = None, named: str | None = None) -> list[Plan]:
        return [plan for _, plan in found.find(kind, named)]

    numbers = run.numbers or {}
    assert len(of(ChangeKind.CREATE)) == numbers["kinds"]["create"] == 4
    assert len(of(ChangeKind.CHANGE, NAME)) == numbers["fields"]["change"][NAME] == 10
    assert len(of(ChangeKind.CHANGE, PHONE)) == 10
    assert of(ChangeKind.BLANK, NAME) == []
    every = list(found.find())
    assert [number for number, _ in every] == sorted(number for number, _ in every)
    after = every[len(every) // 2][0]
    assert list(found.find(after=after)) == [one for one in every if one[0] > after]
    assert len(list(found.lines(None, None))) == sum(len(plan.changes) for _, plan in every)


def test_what_changed_since_it_was_shown_is_neither_listed_nor_approved_nor_held(school: World) -> None:
    run = waiting(school)
    for ours in school.contacts()[0]:
        school.element451.people.edit(ours, {"user-first-name": "Later"})
    school.read()
    assert all(change.after != "Later" for _, plan in changes(school, run).find() for change in plan.changes)


@pytest.mark.parametrize("source", [OURS, THEIRS], ids=["export", "import"])
def test_what_cannot_be_judged_when_the_rest_is_approved_is_not_covered(
    school: World, source: System
) -> None:
    run = waiting(school)
    five = [one for one in school.contacts()[1] if school.in_salesforce(one)["FirstName"] == "Old"][:5]
    pairs = [(str(school.in_salesforce(one)["Element451_ID__c"]), one) for one in five]

    def type_in(values: Sequence[Value]) -> None:
        for (ours, theirs), value in zip(pairs, values, strict=True):
            if source is OURS:
                school.element451.people.edit(ours, {"user-first-name": value})
            else:
                school.salesforce.people.edit(theirs, {"Phone": value})

    shown = [
        school.in_element451(ours)["user-first-name"]
        if source is OURS
        else school.in_salesforce(theirs)["Phone"]
        for ours, theirs in pairs
    ]
    type_in(["7"] * 5)
    school.later()
    school.read()
    named = NAME if source is OURS else PHONE
    approve_without(changes(school, run), LeaveOut.of(None, [named], None), "Ann", school.clock.now)
    type_in(shown)
    school.later()
    sync(school.sync_engine(), goes_on=run.id)
    if source is OURS:
        assert in_salesforce(school, "FirstName") == ["None"] * 4 + ["Old"] * 10
    else:
        assert phones(school) == {"2"}


@pytest.mark.parametrize(
    ("fields", "records"),
    [
        (["user-firstname"], None),
        ([NAME, "user-firstname"], None),
        (None, ["0015000000000"]),
    ],
)
def test_a_name_that_leaves_nothing_out_approves_nothing(
    school: World, fields: list[str] | None, records: list[str] | None
) -> None:
    run = waiting(school)
    wrong = (fields or records or [""])[-1]
    with pytest.raises(CannotLeaveOut, match=wrong):
        approve_without(changes(school, run), LeaveOut.of(None, fields, records), "Ann", school.clock.now)
    assert runs.find(school.engine, run.id).approved_at is None  # type: ignore[union-attr]  # it is there
    assert listing.in_force(school.engine) == []
    school.later()
    assert school.sync().state == "waiting"
    assert in_salesforce(school, "FirstName") == ["Old"] * 10


def test_what_is_counted_again_while_a_part_is_approved_is_not_approved(
    school: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = waiting(school)
    found = changes(school, run)
    pages = found.pages

    def overtaken(after: int = 0) -> Iterator[list[waiting_changes.WaitingRecord]]:
        yield from pages(after)
        for ours in school.contacts()[0]:
            school.element451.people.edit(ours, {"user-first-name": "Later"})
        assert school.sync().state == "waiting"  # a tick

    monkeypatch.setattr(found, "pages", overtaken)
    with pytest.raises(CannotLeaveOut):
        approve_without(found, LeaveOut.of(None, [NAME], None), "Ann", school.clock.now)
    assert runs.find(school.engine, run.id).approved_at is None  # type: ignore[union-attr]  # it is there
    assert listing.in_force(school.engine) == []


def test_a_hold_by_an_approval_is_released_for_its_values_to_come(school: World) -> None:
    go_on(school, waiting(school), LeaveOut.of(None, [NAME], None))
    (hold,) = listing.in_force(school.engine)
    with school.engine.begin() as connection:
        store.release(connection, hold["hold"], "Ann", school.clock.now)
    again = waiting(school)
    assert school.sync(goes_on=again.id).state == "done"
    assert in_salesforce(school, "FirstName").count("Old") == 0


class Stopped(Exception):
    """The database fails."""


def test_a_partial_approval_that_fails_half_way_approved_and_held_nothing(
    school: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = waiting(school)
    found = changes(school, run)
    pages = found.pages

    def failing(after: int = 0) -> Iterator[list[waiting_changes.WaitingRecord]]:
        yield from pages(after)
        raise Stopped

    monkeypatch.setattr(found, "pages", failing)
    with pytest.raises(Stopped):
        approve_without(found, LeaveOut.of(None, [NAME], None), "Ann", school.clock.now)
    assert runs.find(school.engine, run.id).approved_at is None  # type: ignore[union-attr]  # it is there
    with school.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(HELD)).scalar_one() == 0
    nobody = WaitingChanges(school.engine, school.setup(), replace(run, id=99), school.clock.now)
    with pytest.raises(approvals.NotWaiting):
        approve_without(nobody, LeaveOut.of(None, [NAME], None), "Ann", school.clock.now)
