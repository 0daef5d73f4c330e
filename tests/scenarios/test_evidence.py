"""Nothing that cannot be taken back is done on what was not checked (rules 6, 7 and 17)."""

import pytest

from syncer.core.preferences import GuardLimits
from syncer.core.records import System
from tests.support.variations import each_once
from tests.support.world import OURS, THEIRS, World, statuses

SMALL = GuardLimits(records=500, percent=20, at_least=3)
FIELDS = {
    OURS: ("user-first-name", "FirstName"),
    THEIRS: ("user-phone-cell-number", "Phone"),
}


def believes(world: World, source: System, record: str, key: str, value: str | None) -> None:
    """The source gives this value for a field from now on, without a new stamp: it answers wrongly, or
    rightly again."""
    system = world.element451 if source is OURS else world.salesforce
    system.people.rows[record].values[key] = value


def held(world: World, source: System, pair: tuple[str, str]) -> object:
    """What the target holds of the field that ``source`` owns."""
    slug, name = FIELDS[source]
    element451, salesforce = pair
    if source is OURS:
        return world.in_salesforce(salesforce).get(name)
    return world.in_element451(element451).get(slug)


def emptied(world: World, source: System, count: int, edited: int | None = None) -> list[tuple[str, str]]:
    """Pairs that agree, then a source that answers every one of a field with nothing, while all of them, or
    the first ``edited``, are edited."""
    slug, name = FIELDS[source]
    pairs = [
        world.pair(
            {name: f"V{n}", "LastName": "Ray"}, {slug.replace("-", "_"): f"V{n}", "user_last_name": "Ray"}
        )
        for n in range(count)
    ]
    world.sync()
    world.later(60)
    world.sync()  # whoever is not edited is read no more
    for number, (element451, salesforce) in enumerate(pairs):
        if edited is not None and number >= edited:
            pass
        elif source is OURS:
            world.element451.people.edit(element451, {"user-custom-notes": "edited"})
        else:
            world.salesforce.people.edit(salesforce, {"GPA__c": 3})
        believes(
            world,
            source,
            element451 if source is OURS else salesforce,
            FIELDS[source][source is THEIRS],
            None,
        )
    return pairs


@pytest.mark.parametrize("source", [OURS, THEIRS])
def test_an_approval_blanks_nothing_that_its_owner_holds_by_then(world: World, source: System) -> None:
    world.configure(guard=SMALL)
    pairs = emptied(world, source, 12)
    waiting = world.sync()
    assert waiting.numbers
    assert (waiting.state, waiting.numbers["kinds"]["blank"]) == ("waiting", 12)
    for number, (element451, salesforce) in enumerate(pairs):
        record = element451 if source is OURS else salesforce
        believes(world, source, record, FIELDS[source][source is THEIRS], f"V{number}")
    done = world.sync(goes_on=waiting.id)
    assert done.state == "done"
    assert [held(world, source, pair) for pair in pairs] == [f"V{number}" for number in range(12)]
    assert not [change for entry in world.entries() for change in entry["changes"] if change["after"] is None]


@pytest.mark.parametrize("source", [OURS, THEIRS])
def test_an_emptiness_that_is_still_there_when_it_is_looked_at_again_is_carried(
    world: World, source: System
) -> None:
    pairs = emptied(world, source, 3)
    world.sync()
    assert [held(world, source, pair) for pair in pairs] == [None, None, None]


@pytest.mark.parametrize(("count", "source"), each_once([3, 12], [OURS, THEIRS]))
def test_one_record_is_not_blanked_while_its_field_comes_back_empty_for_the_others_too(
    world: World, source: System, count: int
) -> None:
    pairs = emptied(world, source, count, edited=1)
    world.sync()
    assert [held(world, source, pair) for pair in pairs] == [f"V{n}" for n in range(count)]
    assert "SUSPECT_FIELD" in [entry["code"] for entry in world.entries()]
    for number, (element451, salesforce) in enumerate(pairs[1:], 1):
        record = element451 if source is OURS else salesforce
        believes(world, source, record, FIELDS[source][source is THEIRS], f"V{number}")
    world.later(60)
    world.sync()
    assert held(world, source, pairs[0]) is None, "it alone is empty, so that it is so"
    assert [held(world, source, pair) for pair in pairs[1:]] == [f"V{n}" for n in range(1, count)]


@pytest.mark.parametrize("source", [OURS, THEIRS])
def test_nothing_is_blanked_while_no_other_record_can_be_read(world: World, source: System) -> None:
    pairs = emptied(world, source, 4, edited=2)
    system = world.element451 if source is OURS else world.salesforce
    system.faults.hidden = {pair[source is THEIRS] for pair in pairs[2:]}
    world.sync()
    assert [held(world, source, pair) for pair in pairs] == [f"V{n}" for n in range(4)]
    assert {entry["code"] for entry in world.entries() if entry["status"] == "failed"} == {"SUSPECT_FIELD"}
    for pair, number in zip(pairs[2:], (2, 3), strict=True):
        believes(world, source, pair[source is THEIRS], FIELDS[source][source is THEIRS], f"V{number}")
    system.faults.hidden = set()
    world.later(60)
    world.sync()
    assert [held(world, source, pair) for pair in pairs] == [None, None, "V2", "V3"]


@pytest.mark.parametrize("target", [OURS, THEIRS])
def test_what_was_written_without_an_answer_is_logged_by_the_next_run(world: World, target: System) -> None:
    slug, name = FIELDS[target.other]
    pairs = [world.pair({name: "old"}, {slug.replace("-", "_"): "old"}) for _ in range(4)]
    world.sync()
    for element451, salesforce in pairs:
        if target is THEIRS:
            world.element451.people.edit(element451, {slug: "new"})
        else:
            world.salesforce.people.edit(salesforce, {name: "new"})
    system = world.salesforce if target is THEIRS else world.element451
    system.faults.leave_unanswered(after=2)
    world.sync()
    world.sync()
    assert [held(world, target.other, pair) for pair in pairs] == ["new"] * 4
    logged = [
        (entry["element_id"], change["before"], change["after"])
        for entry in world.entries()
        for change in entry["changes"]
        if entry["status"] == "updated" and change["after"] == "new"
    ]
    assert sorted(logged) == sorted((element451, "old", "new") for element451, _ in pairs)


@pytest.mark.parametrize("target", [OURS, THEIRS])
def test_a_creation_without_an_answer_is_logged_by_the_next_run(world: World, target: System) -> None:
    world.configure(create_new=True)
    for number in range(4):
        if target is THEIRS:
            world.ours(user_first_name=f"O{number}", user_last_name="Ray")
        else:
            world.theirs(FirstName=f"T{number}")
    system = world.salesforce if target is THEIRS else world.element451
    system.faults.leave_unanswered(after=2)
    world.sync()
    world.sync()
    element451, salesforce = world.contacts()
    assert len(element451) == len(salesforce) == 4
    inserted = [entry for entry in world.entries() if entry["status"] == "inserted"]
    assert sorted(entry["element_id"] for entry in inserted) == sorted(element451)


@pytest.mark.parametrize("target", [OURS, THEIRS])
def test_somebody_who_was_entered_by_hand_meanwhile_is_paired_and_not_created_again(
    world: World, target: System
) -> None:
    world.configure(create_new=True, match_on=("user-email-address",))
    system = world.salesforce if target is THEIRS else world.element451
    if target is THEIRS:
        world.ours(user_first_name="Ann", user_last_name="Ray", user_email_address="ann@school.edu")
    else:
        world.theirs(FirstName="Ann", LastName="Ray", Email="ann@school.edu")

    def enter() -> None:
        system.faults.before_find = None
        if target is THEIRS:
            world.theirs(FirstName="Ann", LastName="Ray", Email="Ann@school.edu")
        else:
            world.ours(user_first_name="Ann", user_last_name="Ray", user_email_address="ann@school.edu")

    system.faults.before_find = enter
    run = world.sync()
    element451, salesforce = world.contacts()
    assert (len(element451), len(salesforce)) == (1, 1)
    assert run.state == "done"
    assert "inserted" not in {status for counts in statuses(run).values() for status in counts}
    assert world.in_salesforce(salesforce[0])["Element451_ID__c"] == element451[0]


def test_a_refused_update_deactivates_nobody_and_the_edit_arrives_once_it_may(world: World) -> None:
    pairs = [world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"}) for _ in range(25)]
    world.sync()
    for element451, salesforce in pairs:
        world.element451.people.edit(element451, {"user-first-name": "Anna"})
        world.salesforce.faults.hidden.add(salesforce)
    run = world.sync()
    assert statuses(run)["export_contact"] == {"failed": 25}
    assert {(entry["code"], entry["status"]) for entry in world.entries()[-25:]} == {
        ("NOT_VISIBLE", "failed")
    }
    world.salesforce.faults.hidden.clear()
    assert statuses(world.sync())["export_contact"] == {"updated": 25}
    assert {world.in_salesforce(salesforce)["FirstName"] for _, salesforce in pairs} == {"Anna"}


def test_a_deletion_that_is_found_while_writing_is_planned_in_the_next_run(world: World) -> None:
    pairs = [world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"}) for _ in range(12)]
    world.sync()
    for element451, _ in pairs[:2]:
        world.element451.people.edit(element451, {"user-first-name": "Anna"})

    def delete_both() -> None:
        world.salesforce.before_send = lambda: None
        for _, salesforce in pairs[:2]:
            world.salesforce.people.delete(salesforce)

    world.salesforce.before_send = delete_both
    assert not any("deactivated" in counts for counts in statuses(world.sync()).values())
    found = statuses(world.sync())
    assert sum(counts.get("deactivated", 0) for counts in found.values()) == 2
