"""An approval covers exactly what was shown, for 24 hours (rule 19)."""

import pytest

from syncer.connectors.errors import Unreachable
from syncer.core.preferences import GuardLimits
from syncer.core.records import System, Value
from syncer.journal import approvals, runs
from syncer.journal.runs import Run
from syncer.sync.everything import sync
from tests.support.world import OURS, THEIRS, World

SMALL = GuardLimits(records=500, percent=20, at_least=3)
FIELDS = {OURS: ("user-first-name", "FirstName"), THEIRS: ("user-phone-cell-number", "Phone")}
BOTH = pytest.mark.parametrize("owner", [OURS, THEIRS], ids=["export", "import"])


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture
def school(world: World) -> World:
    """A small limit."""
    world.configure(guard=SMALL)
    return world


def changed(world: World, owner: System, count: int, value: str = "A") -> list[tuple[str, str]]:
    """Pairs of which the owner holds another value, and no two the same."""
    slug, name = FIELDS[owner]
    pairs = []
    for number in range(count):
        new, old = f"{value}{number}", "Old"
        theirs, ours = (old, new) if owner is OURS else (new, old)
        mine: dict[str, Value] = {slug.replace("-", "_"): ours, "user_sms_updates": False}
        pairs.append(world.pair({name: theirs}, mine))
    return pairs


def edit(world: World, owner: System, pair: tuple[str, str], value: str) -> None:
    """The owner gives the field another value."""
    slug, name = FIELDS[owner]
    if owner is OURS:
        world.element451.people.edit(pair[0], {slug: value})
    else:
        world.salesforce.people.edit(pair[1], {name: value})


def held(world: World, owner: System, pairs: list[tuple[str, str]]) -> list[object]:
    """What the other system holds."""
    slug, name = FIELDS[owner]
    if owner is OURS:
        return [world.in_salesforce(theirs).get(name) for _, theirs in pairs]
    return [world.in_element451(ours).get(slug) for ours, _ in pairs]


def failing(world: World, owner: System) -> None:
    """The other system answers the next write with 503."""
    fault = Unreachable(owner.other, "It answers 503.", code="503")
    if owner is OURS:
        world.salesforce.faults.fail("write", fault=fault)
    else:
        world.element451.faults.fail("update", fault=fault)


def approve(world: World, run: Run) -> None:
    approvals.approve(world.engine, run.id, (run.numbers or {})["counting"], world.clock.now)


@BOTH
def test_an_approved_run_that_failed_asks_again_once_every_record_has_another_value(
    school: World, owner: System
) -> None:
    pairs = changed(school, owner, 10)
    run = school.sync()
    failing(school, owner)
    assert school.sync(goes_on=run.id).state == "failed"
    for number, pair in enumerate(pairs):
        edit(school, owner, pair, f"B{number}")
    again = school.sync()
    assert (again.state, held(school, owner, pairs)) == ("waiting", ["Old"] * 10)
    assert again.id != run.id
    assert "something else than what was approved" in again.reason
    assert school.sync(goes_on=again.id).state == "done"
    assert held(school, owner, pairs) == [f"B{number}" for number in range(10)]


@BOTH
def test_an_approved_run_that_failed_or_died_is_gone_on_with_unasked(school: World, owner: System) -> None:
    pairs = changed(school, owner, 10)
    run = school.sync()
    if owner is OURS:
        school.salesforce.faults.fail("write", after=4, fault=Killed())
    else:
        school.element451.faults.fail("update", after=4, fault=Killed())
    with pytest.raises(Killed):
        school.sync(goes_on=run.id)
    assert school.sync().state == "done"
    assert held(school, owner, pairs) == [f"A{number}" for number in range(10)]


@BOTH
def test_creations_that_were_approved_are_linked_unasked_by_the_run_after_the_one_that_died(
    school: World, owner: System
) -> None:
    """The ID of what was created was not known when it was approved."""
    school.configure(create_new=True)
    create = school.ours if owner is OURS else school.theirs
    name = "user_last_name" if owner is OURS else "LastName"
    for number in range(10):
        create(**{name: f"New {number}"})
    run = school.sync()
    assert run.state == "waiting"
    if owner is OURS:
        school.element451.faults.fail("update", fault=Killed())
    else:
        school.salesforce.faults.fail("write", fault=Killed())
    with pytest.raises(Killed):
        school.sync(goes_on=run.id)
    assert school.sync().state == "done"
    ours, theirs = school.contacts()
    assert (len(ours), len(theirs)) == (10, 10)
    assert all(school.in_salesforce(each)["Element451_ID__c"] in ours for each in theirs)
    assert all(school.in_element451(each)["user-identities-salesforceid"] in theirs for each in ours)


@BOTH
def test_what_came_since_an_approval_waits_as_a_new_run_while_what_was_approved_goes(
    school: World, owner: System
) -> None:
    shown = changed(school, owner, 10)
    run = school.sync()
    new = changed(school, owner, 5, "New")
    done = school.sync(goes_on=run.id)
    assert (done.id, done.state) == (run.id, "done")
    assert (held(school, owner, shown), held(school, owner, new)) == (
        [f"A{number}" for number in range(10)],
        ["Old"] * 5,
    )
    rest = runs.waiting(school.engine)
    assert rest
    assert rest.numbers
    assert rest.numbers["touched"] == 5
    again = school.sync()
    assert (again.id, again.state) == (rest.id, "waiting"), "one waiting run"
    assert school.sync(goes_on=rest.id).state == "done"
    assert held(school, owner, new) == [f"New{number}" for number in range(5)]


@BOTH
@pytest.mark.parametrize(("more", "goes"), [(1, True), (2, True), (3, False)])
def test_what_came_since_is_judged_by_the_guard_alone(
    school: World, owner: System, more: int, goes: bool
) -> None:
    """One more than these has another value than was shown: four are over the limit of three."""
    pairs = changed(school, owner, 10)
    run = school.sync()
    pairs += changed(school, owner, more)
    edit(school, owner, pairs[0], "Other")
    assert school.sync(goes_on=run.id).state == "done"
    values = ["Other", *(f"A{number}" for number in (*range(1, 10), *range(more)))]
    as_shown = ["Old", *values[1:10], *["Old"] * more]
    assert held(school, owner, pairs) == (values if goes else as_shown)
    assert (runs.waiting(school.engine) is None) is goes


def test_an_approval_is_of_what_was_shown_and_not_of_what_a_tick_made_of_it_since(school: World) -> None:
    pairs = changed(school, OURS, 10)
    shown = school.sync()
    for number, pair in enumerate(pairs[:5]):
        edit(school, OURS, pair, f"B{number}")
    assert school.sync().id == shown.id, "a tick refreshes the numbers of the run that waits"
    approve(school, shown)
    assert sync(school.sync_engine()).id == shown.id
    assert held(school, OURS, pairs) == ["Old"] * 5 + [f"A{number}" for number in range(5, 10)]
    rest = runs.waiting(school.engine)
    assert rest
    assert (rest.numbers or {})["touched"] == 5


def test_a_value_that_somebody_overwrites_in_the_target_since_was_not_shown(school: World) -> None:
    pairs = changed(school, OURS, 10)
    run = school.sync()
    for _, theirs in pairs:
        school.salesforce.people.edit(theirs, {"FirstName": "By hand"})
    assert school.sync(goes_on=run.id).state == "waiting"
    assert held(school, OURS, pairs) == ["By hand"] * 10


def test_an_approval_of_settings_that_were_changed_since_lets_nothing_happen(school: World) -> None:
    changed(school, OURS, 10)
    shown = school.sync()
    school.configure(batch_size=100)
    assert school.sync().id == shown.id
    approve(school, shown)
    again = sync(school.sync_engine())
    assert (again.state, school.writes()) == ("waiting", [])
    assert school.sync().reason == again.reason, "until somebody answers"


def test_an_approval_ends_after_a_day(school: World) -> None:
    pairs = changed(school, OURS, 10)
    run = school.sync()
    failing(school, OURS)
    assert school.sync(goes_on=run.id).state == "failed"
    school.later(minutes=24 * 60)
    again = school.sync()
    assert (again.state, held(school, OURS, pairs)) == ("waiting", ["Old"] * 10)
    assert f"The approval of run {run.id} ended after 24 hours" in again.reason


def test_a_rejection_takes_an_approval_back_that_no_run_has_taken_up(school: World) -> None:
    pairs = changed(school, OURS, 10)
    run = school.sync()
    approve(school, run)
    assert approvals.reject(school.engine, run.id)
    assert school.sync().state == "waiting"
    assert held(school, OURS, pairs) == ["Old"] * 10


def test_what_a_run_showed_is_forgotten_when_it_is_answered_and_its_approval_over(school: World) -> None:
    changed(school, OURS, 10)
    run = school.sync()
    assert school.sync(goes_on=run.id).state == "done"
    school.later(minutes=24 * 60)
    school.sync()
    with school.engine.connect() as connection:
        assert connection.execute(approvals.SHOWN.select()).all() == []


def test_conversations_of_contacts_that_are_created_with_them_are_approved_with_them(school: World) -> None:
    """Their lookup gets an ID that nobody knew when it was shown."""
    contacts = [school.ours(user_last_name=f"New {number}") for number in range(10)]
    for contact in contacts:
        school.conversation(contact, conversation_subject="Hello")
    run = school.sync()
    assert run.state == "waiting"
    done = school.sync(goes_on=run.id)
    assert (done.state, runs.waiting(school.engine)) == ("done", None)
    talks = school.salesforce.people.live("E451_Conversation__c")
    theirs = school.contacts()[1]
    assert sorted(str(school.in_salesforce(talk)["Contact__c"]) for talk in talks) == sorted(theirs)
