"""Another Salesforce object for contacts, while pairs with the one before exist, always waits for approval
(rule 19)."""

from dataclasses import replace

import pytest

from syncer.core.preferences import GuardLimits
from syncer.core.records import Value
from syncer.journal import approvals, runs
from syncer.sync import on_demand
from tests.support.memory import contact_entity
from tests.support.world import World

STUDENT = "Student__c"


@pytest.fixture
def school(world: World) -> World:
    """Another object like Contact, and three pairs of contacts that agree; far below every limit."""
    student = replace(contact_entity(STUDENT), key_prefix="a0s")
    world.salesforce.people.entities_by_name[STUDENT] = student
    world.configure(guard=GuardLimits(), create_new=True)
    for number in range(3):
        world.pair({"FirstName": f"A{number}"}, {"user_first_name": f"A{number}", "user_sms_updates": False})
    assert world.sync().state == "done"
    return world


def change_to(world: World, entity: str) -> None:
    world.entity = entity
    world.configure()


def picture(world: World) -> tuple[list[str], list[Value]]:
    """The students, and the Salesforce IDs that Element451 holds."""
    ours, _ = world.contacts()
    held = [world.in_element451(each)["user-identities-salesforceid"] for each in ours]
    return world.salesforce.people.live(STUDENT), held


def test_it_waits_however_few_records_it_touches_and_says_what_it_means(school: World) -> None:
    before = picture(school)
    change_to(school, STUDENT)
    for _ in range(2):
        run = school.sync()
        assert (run.state, picture(school)) == ("waiting", before)
    assert "That leaves 3 pairs with Contact behind" in run.reason
    assert (run.numbers or {})["entities"] == [
        {"kind": "contact", "before": "Contact", "now": STUDENT, "pairs": 3}
    ]
    assert school.sync(goes_on=run.id).state == "done"
    students, held = picture(school)
    assert (len(students), set(held)) == (3, set(students)), "as it said"
    school.theirs(STUDENT, LastName="New")
    assert school.sync().state == "done", "approved once, it asks no more"


def test_it_waits_even_where_nothing_would_be_written(school: World) -> None:
    school.configure(create_new=False, scope="conversations")
    change_to(school, STUDENT)
    run = school.sync()
    assert (run.state, "3 pairs with Contact" in run.reason) == ("waiting", True)


def test_going_back_to_the_object_before_asks_nothing(school: World) -> None:
    change_to(school, STUDENT)
    run = school.sync()
    change_to(school, "Contact")
    ours = school.contacts()[0]
    school.element451.people.edit(ours[0], {"user-first-name": "Anna"})
    done = school.sync()
    assert (done.id, done.state) == (run.id, "done")
    assert picture(school)[0] == []


def test_rejected_it_asks_again_with_the_next_sync(school: World) -> None:
    before = picture(school)
    change_to(school, STUDENT)
    run = school.sync()
    assert approvals.reject(school.engine, run.id)
    again = school.sync()
    assert (again.state, again.id != run.id, picture(school)) == ("waiting", True, before)


def test_what_was_shown_before_the_change_approves_no_other_object(school: World) -> None:
    before = picture(school)
    ours = school.contacts()[0]
    school.configure(guard=GuardLimits(records=0, percent=0, at_least=0))
    school.element451.people.edit(ours[0], {"user-first-name": "Anna"})
    shown = school.sync()
    change_to(school, STUDENT)
    assert school.sync().id == shown.id
    approvals.approve(school.engine, shown.id, (shown.numbers or {})["counting"], school.clock.now)
    school.configure(guard=GuardLimits())
    assert school.sync().state == "waiting"
    assert picture(school) == before


def test_without_pairs_there_is_nothing_to_ask(world: World) -> None:
    world.salesforce.people.entities_by_name[STUDENT] = replace(contact_entity(STUDENT), key_prefix="a0s")
    world.theirs(LastName="Alone")
    world.sync()
    change_to(world, STUDENT)
    assert world.sync().state == "done"


def test_retry_all_waits_for_it_as_well(school: World) -> None:
    change_to(school, STUDENT)
    run, outcomes = on_demand.retry_failing(school.sync_engine())
    assert (run.state, run.trigger, outcomes) == ("waiting", "retry", [])
    assert runs.waiting(school.engine)
