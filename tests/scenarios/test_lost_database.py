"""The database is lost, or one from a backup takes its place: the pairs are found again in both systems, and
nothing is made twice (rules 7 and 17)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from syncer.core.records import Value
from syncer.infra.database.backup import back_up, restore
from syncer.infra.database.engine import engine_for
from tests.support.databases import Databases
from tests.support.variations import each_once
from tests.support.world import World


class Killed(BaseException):
    """The machine is gone."""


@pytest.fixture
def another(databases: Databases) -> Iterator[str]:
    with databases.url() as url:
        yield url


def everybody(world: World, people: int = 12) -> None:
    """People on either side, some of them on both, with conversations."""
    for number in range(people):
        match number % 3:
            case 0:
                world.theirs(FirstName=f"T{number}", LastName="Case", Email=f"t{number}@x.edu")
            case 1:
                ours = world.ours(user_first_name=f"O{number}", user_last_name="Case")
                world.conversation(ours, conversation_subject=f"About {number}")
            case _:
                world.pair({"FirstName": f"P{number}", "LastName": "Case"})


def moved_to(world: World, engine: Engine) -> World:
    """The same systems, with the sync on another database."""
    other = World(engine, world.preferences, world.contact_fields, world.clock)
    other.salesforce, other.element451 = world.salesforce, world.element451
    return other


def held(world: World) -> tuple[int, int, int]:
    ours, theirs = world.contacts()
    conversations = world.salesforce.people.live("E451_Conversation__c")
    return len(ours), len(theirs), len(conversations)


def in_step(world: World) -> None:
    """Nothing is left to do, each contact is on both sides once, and its halves know each other."""
    world.sync()
    writes = len(world.writes())
    assert world.sync().state == "done"
    assert len(world.writes()) == writes
    ours, theirs = world.contacts()
    linked = {world.in_salesforce(record)["Element451_ID__c"] for record in theirs}
    assert linked == set(ours)
    assert len(ours) == len(theirs)


def test_a_lost_database_is_found_again_in_both_systems(world: World, another: str) -> None:
    world.configure(create_new=True)
    everybody(world)
    in_step(world)
    before, writes = held(world), len(world.writes())
    engine = engine_for(another)
    anew = moved_to(world, engine)
    anew.sync()
    assert held(world) == before
    assert [write for write in world.writes()[writes:] if write[1] in ("insert", "create")] == []
    in_step(anew)
    engine.dispose()


@pytest.mark.parametrize(
    ("after", "at"),
    each_once([0, 1, 3], [("salesforce", "write"), ("element451", "create"), ("element451", "update")]),
)
def test_so_is_one_that_was_lost_in_the_middle_of_the_first_run(
    world: World, another: str, at: tuple[str, str], after: int
) -> None:
    system, call = at
    world.configure(create_new=True, batch_size=2)
    everybody(world)
    faults = world.salesforce.faults if system == "salesforce" else world.element451.faults
    faults.fail(call, fault=Killed(), after=after)
    with pytest.raises(Killed):
        world.sync()
    faults.forgive()
    engine = engine_for(another)
    in_step(moved_to(world, engine))
    assert len(world.contacts()[0]) == 12
    engine.dispose()


def test_backups_of_a_running_sync_are_whole_and_each_is_gone_on_from_without_a_duplicate(
    world: World, another: str, tmp_path: Path
) -> None:
    world.configure(create_new=True, batch_size=2)
    everybody(world)
    files: list[Path] = []

    def meanwhile(_: object) -> dict[str, Value]:
        files.append(tmp_path / str(len(files)))
        back_up(world.engine.url, files[-1])
        return {}

    world.salesforce.faults.trigger = meanwhile
    world.sync()
    world.salesforce.faults.forgive()
    world.pair({"LastName": "Later"})
    in_step(world)
    assert len(files) > 4
    before = held(world)
    engine = engine_for(another)
    for file in (files[0], files[len(files) // 2], files[-1]):
        restore(engine.url, file)
        engine.dispose()
        in_step(moved_to(world, engine))
        assert held(world) == before
    engine.dispose()
