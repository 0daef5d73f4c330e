"""For blanks and deactivations the limits hold for 24 hours, and *Retry all* is guarded as well (rule 19)."""

from typing import Any

import pytest

from syncer.application import work_requests
from syncer.application.request_handler import handle_all
from syncer.core.preferences import GuardLimits
from syncer.core.records import System
from syncer.journal import approvals, runs
from syncer.journal.run_state import Trigger
from syncer.journal.runs import Run
from syncer.sync import on_demand
from syncer.sync.failures import Which
from tests.support.world import OURS, THEIRS, World, statuses

FIELDS = {OURS: ("user-first-name", "FirstName"), THEIRS: ("user-phone-cell-number", "Phone")}
BOTH = pytest.mark.parametrize("owner", [OURS, THEIRS], ids=["export", "import"])
LIMITS = GuardLimits(records=500, percent=20, at_least=25)


@pytest.fixture
def school(world: World) -> World:
    """The limits of every school."""
    world.configure(guard=LIMITS)
    return world


def in_step(world: World, count: int) -> list[tuple[str, str]]:
    """Pairs that agree, in a few runs."""
    world.configure(guard=GuardLimits(10**6, 100, 10**6))
    pairs = [
        world.pair(
            {"FirstName": f"A{n}", "Phone": str(n)},
            {"user_first_name": f"A{n}", "user_phone_cell_number": str(n), "user_sms_updates": False},
        )
        for n in range(count)
    ]
    assert world.sync().state == "done"
    world.configure(guard=LIMITS)
    return pairs


def empty(world: World, owner: System, pairs: list[tuple[str, str]]) -> None:
    """The owner empties its field."""
    for ours, theirs in pairs:
        if owner is OURS:
            world.element451.people.edit(ours, {"user-first-name": None})
        else:
            world.salesforce.people.edit(theirs, {"Phone": None})


def emptied(world: World, owner: System, pairs: list[tuple[str, str]]) -> int:
    slug, name = FIELDS[owner]
    if owner is OURS:
        return sum(world.in_salesforce(theirs).get(name) is None for _, theirs in pairs)
    return sum(world.in_element451(ours).get(slug) is None for ours, _ in pairs)


def noise(world: World, pairs: list[tuple[str, str]]) -> None:
    """Some others of whom only something else changed, so that no field looks suspect."""
    for number, (ours, theirs) in enumerate(pairs):
        world.element451.people.edit(ours, {"user-custom-notes": f"Note {world.clock.now} {number}"})
        world.salesforce.people.edit(theirs, {"GPA__c": 1 + (world.clock.now.minute + number) / 100})


@BOTH
def test_what_was_blanked_within_a_day_counts_along(school: World, owner: System) -> None:
    pairs = in_step(school, 70)
    states = []
    for number in range(5):
        empty(school, owner, pairs[number * 12 : number * 12 + 12])
        noise(school, pairs[60:])
        states.append(school.sync().state)
    assert states == ["done", "done", "waiting", "waiting", "waiting"]
    assert emptied(school, owner, pairs) == 24


@BOTH
def test_it_says_what_counted_along_and_an_approval_starts_the_window_anew(
    school: World, owner: System
) -> None:
    pairs = in_step(school, 70)
    for number in range(3):
        empty(school, owner, pairs[number * 12 : number * 12 + 12])
        noise(school, pairs[60:])
        run = school.sync()
    assert "12 records to blank on top of 24 within the last 24 hours" in run.reason
    slug, name = FIELDS[owner]
    field = f"{slug} {'→' if owner is OURS else '←'} {name}"
    assert (run.numbers or {})["last_day"] == {"blank": {"in all": 24, field: 24}}
    assert school.sync(goes_on=run.id).state == "done"
    states = []
    for number in range(3, 5):
        empty(school, owner, pairs[number * 12 : number * 12 + 12])
        noise(school, pairs[60:])
        states.append(school.sync().state)
    assert states == ["done", "done"], "what was approved does not count, nor what was before it"


def test_after_a_day_nothing_counts_along(school: World) -> None:
    pairs = in_step(school, 70)
    for number in range(4):
        empty(school, OURS, pairs[number * 12 : number * 12 + 12])
        noise(school, pairs[60:])
        assert school.sync().state == "done"
        school.later(minutes=13 * 60)


def test_deactivations_of_a_day_count_together(school: World) -> None:
    pairs = in_step(school, 70)
    states = []
    for number in range(3):
        for _, theirs in pairs[number * 12 : number * 12 + 12]:
            school.salesforce.people.delete(theirs)
        states.append(school.sync().state)
    assert states == ["done", "done", "waiting"]


def test_blanks_that_were_refused_do_not_count_along(school: World) -> None:
    pairs = in_step(school, 30)
    for _, theirs in pairs[:12]:
        school.salesforce.faults.refuse(theirs)
    empty(school, OURS, pairs[:12])
    noise(school, pairs[20:])
    school.sync()
    assert approvals.unapproved_losses(school.engine, school.clock.now) == {}


# Retry all


def failing(world: World, owner: System, count: int) -> list[tuple[str, str]]:
    """Pairs that fail, and will no more."""
    pairs = in_step(world, count)
    world.configure(guard=GuardLimits(10**6, 100, 10**6))
    target = world.salesforce if owner is OURS else world.element451
    for number, pair in enumerate(pairs):
        target.faults.refuse(pair[owner is OURS])
        if owner is OURS:
            world.element451.people.edit(pair[0], {"user-first-name": f"B{number}"})
        else:
            world.salesforce.people.edit(pair[1], {"Phone": f"9{number}"})
    world.sync()
    target.faults.forgive()
    world.configure(guard=LIMITS)
    return pairs


def retry(world: World, code: str | None = None, **more: Any) -> Run:
    world.later(1)
    return on_demand.retry_failing(world.sync_engine(), Which(code), **more)[0]


@BOTH
@pytest.mark.parametrize("code", [None, "FIELD_CUSTOM_VALIDATION_EXCEPTION"])
def test_retry_all_waits_like_any_run_and_goes_on_once_it_is_approved(
    school: World, owner: System, code: str | None
) -> None:
    failing(school, owner, 30)
    before = len(school.writes())
    run = retry(school, code)
    assert (run.state, run.trigger, len(school.writes())) == ("waiting", Trigger.RETRY, before)
    assert (run.numbers or {})["kinds"] == {"change": 30}
    again = retry(school, code)
    assert (again.id, again.state) == (run.id, "waiting"), "one waiting run"
    approvals.approve(school.engine, run.id, now=school.clock.now)
    done = retry(school, goes_on=run.id)
    assert (done.id, done.state, len(school.writes())) == (run.id, "done", before + 30)
    assert not runs.waiting(school.engine)


def test_a_retry_waits_beside_the_schedule_and_neither_answers_for_the_other(school: World) -> None:
    failing(school, OURS, 30)
    run = retry(school)
    for number in range(40):
        school.pair({"FirstName": "X"}, {"user_first_name": f"Y{number}"})
    ticked = school.sync()
    assert (ticked.state, ticked.id != run.id) == ("waiting", True)
    approvals.approve(school.engine, run.id, now=school.clock.now)
    assert retry(school, goes_on=run.id).state == "done"
    still = runs.waiting(school.engine)
    assert still
    assert still.id == ticked.id


def test_a_retry_of_few_goes_unasked(school: World) -> None:
    failing(school, OURS, 20)
    run = retry(school)
    assert run.state == "done"
    assert statuses(run)["export_contact"] == {"updated": 20}


def test_whoever_asked_for_the_retry_is_told_that_it_waits(school: World) -> None:
    failing(school, OURS, 30)
    asked = work_requests.submit(school.engine, work_requests.RETRY_CAUSE)
    handle_all(school.sync_engine())
    answer = work_requests.answered(school.engine, asked)
    assert answer
    assert (answer.failed, answer.outcomes) == (False, [])
    assert answer.sentence.startswith(
        f"Run {answer.run} waits for approval. This run would do a lot at once:"
    )
