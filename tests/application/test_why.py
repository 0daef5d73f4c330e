"""Every value can be explained (rule 24)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from syncer.application.why import ALL_AGREED, Why
from syncer.configuration.versions import ConfigStore
from syncer.core.preferences import ExportMode
from syncer.core.records import System
from syncer.core.trust.holds import Held
from syncer.infra.database.tables import VersionRow, table
from syncer.journal.log import ENTRIES
from syncer.journal.runs import RUNS
from syncer.sync.holds import store
from syncer.sync.holds.store import Origin
from syncer.sync.on_demand import NoSuchRecord
from syncer.sync.pair_store import PAIRS
from tests.support.memory_common import START
from tests.support.world import OURS, THEIRS, World

NAME, PHONE = ("user-first-name", "FirstName"), ("user-phone-cell-number", "Phone")
"""A field that Element451 owns, and one that Salesforce owns."""


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine)
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    return world


def why(world: World) -> Why:
    return Why(world.engine, world.setup(), ConfigStore(world.engine), 10_000)


def explained(world: World, record: str, field: str) -> dict[str, Any]:
    [found] = why(world).fields(record, field)
    return found


def in_step(world: World) -> tuple[str, str]:
    """A pair that one run brought into step: Salesforce's first name, and Element451's phone number."""
    ids = world.pair(
        {"FirstName": "Ann", "Phone": "1"}, {"user_first_name": "Anna", "user_phone_cell_number": "2"}
    )
    world.sync()
    return ids


@pytest.mark.parametrize(
    ("field", "target", "before", "after"), [(NAME, THEIRS, "Ann", "Anna"), (PHONE, OURS, "2", "1")]
)
def test_a_value_names_the_run_that_wrote_it_and_what_stood_there_before(
    world: World, field: tuple[str, str], target: System, before: str, after: str
) -> None:
    ids = in_step(world)
    for record in ids:
        for name in field:
            found = explained(world, record, name)
            wrote = found["written_by"]
            assert (wrote["run"], wrote["system"], wrote["before"], wrote["before_known"]) == (
                1,
                target,
                before,
                True,
            )
            entry = next(each for each in world.entries() if each["id"] == wrote["entry"])
            assert entry["direction"] == ("export" if target is THEIRS else "import")
            assert found["owner"] == target.other
            assert found["changed_outside"] is False
            assert {side["value"] for side in found["values"].values()} == {after}


@pytest.mark.parametrize(("field", "target"), [(NAME, THEIRS), (PHONE, OURS)])
def test_a_value_that_was_never_written_was_there_before_the_sync(
    world: World, field: tuple[str, str], target: System
) -> None:
    found = explained(world, in_step(world)[0], field[0])
    assert found["values"][target.other]["origin"] == "there before the sync"
    assert found["values"][target]["origin"] == "written by the sync"


@pytest.mark.parametrize(("field", "target"), [(NAME, THEIRS), (PHONE, OURS)])
def test_a_value_that_a_person_wrote_over_ours_was_changed_outside_the_sync(
    world: World, field: tuple[str, str], target: System
) -> None:
    ids = in_step(world)
    world.configure(update_existing=False, export_mode=ExportMode.MATCH_EXISTING)
    world.salesforce.people.edit(ids[1], {"FirstName": "by hand"})
    world.element451.people.edit(ids[0], {"user-phone-cell-number": "by hand"})
    world.sync()
    found = explained(world, ids[0], field[0])
    assert found["changed_outside"]
    assert found["values"][target]["changed_outside"]
    assert found["values"][target]["value"] == "by hand"
    assert found["written_by"]["run"] == 1


@pytest.mark.parametrize(("field", "target"), [(NAME, THEIRS), (PHONE, OURS)])
def test_both_sides_agree_where_the_other_holds_its_owners_value_and_differ_until_it_does(
    world: World, field: tuple[str, str], target: System
) -> None:
    ids = in_step(world)
    assert explained(world, ids[0], field[0])["agree"] is True
    world.configure(update_existing=False, export_mode=ExportMode.MATCH_EXISTING)
    world.salesforce.people.edit(ids[1], {"FirstName": "by hand"})
    world.element451.people.edit(ids[0], {"user-phone-cell-number": "by hand"})
    world.sync()
    assert explained(world, ids[0], field[0])["agree"] is False
    known = PAIRS.c.salesforce if target is THEIRS else PAIRS.c.element451
    with world.engine.begin() as connection:
        connection.execute(update(PAIRS).values({known.name: {}}))
    assert explained(world, ids[0], field[0])["agree"] is None


def test_a_created_record_was_written_whole_by_the_run_that_created_it(world: World) -> None:
    contact = world.ours(user_first_name="Eve", user_last_name="Ray", user_phone_cell_number="7")
    world.sync()
    for field in (NAME, PHONE):
        wrote = explained(world, contact, field[0])["written_by"]
        assert (wrote["system"], wrote["created"], wrote["before"], wrote["before_known"]) == (
            THEIRS,
            True,
            None,
            True,
        )


def test_what_failed_and_what_was_left_out_wrote_nothing(world: World) -> None:
    ids = in_step(world)
    world.element451.people.edit(ids[0], {"user-email-address": "no address", "user-first-name": "Zoe"})
    world.sync()
    assert explained(world, ids[0], "FirstName")["written_by"]["run"] == 2
    assert explained(world, ids[0], "Email")["written_by"] is None


def test_each_side_says_when_it_was_read(world: World) -> None:
    ids = in_step(world)
    world.later(60)
    world.sync()  # brings the echo of our own writes
    first = world.clock.now
    world.later(60)
    world.salesforce.people.edit(ids[1], {"Phone": "3"})
    world.sync()
    sides = explained(world, ids[0], "Phone")["values"]
    assert sides[THEIRS]["read_at"] == world.clock.now
    assert sides[OURS]["read_at"] == first
    world.sync(full=True)
    assert explained(world, ids[0], "Phone")["values"][OURS]["read_at"] == world.clock.now


def test_what_is_past_the_log_says_so(world: World) -> None:
    ids = in_step(world)
    with world.engine.begin() as connection:
        connection.execute(delete(ENTRIES))
        connection.execute(update(RUNS).values(started_at=START - timedelta(days=20_000)))
    found = explained(world, ids[0], "FirstName")
    assert found["written_by"] is None
    assert found["values"][THEIRS]["origin"] == "older than the log"


def test_a_field_says_since_which_version_it_has_its_owner_and_who_saved_that(world: World) -> None:
    ids = in_step(world)
    for author, owner in [("ann", "element451"), ("bob", "salesforce"), ("cy", "element451"), ("dee", "")]:
        rows = [{"element451": NAME[0], "salesforce": NAME[1], "owner": owner or "element451"}]
        document = {"mappings": {"contact": rows, "conversation": []}}
        values = {"created_at": world.clock.now, "author": author, "document": document}
        with world.engine.begin() as connection:
            connection.execute(insert(table(VersionRow)).values(values))
    found = explained(world, ids[0], NAME[0])
    assert (found["owned_since"]["version"], found["owned_since"]["person"]) == (3, "cy")


def test_the_history_of_a_record_has_its_last_check(world: World) -> None:
    world.clock.now = datetime.now(UTC)  # by which the log goes
    ids = in_step(world)
    world.salesforce.people.edit(ids[1], {"Phone": "3"})
    world.sync()
    world.salesforce.people.edit(ids[1], {"Phone": "4"})
    world.element451.people.edit(ids[0], {"user-phone-cell-number": "4"})
    world.sync()
    told = why(world).history(ids[1])
    assert [each["run"] for each in told] == [3, 2, 1, 1]
    assert (told[0]["entry"], told[0]["status"], told[0]["reason"]) == (None, "unchanged", ALL_AGREED)


def test_nobody_knows_a_record_or_a_field_that_is_not_there(world: World) -> None:
    ids = in_step(world)
    with pytest.raises(NoSuchRecord):
        why(world).fields("003000000000000AAA")
    with pytest.raises(NoSuchRecord):
        why(world).fields(ids[0], "Nothing__c")


@pytest.mark.parametrize("whole", [True, False])
def test_a_field_that_is_held_says_by_whom_and_until_when(world: World, whole: bool) -> None:
    ids = in_step(world)
    end = world.clock.now + timedelta(days=1)
    with world.engine.begin() as connection:
        number = store.begin(connection, Origin.PERSON, "Ann", world.clock.now, reason="wish", until=end)
        pair = connection.execute(select(PAIRS.c.id)).scalar_one()
        slug, name = ("", "") if whole else NAME
        what = Held.RECORD if whole else Held.FIELD
        store.keep(connection, number, [store.Kept(pair, what, None, slug, name)])
    held, other = (explained(world, ids[0], field[0])["held"] for field in (NAME, PHONE))
    assert (held["hold"], held["by"], held["reason"]) == (number, "Ann", "wish")
    assert (other == held) is whole
