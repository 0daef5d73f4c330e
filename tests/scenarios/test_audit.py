"""What the increments missed is found at night, or by `audit`, and becomes due (rule 23)."""

import pytest

from syncer.core.preferences import GuardLimits
from syncer.core.records import System, Value
from syncer.journal.runs import Run
from syncer.sync.everything import audit, sync
from syncer.sync.pull import audit as nights
from syncer.sync.pull import findings
from tests.support.world import OURS, THEIRS, World, statuses

FIELDS = {OURS: ("user-first-name", "FirstName"), THEIRS: ("user-phone-cell-number", "Phone")}


def nightly(world: World) -> Run:
    """A nightly run."""
    world.later()
    return sync(world.sync_engine(), check=True)


def in_step(world: World, count: int) -> list[tuple[str, str]]:
    """Pairs that agree, and are not read again by the overlap of the next run."""
    pairs = [world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"}) for _ in range(count)]
    world.sync()
    world.later(60)
    world.sync()
    return pairs


def unnoticed(world: World, system: System, pair: tuple[str, str], key: str, value: Value) -> None:
    """A change that moves no stamp."""
    people = world.element451.people if system is OURS else world.salesforce.people
    people.rows[pair[system is THEIRS]].values[key] = value


def held(world: World, source: System, pair: tuple[str, str]) -> Value:
    """What the other system holds of the field that ``source`` owns."""
    slug, name = FIELDS[source]
    found = world.in_salesforce(pair[1]) if source is OURS else world.in_element451(pair[0])
    return found.get(name if source is OURS else slug)


@pytest.mark.parametrize("system", System)
def test_edits_that_a_list_kept_quiet_about_arrive_after_the_next_night(world: World, system: System) -> None:
    pairs = in_step(world, 3)
    faults = world.element451.faults if system is OURS else world.salesforce.faults
    faults.unlisted = True
    for element451, salesforce in pairs:
        if system is OURS:
            world.element451.people.edit(element451, {"user-first-name": "Anna"})
        else:
            world.salesforce.people.edit(salesforce, {"Phone": "77"})
    world.sync()
    world.sync()
    faults.unlisted = False
    world.later(60)
    world.sync()
    value = "Anna" if system is OURS else "77"
    assert value not in [held(world, system, pair) for pair in pairs], "the watermark has passed them"
    nightly(world)
    assert [held(world, system, pair) for pair in pairs] == [value] * 3
    assert all("Missed change" in entry["reason"] for entry in world.entries()[-3:])
    found = findings.latest(world.engine)
    assert found[system.value]["differed"] == 3
    assert found["fields"] == {FIELDS[system][system is THEIRS]: 3}
    assert found[system.other.value]["differed"] == 0


@pytest.mark.parametrize("system", System)
def test_a_change_without_a_stamp_is_found_the_same_night_in_salesforce_and_in_names(
    world: World, system: System
) -> None:
    (pair,) = in_step(world, 1)
    unnoticed(world, system, pair, FIELDS[system][system is THEIRS], "New")
    world.later(72 * 60)
    world.sync()
    assert held(world, system, pair) != "New"
    nightly(world)
    assert held(world, system, pair) == "New"


def test_any_other_value_of_element451_is_found_when_its_turn_comes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nights, "NIGHTS", 4)
    (pair,) = in_step(world, 1)
    world.later(72 * 60)
    unnoticed(world, OURS, pair, "user-custom-notes", "New")
    for _ in range(4):
        nightly(world)
        world.later(24 * 60 - 15)
    assert world.in_salesforce(pair[1])["Description"] == "New"


def test_conversations_that_were_missed_arrive(world: World) -> None:
    ((element451, _),) = in_step(world, 1)
    talk = world.conversation(element451, conversation_subject="Hello")
    world.sync()
    world.later(72 * 60)
    world.element451.people.rows[talk].values["conversation-subject"] = "New"
    quiet = world.conversation(element451, conversation_subject="Quiet")
    world.element451.people.rows[quiet].stamp -= world.clock.now - world.clock.now.replace(year=2025)
    world.sync()
    nightly(world)
    subjects = {
        world.in_salesforce(record)["Subject__c"]
        for record in world.salesforce.people.live("E451_Conversation__c")
    }
    assert subjects == {"New", "Quiet"}


def test_what_salesforce_holds_of_a_conversation_is_read_when_its_turn_comes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nights, "FEWEST_CONVERSATIONS", 1)
    ((element451, _),) = in_step(world, 1)
    for number in range(3):
        world.conversation(element451, conversation_subject=f"Talk {number}")
    world.sync()
    world.later(60)
    world.sync()
    world.later(72 * 60)
    talks = world.salesforce.people.live("E451_Conversation__c")
    for talk in talks:
        world.salesforce.people.rows[talk].values["Subject__c"] = "Changed"
    changed = list[int]()
    for _ in range(4):
        nightly(world)
        world.later(24 * 60 - 15)
        changed.append(sum(world.in_salesforce(talk)["Subject__c"] == "Changed" for talk in talks))
    assert changed == [2, 1, 0, 0]


def test_an_audit_makes_due_what_differs_and_writes_nothing(world: World) -> None:
    one, other = in_step(world, 2)
    unnoticed(world, THEIRS, one, "Phone", "77")
    unnoticed(world, OURS, other, "user-custom-notes", "New")
    world.later(72 * 60)
    wrote = len(world.writes())
    found = audit(world.sync_engine(), everything=True)
    assert (found.to_json()["salesforce"], found.to_json()["fields"]) == (
        {"seen": 2, "differed": 1},
        {"Phone": 1, "user-custom-notes": 1},
    )
    assert (len(world.writes()), world.due()) == (wrote, 2)
    world.sync()
    assert world.in_element451(one[0])["user-phone-cell-number"] == "77"
    assert world.in_salesforce(other[1])["Description"] == "New"


def test_what_was_missed_passes_the_guard(world: World) -> None:
    world.configure(guard=GuardLimits(records=500, percent=20, at_least=3))
    pairs = in_step(world, 10)
    for pair in pairs:
        unnoticed(world, THEIRS, pair, "Phone", "77")
    wrote = len(world.writes())
    assert nightly(world).state == "waiting"
    assert len(world.writes()) == wrote


def test_a_night_in_which_all_agrees_finds_nothing(world: World) -> None:
    in_step(world, 3)
    world.later(24 * 60)
    assert statuses(nightly(world)) == {}
    found = findings.latest(world.engine)
    assert (found["salesforce"]["seen"], found["fields"]) == (3, {})
    assert not findings.worth_an_alert(found)
