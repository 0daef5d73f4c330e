"""What an undo does not put back, it lists with the reason: nothing drops out of it without a word (rules 12
and 21)."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, update

from syncer.application.undo import which
from syncer.core.records import System
from syncer.journal.runs import RUNS
from syncer.journal.undoable import Undoing
from syncer.sync.on_demand import NoSuchRecord
from tests.scenarios.test_filters import NOTED, STUDENTS, school
from tests.scenarios.test_undo import FIELDS, edit, held, overwritten, piles, undo
from tests.support.configured_world import School, edited, prefer
from tests.support.variations import each_once
from tests.support.world import OURS, THEIRS, World


def leave(made: School, side: System, ids: tuple[str, str]) -> None:
    """The record leaves by the filter of this side."""
    if side is THEIRS:
        made.salesforce.people.edit(ids[1], {"Student_Type__c": None})
    else:
        made.element451.people.edit(ids[0], {"user-custom-notes": None})


@pytest.mark.parametrize(("target", "side"), each_once([THEIRS, OURS], [THEIRS, OURS]))
def test_nothing_is_put_back_in_a_record_outside_the_filter(
    engine: Engine, target: System, side: System
) -> None:
    made = school(engine, [STUDENTS], []) if side is THEIRS else school(engine, [], [NOTED])
    inside, left = (
        made.pair(
            {FIELDS[target][1]: "old", "Student_Type__c": "FY"},
            {FIELDS[target][0].replace("-", "_"): "old", "user_last_name": "Ray", "user_custom_notes": "n"},
        )
        for _ in range(2)
    )
    made.sync()
    for ids in (inside, left):
        edit(made, target.other, ids, FIELDS[target], "new")
    assert made.sync().id == 2
    leave(made, side, left)
    made.sync()
    run = undo(made, run=2)
    assert [held(made, target, ids) for ids in (inside, left)] == ["old", "new"]
    assert piles(run) == {"restored": 1, "cannot": 1}
    [entry] = [one for one in made.entries() if one["run"] == run.id and one["element_id"] == left[0]]
    assert (entry["status"], entry["code"]) == ("ignored", "CANNOT_BE_UNDONE")
    assert "outside the filter" in entry["reason"]


def test_nothing_is_put_back_in_a_conversation_of_a_contact_outside_the_filter(engine: Engine) -> None:
    made = school(engine, [], [NOTED])
    ours = made.ours(user_last_name="Ray", user_custom_notes="n")
    talk = made.conversation(ours, conversation_subject="old")
    made.sync()
    made.element451.people.edit(talk, {"conversation-subject": "new"})
    assert made.sync().id == 2
    made.element451.people.edit(ours, {"user-custom-notes": None})
    made.sync()
    assert piles(undo(made, run=2)) == {"cannot": 1}
    [record] = made.salesforce.people.live("E451_Conversation__c")
    assert made.in_salesforce(record)["Subject__c"] == "new"


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_the_contact_that_was_merged_away_in_element451_is_known_by_its_other_half(
    world: World, target: System
) -> None:
    [ids] = overwritten(world, target)
    survivor = world.ours(user_last_name="Ray", **{FIELDS[target][0].replace("-", "_"): "new"})
    world.element451.people.merge(survivor, ids[0])
    for _ in range(2):
        world.later(60 * 25)
        world.sync(full=True)
    assert piles(undo(world, run=2, field="LastName")) == {}
    run = undo(world, run=2)
    assert piles(run) == ({"restored": 1} if target is THEIRS else {"cannot": 1})
    assert held(world, target, (survivor, ids[1])) == ("old 0" if target is THEIRS else "new")


def test_what_was_written_of_conversations_that_are_no_longer_synced_is_counted(engine: Engine) -> None:
    made = school(engine, [], [])
    ours = made.ours(user_last_name="Ray")
    talk = made.conversation(ours, conversation_subject="old")
    made.sync()
    made.element451.people.edit(talk, {"conversation-subject": "new"})
    assert made.sync().id == 2
    made.save(edited(made.document, prefer(sync_conversations=False)))
    assert piles(undo(made, run=2)) == {"cannot": 1}


@pytest.mark.parametrize("asked", [{"run": 2}, {"version": 3}, {"version": 3, "field": "FirstName"}], ids=str)
def test_what_began_before_the_log_reaches_is_not_undone_as_a_whole(
    world: World, asked: dict[str, Any]
) -> None:
    """What a run wrote would pass for what was there before it."""
    [ids] = overwritten(world, THEIRS)
    assert world.version == 3
    application: Any = SimpleNamespace(
        database=world.engine,
        settings=SimpleNamespace(log_retention_days=180),
        configuration=SimpleNamespace(document=lambda version: {}),
    )
    began = datetime.now(UTC) - timedelta(days=180)
    for moved, possible in ((timedelta(days=1), True), (timedelta(minutes=-1), False)):
        with world.engine.begin() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == 2).values(started_at=began + moved))
        if possible:
            assert which(application, **asked) == Undoing(**asked)
            continue
        with pytest.raises(NoSuchRecord):
            which(application, **asked)
    assert which(application, record=ids[1]).run == 2, "of a single entry everything is known"
