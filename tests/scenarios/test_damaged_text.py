"""A character that cannot be decoded stops its own record, says where it is, and is never carried (rule
22)."""

import pytest

from syncer.core.error_codes.entry import Cause
from syncer.core.reasons import Code
from syncer.core.records import Kind, System, Value
from syncer.sync.engine import SyncEngine
from syncer.sync.everything import sync
from tests.support.world import OURS, SLUG, THEIRS, World, slugs, statuses

LONE = "x\ud83d"
FIELDS = {OURS: ("user-first-name", "FirstName"), THEIRS: ("user-phone-cell-number", "Phone")}


def edit(world: World, owner: System, pair: tuple[str, str], value: Value) -> None:
    """The field gets this value at its owner."""
    slug, name = FIELDS[owner]
    if owner is OURS:
        world.element451.people.edit(pair[0], {slug: value})
    else:
        world.salesforce.people.edit(pair[1], {name: value})


def carried(world: World, owner: System, pair: tuple[str, str]) -> Value:
    """What the other system holds of it."""
    slug, name = FIELDS[owner]
    return world.in_salesforce(pair[1]).get(name) if owner is OURS else world.in_element451(pair[0]).get(slug)


def in_step(world: World) -> list[tuple[str, str]]:
    values: dict[str, Value] = {"FirstName": "Ann", "LastName": "Ray", "Phone": "1"}
    ours: dict[str, Value] = {
        "user_first_name": "Ann",
        "user_last_name": "Ray",
        "user_phone_cell_number": "1",
    }
    pairs = [world.pair(values, ours) for _ in range(3)]
    world.sync()
    return pairs


@pytest.mark.parametrize("owner", [OURS, THEIRS])
def test_one_damaged_text_fails_its_record_and_the_others_arrive(world: World, owner: System) -> None:
    bad, *others = in_step(world)
    edit(world, owner, bad, LONE)
    for pair in others:
        edit(world, owner, pair, "New")
    run = world.sync()
    assert run.state == "done"
    assert [carried(world, owner, pair) for pair in others] == ["New", "New"]
    assert carried(world, owner, bad) in ("Ann", "1")
    entry = next(entry for entry in world.entries() if entry["status"] == "failed")
    assert (entry["code"], entry["element_id"], entry["salesforce_id"]) == (Code.DAMAGED_TEXT, *bad)
    key = FIELDS[owner][owner is THEIRS]
    label = world.setup().mappings[Kind.CONTACT].by_key(owner)[key].of(owner).label
    assert label in entry["reason"]
    assert "failed" not in {status for counts in statuses(world.sync()).values() for status in counts}


@pytest.mark.parametrize("owner", [OURS, THEIRS])
def test_the_other_fields_of_its_record_go_on(world: World, owner: System) -> None:
    bad, *_ = in_step(world)
    edit(world, owner, bad, LONE)
    if owner is OURS:
        world.element451.people.edit(bad[0], {"user-custom-notes": "noted"})
    else:
        world.salesforce.people.edit(bad[1], {"GPA__c": 3})
    world.sync()
    other = (
        world.in_salesforce(bad[1]).get("Description")
        if owner is OURS
        else world.in_element451(bad[0]).get("user-custom-gpa")
    )
    assert other == ("noted" if owner is OURS else 3)
    assert carried(world, owner, bad) in ("Ann", "1")
    (entry,) = [entry for entry in world.entries() if entry["status"] == "failed"]
    assert entry["code"] == Code.DAMAGED_TEXT
    assert [change["after"] for change in entry["changes"]] == [other]


@pytest.mark.parametrize("owner", [OURS, THEIRS])
def test_a_text_that_is_put_right_arrives(world: World, owner: System) -> None:
    bad, *_ = in_step(world)
    edit(world, owner, bad, LONE)
    world.sync()
    edit(world, owner, bad, "Right")
    world.sync()
    assert carried(world, owner, bad) == "Right"
    with world.engine.connect() as connection:
        assert not world.context().pairs(Kind.CONTACT).by_ids(connection, OURS, [bad[0]])[bad[0]]["failing"]


@pytest.mark.parametrize("owner", [OURS, THEIRS])
def test_damage_never_reads_as_empty(world: World, owner: System) -> None:
    """A blank is about to be carried, and the last look at its source finds damaged text."""
    pair, *_ = in_step(world)
    edit(world, owner, pair, None)
    key = FIELDS[owner][owner is THEIRS]

    def damaged_by_then(system: System, field: str) -> None:
        rows = (
            world.element451.people.rows[pair[0]] if owner is OURS else world.salesforce.people.rows[pair[1]]
        )
        rows.values[key] = LONE

    world.later()
    sync(SyncEngine(world.context(), damaged_by_then))
    assert carried(world, owner, pair) in ("Ann", "1")
    assert [entry["code"] for entry in world.entries() if entry["status"] == "failed"] == [Code.DAMAGED_TEXT]


@pytest.mark.parametrize("owner", [OURS, THEIRS])
def test_a_damaged_text_at_the_target_is_written_over(world: World, owner: System) -> None:
    pair, *_ = in_step(world)
    slug, name = FIELDS[owner]
    if owner is OURS:
        world.salesforce.people.edit(pair[1], {name: LONE})
    else:
        world.element451.people.edit(pair[0], {slug: LONE})
    world.sync()
    assert carried(world, owner, pair) in ("Ann", "1")
    assert not [entry for entry in world.entries() if entry["status"] == "failed"]


@pytest.mark.parametrize("owner", [OURS, THEIRS])
@pytest.mark.parametrize("damaged", ["a value", "the ID"])
def test_nobody_is_created_of_damaged_text(world: World, owner: System, damaged: str) -> None:
    world.configure(create_new=True)
    if owner is OURS:
        key = "user-first-name" if damaged == "a value" else SLUG
        record = world.ours(user_last_name="Ray", **{key.replace("-", "_"): LONE})
    else:
        key = "FirstName" if damaged == "a value" else "Element451_ID__c"
        record = world.theirs(LastName="Ray", **{key: LONE})
    world.sync()
    ours, theirs = world.contacts()
    assert ours + theirs == [record]
    assert [entry["code"] for entry in world.entries()] == [Code.DAMAGED_TEXT]
    if owner is OURS:
        world.element451.people.edit(record, {key: "Ann" if damaged == "a value" else None})
    else:
        world.salesforce.people.edit(record, {key: "Ann" if damaged == "a value" else None})
    world.sync()
    assert [len(side) for side in world.contacts()] == [1, 1]


@pytest.mark.parametrize("slug", ["conversation-transcript", "conversation-user-elementid"])
def test_a_conversation_with_damaged_text_fails_alone(world: World, slug: str) -> None:
    contact, _ = world.pair()
    world.conversation(contact, conversation_subject="Good")
    bad = world.conversation(contact, conversation_subject="Bad")
    world.element451.people.rows[bad].values[slug] = LONE
    world.sync()
    subjects = [
        world.in_salesforce(record)["Subject__c"]
        for record in world.salesforce.people.live("E451_Conversation__c")
    ]
    assert subjects == ["Good"]
    failed = [entry for entry in world.entries() if entry["status"] == "failed"]
    assert [(entry["code"], entry["element_id"]) for entry in failed] == [(Code.DAMAGED_TEXT, bad)]
    world.element451.people.edit(bad, slugs({slug: contact}))
    world.sync()
    assert len(world.salesforce.people.live("E451_Conversation__c")) == 2


def test_a_damaged_text_is_lasting_and_waits_for_a_change(world: World) -> None:
    bad, *_ = in_step(world)
    edit(world, OURS, bad, LONE)
    world.sync()
    with world.engine.connect() as connection:
        row = world.context().pairs(Kind.CONTACT).by_ids(connection, OURS, [bad[0]])[bad[0]]
    assert row["failures"]
    assert row["failures"]["export"]["cause"] == Cause.LASTING
    assert world.due() == 0
