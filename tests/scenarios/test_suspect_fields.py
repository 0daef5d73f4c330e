"""Where a field comes back empty for nearly all, its blanks wait for a person, and everything else goes on
(rule 6)."""

import pytest

from syncer.core.preferences import GuardLimits
from syncer.core.records import System, Value
from syncer.journal import approvals, runs
from syncer.journal.runs import Run
from tests.support.world import OURS, THEIRS, World

FIELDS = {OURS: ("user-first-name", "FirstName"), THEIRS: ("user-phone-cell-number", "Phone")}
OTHERS = {OURS: ("user-custom-notes", "Description"), THEIRS: ("user-custom-gpa", "GPA__c")}
BOTH = pytest.mark.parametrize("owner", [OURS, THEIRS], ids=["export", "import"])
Pairs = list[tuple[str, str]]


@pytest.fixture
def school(world: World) -> World:
    """The limits of every school."""
    world.configure(guard=GuardLimits())
    return world


def in_step(world: World, count: int) -> Pairs:
    """Pairs that agree."""
    guard = world.preferences.guard
    world.configure(guard=GuardLimits(10**6, 100, 10**6))
    pairs = [
        world.pair(
            {"FirstName": f"A{n}", "Phone": f"{n}", "LastName": "Ray"},
            {
                "user_first_name": f"A{n}",
                "user_phone_cell_number": f"{n}",
                "user_last_name": "Ray",
                "user_sms_updates": False,
            },
        )
        for n in range(count)
    ]
    assert world.sync().state == "done"
    world.configure(guard=guard)
    return pairs


def edit(
    world: World, owner: System, pairs: Pairs, value: Value, fields: dict[System, tuple[str, str]]
) -> None:
    """The owner of a field gives it another value, with a new stamp."""
    for ours, theirs in pairs:
        if owner is OURS:
            world.element451.people.edit(ours, {fields[owner][0]: value})
        else:
            world.salesforce.people.edit(theirs, {fields[owner][1]: value})


def answers_with_nothing(world: World, owner: System, pairs: Pairs, other: Value) -> None:
    """The owner answers with nothing in one field of all these, while something else of them was edited."""
    edit(world, owner, pairs, other, OTHERS)
    believes(world, owner, pairs, [None] * len(pairs))


def believes(world: World, owner: System, pairs: Pairs, values: list[str | None]) -> None:
    """The owner answers so from now on, without a new stamp."""
    system = world.element451 if owner is OURS else world.salesforce
    for pair, value in zip(pairs, values, strict=True):
        system.people.rows[pair[owner is THEIRS]].values[FIELDS[owner][owner is THEIRS]] = value


def held(world: World, owner: System, pairs: Pairs, fields: dict[System, tuple[str, str]]) -> list[object]:
    """What the other system holds."""
    slug, name = fields[owner]
    if owner is OURS:
        return [world.in_salesforce(theirs).get(name) for _, theirs in pairs]
    return [world.in_element451(ours).get(slug) for ours, _ in pairs]


def true_values(owner: System, count: int) -> list[str | None]:
    return [f"A{n}" if owner is OURS else f"{n}" for n in range(count)]


def others(owner: System, number: int) -> Value:
    return f"Note {number}" if owner is OURS else number


def numbers(run: Run | None) -> dict[str, object]:
    assert run
    assert run.numbers
    return run.numbers


@BOTH
@pytest.mark.parametrize("count", [10, 40])
def test_its_blanks_wait_alone_while_everything_else_goes_on(
    school: World, owner: System, count: int
) -> None:
    pairs = in_step(school, count)
    answers_with_nothing(school, owner, pairs, others(owner, 1))
    # so many edits would be over the limit
    school.configure(guard=GuardLimits(records=100, percent=100, at_least=100))
    run = school.sync()
    assert run.state == "waiting"
    assert held(school, owner, pairs, OTHERS) == [others(owner, 1)] * count, "everything else went on"
    assert held(school, owner, pairs, FIELDS) == true_values(owner, count), "nothing was blanked"
    slug, name = FIELDS[owner]
    shown = numbers(run)
    assert shown["suspects"] == [
        {
            "kind": "contact",
            "system": owner.value,
            "element451": slug,
            "salesforce": name,
            "read": count,
            "emptied": count,
        }
    ]
    assert shown["kinds"] == {"blank": count}
    assert f"came back empty from {owner.label} for {count} of {count} records" in run.reason


@BOTH
def test_later_runs_go_on_beside_the_one_that_waits_and_never_blank(school: World, owner: System) -> None:
    pairs = in_step(school, 24)
    answers_with_nothing(school, owner, pairs[:12], others(owner, 1))
    waiting = school.sync()
    for number in (2, 3):
        edit(school, owner, pairs, others(owner, number), OTHERS)
        tick = school.sync()
        assert (tick.state, tick.id != waiting.id) == ("done", True)
        assert f"Run {waiting.id} waits for approval" in tick.reason
        assert held(school, owner, pairs, OTHERS) == [others(owner, number)] * 24
        still = runs.waiting(school.engine)
        assert still
        assert (still.id, numbers(still)["kinds"]) == (waiting.id, {"blank": 12})
    assert held(school, owner, pairs, FIELDS) == true_values(owner, 24)


@BOTH
def test_once_approved_they_are_blanked_if_they_are_still_empty(school: World, owner: System) -> None:
    pairs = in_step(school, 12)
    answers_with_nothing(school, owner, pairs, others(owner, 1))
    run = school.sync()
    done = school.sync(goes_on=run.id)
    assert (done.id, done.state) == (run.id, "done")
    assert held(school, owner, pairs, FIELDS) == [None] * 12
    assert runs.waiting(school.engine) is None


@BOTH
def test_an_approval_blanks_nothing_that_the_owner_holds_by_then(school: World, owner: System) -> None:
    pairs = in_step(school, 12)
    answers_with_nothing(school, owner, pairs, others(owner, 1))
    run = school.sync()
    believes(school, owner, pairs, true_values(owner, 12))
    assert school.sync(goes_on=run.id).state == "done"
    assert held(school, owner, pairs, FIELDS) == true_values(owner, 12)


@BOTH
def test_where_the_owner_answers_rightly_again_nothing_waits_any_more(school: World, owner: System) -> None:
    pairs = in_step(school, 12)
    answers_with_nothing(school, owner, pairs, others(owner, 1))
    run = school.sync()
    believes(school, owner, pairs, true_values(owner, 12))
    edit(school, owner, pairs, others(owner, 2), OTHERS)
    assert school.sync().state == "done"
    assert held(school, owner, pairs, FIELDS) == true_values(owner, 12)
    ended = runs.find(school.engine, run.id)
    assert ended
    assert (ended.state, runs.waiting(school.engine)) == ("cancelled", None)


@BOTH
@pytest.mark.parametrize(
    ("empty", "kept", "suspect"),
    [(9, 0, False), (10, 0, True), (9, 1, True), (8, 2, False), (18, 2, True), (18, 3, False)],
)
def test_it_takes_ten_records_and_nine_in_ten_of_them(
    school: World, owner: System, empty: int, kept: int, suspect: bool
) -> None:
    pairs = in_step(school, empty + kept)
    edit(school, owner, pairs[:empty], None, FIELDS)
    edit(school, owner, pairs[empty:], others(owner, 1), OTHERS)
    run = school.sync()
    assert (run.state == "waiting") is suspect
    assert held(school, owner, pairs[:empty], FIELDS).count(None) == (0 if suspect else empty)


def test_a_field_that_was_never_read_to_hold_a_value_is_not_suspect(school: World) -> None:
    """The first sync: what only the other side holds is emptied, as its owner has nothing."""
    pairs = [school.pair({"Description": "Was here"}, {"user_sms_updates": False}) for _ in range(12)]
    assert school.sync().state == "done"
    assert [school.in_salesforce(theirs).get("Description") for _, theirs in pairs] == [None] * 12


@BOTH
def test_rejected_they_stay_due_and_are_not_blanked(school: World, owner: System) -> None:
    pairs = in_step(school, 12)
    answers_with_nothing(school, owner, pairs, others(owner, 1))
    run = school.sync()
    rejected = approvals.reject(school.engine, run.id)
    assert rejected
    assert rejected.reason == "Rejected. What waited was not written; its records stay due."
    again = school.sync()
    assert (again.state, again.id != run.id) == ("waiting", True)
    assert held(school, owner, pairs, FIELDS) == true_values(owner, 12)


def test_too_much_at_once_waits_as_a_whole_with_the_suspect_field_named(school: World) -> None:
    pairs = in_step(school, 60)
    answers_with_nothing(school, OURS, pairs, "Note")
    run = school.sync()
    assert run.state == "waiting"
    assert held(school, OURS, pairs, OTHERS) == [None] * 60
    assert "came back empty from Element451 for 60 of 60 records" in run.reason
    assert "60 records to change" in run.reason
    assert numbers(run)["kinds"] == {"blank": 60, "change": 60}
