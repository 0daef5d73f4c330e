"""Gone is proved, never concluded (rule 9): what was hidden, or missed by an answer, stays paired."""

import pytest

from syncer.core.records import System
from syncer.sync.everything import sync
from tests.support.variations import each_once
from tests.support.world import OURS, SLUG, THEIRS, World, statuses

DAY = 24 * 60
FIELDS = {OURS: ("user-first-name", "FirstName"), THEIRS: ("user-phone-cell-number", "Phone")}


def nightly(world: World) -> dict[str, dict[str, int]]:
    """What a nightly run did."""
    return statuses(sync(world.sync_engine(), check=True))


def deactivated(found: dict[str, dict[str, int]]) -> int:
    return sum(counts.get("deactivated", 0) for counts in found.values())


def failed(found: dict[str, dict[str, int]]) -> int:
    return sum(counts.get("failed", 0) for counts in found.values())


def in_step(world: World, count: int) -> list[tuple[str, str]]:
    """Pairs that agree, and one more pair beside them."""
    pairs = [world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"}) for _ in range(count + 1)]
    world.sync()
    return pairs[:count]


def hide(world: World, system: System, pairs: list[tuple[str, str]]) -> None:
    faults = world.element451.faults if system is OURS else world.salesforce.faults
    faults.hidden |= {pair[system is THEIRS] for pair in pairs}


def show(world: World) -> None:
    for system in (world.element451, world.salesforce):
        system.faults.hidden.clear()
        system.faults.unlisted = system.faults.reads_nothing = False


def edits_arrive(world: World, pairs: list[tuple[str, str]]) -> None:
    """What is edited on either side from now on reaches the other one."""
    for element451, salesforce in pairs:
        world.element451.people.edit(element451, {"user-first-name": "Anna"})
        world.salesforce.people.edit(salesforce, {"Phone": "77"})
    world.sync()
    for element451, salesforce in pairs:
        assert world.in_salesforce(salesforce)["FirstName"] == "Anna"
        assert world.in_element451(element451)["user-phone-cell-number"] == "77"


@pytest.mark.parametrize("system", System)
def test_records_that_are_hidden_for_a_day_fail_meanwhile_and_stay_paired(
    world: World, system: System
) -> None:
    pairs = in_step(world, 25)
    hide(world, system, pairs)
    found = nightly(world)
    assert (failed(found), deactivated(found)) == (25, 0)
    assert {entry["code"] for entry in world.entries() if entry["status"] == "failed"} == {"NOT_VISIBLE"}
    world.later(DAY - 1)
    assert deactivated(nightly(world)) == 0
    show(world)
    edits_arrive(world, pairs)
    assert world.due() == 0


@pytest.mark.parametrize(("system", "full"), each_once(list(System), [False, True]))
def test_a_record_that_is_absent_on_two_days_running_leaves_and_comes_back_with_its_record(
    world: World, system: System, full: bool
) -> None:
    (pair,) = in_step(world, 1)
    hide(world, system, [pair])
    assert deactivated(nightly(world)) == 0
    world.later(DAY)
    assert deactivated(statuses(sync(world.sync_engine(), check=not full, full=full))) == 1
    show(world)
    nightly(world)
    edits_arrive(world, [pair])


@pytest.mark.parametrize("system", System)
def test_whatever_brings_a_record_back_ends_the_count(world: World, system: System) -> None:
    (pair,) = in_step(world, 1)
    for _ in range(3):
        hide(world, system, [pair])
        nightly(world)
        world.later(DAY - 30)
        show(world)
        nightly(world)
        world.later(60)
    hide(world, system, [pair])
    assert deactivated(nightly(world)) == 0


@pytest.mark.parametrize("system", System)
def test_an_empty_answer_deactivates_nobody_however_often_it_comes(world: World, system: System) -> None:
    pairs = in_step(world, 3)
    faults = world.element451.faults if system is OURS else world.salesforce.faults
    faults.unlisted = faults.reads_nothing = True
    for _ in range(4):
        found = nightly(world)
        assert (failed(found), deactivated(found)) == (0, 0)
        world.later(DAY)
    show(world)
    edits_arrive(world, pairs)


def test_a_search_that_lists_what_the_read_does_not_bring_proves_nothing(world: World) -> None:
    pairs = in_step(world, 5)
    for element451, _ in pairs:
        world.element451.people.edit(element451, {"user-first-name": "Anna"})
    hide(world, OURS, pairs)
    found = statuses(world.sync())
    assert (failed(found), deactivated(found)) == (5, 0)
    show(world)
    world.sync()
    assert {world.in_salesforce(salesforce)["FirstName"] for _, salesforce in pairs} == {"Anna"}


def test_a_new_contact_that_is_listed_before_it_can_be_read_arrives_once_it_can(world: World) -> None:
    in_step(world, 1)
    new = world.ours(user_first_name="New", user_last_name="Ray")
    world.element451.faults.hidden.add(new)
    world.sync()
    world.later(60)
    show(world)
    world.sync()
    assert "New" in {world.in_salesforce(person).get("FirstName") for person in world.contacts()[1]}


@pytest.mark.parametrize("system", System)
def test_a_stored_id_of_a_record_that_cannot_be_seen_is_neither_overwritten_nor_paired_with_another(
    world: World, system: System
) -> None:
    world.configure(match_on=("user-email-address",), create_new=True)
    in_step(world, 1)
    if system is THEIRS:
        hidden = world.theirs(Email="a@x.edu")
        other = world.theirs(Email="b@x.edu")
        seeker = world.ours(
            user_last_name="Ray", user_email_address="b@x.edu", user_identities_salesforceid=hidden
        )
        world.salesforce.faults.hidden.add(hidden)
    else:
        hidden = world.ours(user_last_name="Ray", user_email_address="a@x.edu")
        other = world.ours(user_last_name="Ray", user_email_address="b@x.edu")
        seeker = world.theirs(Email="b@x.edu", Element451_ID__c=hidden)
        world.element451.people.rows[hidden].indexed = world.clock.now.replace(year=2100)
        world.element451.faults.hidden.add(hidden)
    people = [len(found) for found in world.contacts()]
    world.sync()
    assert [len(found) for found in world.contacts()] == people
    held = world.in_element451(seeker).get(SLUG) if system is THEIRS else world.in_salesforce(seeker)
    assert held == hidden or (isinstance(held, dict) and held["Element451_ID__c"] == hidden)
    assert not any(record == other for _, _, record in world.writes())
    assert "NOT_VISIBLE" in {entry["code"] for entry in world.entries() if entry["status"] == "failed"}
    show(world)
    world.later(60)
    nightly(world)
    if system is THEIRS:
        assert world.in_salesforce(hidden)["Element451_ID__c"] == seeker
    else:
        assert world.in_element451(hidden)[SLUG] == seeker


@pytest.mark.parametrize("target", System)
def test_refused_updates_deactivate_nobody_within_the_same_run(world: World, target: System) -> None:
    pairs = in_step(world, 1)
    for element451, salesforce in pairs:
        world.element451.people.edit(element451, {"user-first-name": "Anna"})
        world.salesforce.people.edit(salesforce, {"Phone": "77"})
    world.read()
    hide(world, target, pairs)
    found = statuses(world.sync())
    assert (failed(found) > 0, deactivated(found)) == (True, 0)
    show(world)
    world.later(60)
    world.sync()
    assert world.in_salesforce(pairs[0][1])["FirstName"] == "Anna"
    assert world.in_element451(pairs[0][0])["user-phone-cell-number"] == "77"


def test_a_record_that_getdeleted_names_is_gone_at_once(world: World) -> None:
    (pair,) = in_step(world, 1)
    world.salesforce.people.delete(pair[1])
    world.salesforce.people.purge(pair[1])
    assert deactivated(nightly(world)) == 1
