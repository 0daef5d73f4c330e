"""The guard over several runs (DESIGN.md §3, rule 19)."""

import pytest
from sqlalchemy import Engine

from syncer.modes import ExportMode, GuardLimits
from syncer.run import reject
from tests.support.world import World, statuses


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine)
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    return world


class Killed(BaseException):
    """The process dies here."""


def test_a_frightening_run_waits_writes_nothing_and_goes_on_once_it_is_approved(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    for number in range(10):
        world.pair({"FirstName": "Ann"}, {"user_first_name": f"Ann {number}"})
    run = world.sync()
    assert (run.state, world.writes()) == ("waiting", [])
    assert run.numbers is not None
    assert run.numbers["kinds"] == {"change": 10}
    assert run.numbers["fields"]["change"]["user-first-name → FirstName"] == 10
    again = world.sync()
    assert (again.id, again.state) == (run.id, "waiting"), "one waiting run, its numbers refreshed"
    done = world.sync(approve=run.id)
    assert (done.id, done.state) == (run.id, "done")
    assert statuses(done)["export_contact"]["updated"] == 10


def test_an_approval_covers_the_numbers_shown_and_a_tenth_more(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    for number in range(10):
        world.pair({"FirstName": "Ann"}, {"user_first_name": f"Ann {number}"})
    run = world.sync()
    for number in range(2):
        world.pair({"FirstName": "Bob"}, {"user_first_name": f"Bob {number}"})
    assert world.sync(approve=run.id).state == "waiting", "12 are more than 10 and a tenth"
    assert world.sync(approve=run.id).state == "done"


def test_an_approval_does_not_cover_another_mapping_version(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    for number in range(10):
        world.pair({"FirstName": "Ann"}, {"user_first_name": f"Ann {number}"})
    run = world.sync()
    world.configure(batch_size=100)
    assert world.sync(approve=run.id).state == "waiting"


def test_an_approved_run_that_dies_is_gone_on_with_unasked(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    for number in range(10):
        world.pair({"FirstName": "Ann"}, {"user_first_name": f"Ann {number}"})
    run = world.sync()
    world.salesforce.faults.fail("write", after=4, fault=Killed())
    with pytest.raises(Killed):
        world.sync(approve=run.id)
    done = world.sync()
    assert done.state == "done"
    assert all(str(world.in_salesforce(theirs)["FirstName"]).startswith("Ann ") for theirs in world.contacts()[1])


def test_a_rejected_run_writes_nothing_and_its_records_stay_due(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    for number in range(10):
        world.pair({"FirstName": "Ann"}, {"user_first_name": f"Ann {number}"})
    run = world.sync()
    assert reject(world.engine, run.id) is not None
    assert reject(world.engine, run.id) is None
    assert (world.due(), world.writes()) == (10, [])
    assert world.sync().state == "waiting"


def test_leaving_and_blanking_are_guarded_too(world: World) -> None:
    world.configure(guard=GuardLimits(records=2, percent=100, at_least=1))
    pairs = [world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann", "user_sms_updates": False}) for _ in range(8)]
    world.sync()
    for ours, _ in pairs[:3]:
        world.element451.people.edit(ours, {"user-first-name": None})
    for _, theirs in pairs[4:8]:
        world.salesforce.people.delete(theirs)
    run = world.sync()
    assert run.state == "waiting"
    assert run.numbers is not None
    assert run.numbers["kinds"] == {"blank": 3, "deactivate": 4}
