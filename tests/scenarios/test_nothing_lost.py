"""Nothing is lost and nothing is done twice, whatever dies (rule 17)."""

from datetime import timedelta

import pytest

from syncer.core.error_codes.entry import Cause
from syncer.sync.everything import sync
from tests.support.memory import EVERYTHING
from tests.support.world import OURS, SLUG, THEIRS, World, statuses


class Killed(BaseException):
    """The process dies here."""


WRITES = [
    (system, call, after)
    for system, call in ((THEIRS, "write"), (OURS, "update"), (OURS, "create"))
    for after in (0, 1, EVERYTHING)
]


@pytest.mark.parametrize(("system", "call", "after"), [*WRITES, (THEIRS, "changed", 0), (OURS, "changed", 0)])
def test_a_killed_run_is_finished_by_the_next_one_as_if_it_had_never_died(
    world: World, system: object, call: str, after: float
) -> None:
    world.configure(create_new=True)
    for number in range(3):
        world.theirs(FirstName=f"T{number}", Phone=str(number))
        world.ours(user_first_name=f"O{number}", user_last_name="Ray")
        world.pair({"FirstName": "P", "Phone": f"5{number}"}, {"user_first_name": f"P{number}"})
    adapter = world.salesforce if system is THEIRS else world.element451
    adapter.faults.fail(call, after=after, fault=Killed())
    with pytest.raises(Killed):
        world.sync()
    adapter.faults.forgive()
    assert world.sync().state == "done"
    element451, salesforce = world.contacts()
    assert len(element451) == len(salesforce) == 9
    assert {world.in_salesforce(theirs)["Element451_ID__c"] for theirs in salesforce} == set(element451)
    wrote = len(world.writes())
    world.sync()
    assert len(world.writes()) == wrote
    overwritten = {
        (str(entry.system), entry.id) for entry in [*world.salesforce.journal, *world.element451.journal]
    }
    logged = {("salesforce", e["salesforce_id"]) for e in world.entries() if e["direction"] == "export"}
    logged |= {("element451", e["element_id"]) for e in world.entries() if e["direction"] == "import"}
    assert overwritten <= logged, "everything that was written is in the logs, whoever died"


def test_a_lost_reply_makes_no_duplicate(world: World) -> None:
    world.configure(create_new=True)
    ours, theirs = world.ours(user_first_name="Ann", user_last_name="Ray"), world.theirs(FirstName="Bob")
    world.salesforce.faults.lose_reply()
    world.element451.faults.lose_reply()
    run = world.sync()
    assert statuses(run)["import_contact"]["inserted"] == 1
    assert statuses(run)["export_contact"]["inserted"] == 1
    assert [len(people) for people in world.contacts()] == [2, 2]
    assert world.in_salesforce(theirs)["Element451_ID__c"]
    assert world.in_element451(ours)[SLUG]


def test_a_passing_failure_is_tried_again_in_the_next_run_and_a_lasting_one_waits(world: World) -> None:
    _, one = world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    _, two = world.pair({"FirstName": "Bob"}, {"user_first_name": "Bobby"})
    world.salesforce.faults.refuse(one, code="UNABLE_TO_LOCK_ROW", cause=Cause.PASSING)
    world.salesforce.faults.refuse(two)
    assert statuses(world.sync())["export_contact"] == {"failed": 2}
    assert statuses(world.sync())["export_contact"] == {"failed": 1}
    world.salesforce.faults.forgive()
    world.sync()
    assert (world.in_salesforce(one)["FirstName"], world.in_salesforce(two)["FirstName"]) == ("Anna", "Bob")
    world.salesforce.people.edit(two, {"Phone": "1"})
    world.sync()
    assert world.in_salesforce(two)["FirstName"] == "Bobby", "the record changed, so that it is tried again"


def test_records_that_become_visible_after_their_stamp_are_not_lost(world: World) -> None:
    world.configure(create_new=True)
    world.sync()
    world.salesforce.faults.delay = timedelta(minutes=8)
    late = world.theirs(FirstName="Late")
    world.later(3)
    sync(
        world.sync_engine(),
    )
    assert late not in world.contacts()[1], "not visible yet"
    world.later(6)
    sync(
        world.sync_engine(),
    )
    assert world.in_salesforce(late)["Element451_ID__c"]


def test_a_full_sync_finds_what_vanished_without_a_trace(world: World) -> None:
    (ours, theirs), (other, gone) = world.pair(), world.pair()
    world.sync()
    world.salesforce.people.delete(gone)
    world.salesforce.people.purge(gone)
    world.element451.people.delete(ours)
    assert statuses(world.sync()) == {}
    run = world.sync(full=True)
    assert statuses(run) == {"import_contact": {"deactivated": 1, "failed": 1}}, "Salesforce tells of it"
    world.later(24 * 60)
    assert statuses(world.sync(full=True)) == {"export_contact": {"deactivated": 1}}
    assert world.contacts() == ([other], [theirs])
