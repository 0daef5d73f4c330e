"""The guard over several runs (rule 19)."""

import pytest

from syncer.core.preferences import GuardLimits
from syncer.journal import approvals, runs
from syncer.journal.approvals import reject
from syncer.journal.runs import Run
from syncer.sync.engine import SyncEngine
from syncer.sync.everything import sync
from tests.support.world import World, statuses


def renamed(world: World, count: int, name: str = "Ann") -> None:
    """Pairs whose first name was changed in Element451, and no two to the same."""
    for number in range(count):
        world.pair({"FirstName": name}, {"user_first_name": f"{name} {number}"})


def test_a_frightening_run_waits_writes_nothing_and_goes_on_once_it_is_approved(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    renamed(world, 10)
    run = world.sync()
    assert (run.state, world.writes()) == ("waiting", [])
    assert run.numbers is not None
    assert run.numbers["kinds"] == {"change": 10}
    assert run.numbers["fields"]["change"]["user-first-name → FirstName"] == 10
    again = world.sync()
    assert (again.id, again.state) == (run.id, "waiting"), "one waiting run, its numbers refreshed"
    done = world.sync(goes_on=run.id)
    assert (done.id, done.state) == (run.id, "done")
    assert statuses(done)["export_contact"]["updated"] == 10


def test_a_run_that_was_rejected_cannot_be_approved_any_more(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    renamed(world, 10)
    run = world.sync()
    assert reject(world.engine, run.id)
    with pytest.raises(approvals.NotWaiting, match=f"Run {run.id} does not wait"):
        approvals.approve(world.engine, run.id)
    with pytest.raises(approvals.NotWaiting):
        sync(world.sync_engine(), goes_on=run.id)
    assert world.writes() == []


def test_a_rejected_run_writes_nothing_and_its_records_stay_due(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    renamed(world, 10)
    run = world.sync()
    assert reject(world.engine, run.id) is not None
    assert reject(world.engine, run.id) is None
    assert (world.due(), world.writes()) == (10, [])
    assert world.sync().state == "waiting"


@pytest.mark.parametrize("limit", [3, 30], ids=["it would wait", "it would go"])
def test_a_rejection_while_a_tick_counts_again_stands_and_nothing_is_written(
    world: World, limit: int
) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    renamed(world, 10)
    run = world.sync()
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=limit))
    engine = world.sync_engine()

    def rejects(engine: SyncEngine, counting: Run) -> None:
        reject(world.engine, run.id)

    engine.between_pages = rejects
    world.later()
    again = sync(engine)
    assert (again.id, again.state, again.code) == (run.id, "cancelled", runs.REJECTED)
    assert (world.writes(), runs.waiting(world.engine)) == ([], None)
    kept = runs.find(world.engine, run.id)
    assert kept
    assert (kept.state, kept.code) == ("cancelled", runs.REJECTED)


def test_a_run_that_somebody_cancels_while_it_counts_does_not_wait(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    renamed(world, 10)
    engine = world.sync_engine()

    def cancels(engine: SyncEngine, run: Run) -> None:
        runs.cancel(world.engine, run.id, "Ann")

    engine.between_pages = cancels
    run = sync(engine)
    assert (run.state, run.code, world.writes()) == ("cancelled", "CANCELLED", [])


def test_leaving_and_blanking_are_guarded_too(world: World) -> None:
    world.configure(guard=GuardLimits(records=2, percent=100, at_least=1))
    pairs = [
        world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann", "user_sms_updates": False})
        for _ in range(8)
    ]
    world.sync()
    for ours, _ in pairs[:3]:
        world.element451.people.edit(ours, {"user-first-name": None})
    for _, theirs in pairs[4:8]:
        world.salesforce.people.delete(theirs)
    run = world.sync()
    assert run.state == "waiting"
    assert run.numbers is not None
    assert run.numbers["kinds"] == {"blank": 3, "deactivate": 4}


def test_a_waiting_run_shows_ten_examples_of_each_kind_of_change_until_it_is_answered(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3), update_existing=False)
    for number in range(12):
        world.pair({"FirstName": "Ann", "Description": "Was here"}, {"user_first_name": f"Ann {number}"})
    for number in range(12):
        world.ours(user_first_name="New", user_last_name=f"Nobody {number}")
    run = world.sync()
    assert run.numbers
    examples = run.numbers["examples"]
    assert {kind: len(found) for kind, found in examples.items()} == {"create": 10, "change": 10, "blank": 10}
    changed, blanked, new = examples["change"][0], examples["blank"][0], examples["create"][0]
    assert (changed["name"], changed["kind"]) == ("Ann Nobody", "contact")
    (first_name,) = (each for each in changed["changes"] if each["salesforce"] == "FirstName")
    assert (first_name["before"], first_name["after"][:4]) == ("Ann", "Ann ")
    assert [(each["salesforce"], each["before"], each["after"]) for each in blanked["changes"]] == [
        ("Description", "Was here", None)
    ]
    assert all(each["after"] is not None for each in changed["changes"])
    assert new["salesforce_id"] is None
    assert "New" in [each["after"] for each in new["changes"]]
    assert "examples" not in run.summary()["numbers"], "what a command prints may end in some log"
    done = world.sync(goes_on=run.id)
    assert done.state == "done"
    kept = runs.find(world.engine, run.id)
    assert kept
    assert kept.numbers
    assert "examples" not in kept.numbers


def test_an_example_is_short_however_long_its_values_are(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=0), update_existing=False)
    world.pair({}, {"user_custom_notes": "x" * 5000})
    run = world.sync()
    assert run.numbers
    (found,) = run.numbers["examples"]["change"]
    assert {each["salesforce"]: each["after"] for each in found["changes"]}["Description"] == "x" * 200 + "…"


def test_a_rejected_run_keeps_its_numbers_and_no_examples(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=0))
    world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    run = world.sync()
    reject(world.engine, run.id)
    kept = runs.find(world.engine, run.id)
    assert kept
    assert kept.numbers
    assert kept.numbers["kinds"] == {"change": 1}
    assert "examples" not in kept.numbers
