"""Who is synced by a segment of Element451: nothing tells when somebody comes in or leaves, so that it is
looked at every night (rule 12)."""

from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.configuration.config_file import BadConfiguration, validate
from syncer.core.matching.members import Members
from syncer.core.plan import Direction
from syncer.core.records import Kind
from syncer.journal.runs import Run
from syncer.sync import on_demand
from syncer.sync.forecasting.whole import forecast_all
from syncer.sync.on_demand import RecordRequest
from syncer.sync.planning.missing_values import Segments
from syncer.sync.planning.who_is_synced import who_is_synced
from syncer.sync.suspensions import Unusable
from tests.support.configured_world import School, edited, first_document, prefer
from tests.support.suspending_world import SuspendingSchool, suspending
from tests.support.world import statuses

GUID = "tu.segments.902"
IN_SEGMENT = {"salesforce": [], "element451": [{"segment": GUID}]}
CREATING = {"import": {"update_existing": True, "create_new": True}}


def school(
    engine: Engine, members: int, others: int, **preferences: Any
) -> tuple[School, list[str], list[str]]:
    """A school with so many contacts in the segment and beside it, and a conversation of each."""
    made = School(engine)
    made.document = edited(first_document(), prefer(filter=IN_SEGMENT, **CREATING, **preferences))
    inside, outside = ([made.ours(user_last_name="Ray") for _ in range(many)] for many in (members, others))
    for contact in (*inside, *outside):
        made.conversation(contact, conversation_channel="sms")
    made.element451.people.segments[GUID] = set(inside)
    return made, inside, outside


def inserted(run: Run) -> int:
    """How many contacts the run created in Salesforce."""
    return statuses(run).get("export_contact", {}).get("inserted", 0)


def test_only_who_is_in_the_segment_is_synced_and_the_night_sees_who_comes_in_and_leaves(
    engine: Engine,
) -> None:
    made, inside, outside = school(engine, 3, 4)
    run = made.sync()
    assert inserted(run) == 3
    assert statuses(run)["export_conversation"]["upserted"] == 3

    made.element451.people.segments[GUID] = {*inside[1:], outside[0]}
    made.element451.people.edit(outside[0], {"user-custom-notes": "edited by day"})
    made.element451.people.edit(outside[1], {"user-custom-notes": "edited by day"})
    assert not inserted(made.sync()), "by day nobody knows yet"
    made.later()
    run = made.sync(check=True)
    assert inserted(run) == 1
    assert statuses(run)["export_conversation"]["upserted"] == 1
    wrote = len(made.writes())
    made.element451.people.edit(inside[0], {"user-custom-notes": "left"})
    made.sync(full=True)
    assert len(made.writes()) == wrote, "one that left stays paired and at rest"
    made.element451.people.segments[GUID].add(inside[0])
    made.later()
    made.sync(check=True)
    assert len(made.writes()) > wrote, "one that comes back is due"


def test_nobody_is_in_a_segment_before_it_was_looked_at(engine: Engine) -> None:
    made, *_ = school(engine, 1, 0)
    made.sync()
    new = made.ours(user_last_name="New")
    made.element451.people.segments[GUID].add(new)
    assert not inserted(made.sync())
    (plan,) = on_demand.preview(made.sync_engine(), RecordRequest(Direction.EXPORT, None, new))
    assert (plan.status, GUID in plan.reason, "every night" in plan.reason) == ("ignored", True, True)
    made.later()
    assert inserted(made.sync(check=True)) == 1


def test_what_an_edit_brings_leaves_the_membership_as_it_was_last_seen(engine: Engine) -> None:
    made, inside, outside = school(engine, 1, 1)
    made.sync()
    for contact in (*inside, *outside):
        made.element451.people.edit(contact, {"user-first-name": "Edited"})
    assert statuses(made.sync())["export_contact"]["updated"] == 1
    assert not inserted(made.sync(full=True))


def test_a_segment_that_the_filter_newly_names_is_looked_at_without_reading_all_contacts(
    engine: Engine,
) -> None:
    made, inside, outside = school(engine, 3, 4)
    document = made.document
    made.save(edited(document, prefer(filter={"salesforce": [], "element451": []})))
    made.sync()
    made.save(document)
    before = made.element451.calls
    assert made.setup().mappings[Kind.CONTACT].segments
    made.sync()
    assert made.element451.calls - before < 8
    wrote = len(made.writes())
    for contact in (*inside, *outside):
        made.element451.people.edit(contact, {"user-first-name": "Edited"})
    made.sync()
    assert {record for _, _, record in made.writes()[wrote:]}, "members are written"
    assert len(made.writes()) - wrote == len(inside)


def test_a_forecast_and_the_preview_of_a_filter_ask_who_is_in_a_segment_that_is_not_known_yet(
    engine: Engine,
) -> None:
    made, _, outside = school(engine, 3, 4)
    document = made.document
    made.save(edited(document, prefer(filter={"salesforce": [], "element451": []})))
    made.read()
    made.save(document)
    told = who_is_synced(engine, (), made.setup().mappings[Kind.CONTACT], Segments(made.element451.members))
    assert (told.inside.records, told.outside.records, told.leaving.records) == (3, 4, 4)
    assert {one["element_id"] for one in told.leaving.examples} == set(outside)
    found = forecast_all(made.context()).to_json()
    assert (found["create"], found["unread"], found["notes"]) == (3, 0, [])
    assert inserted(made.sync()) == found["create"]


def test_without_its_segment_nothing_runs_until_it_is_back(engine: Engine) -> None:
    made = suspending(engine, filter=IN_SEGMENT)
    member = made.ours(user_last_name="Ray")
    made.element451.people.segments[GUID] = {member}
    assert severity(made) == ["warning"]
    made.sync()
    wrote = len(made.writes())
    made.element451.people.edit(member, {"user-first-name": "Edited"})
    del made.element451.people.segments[GUID]
    assert made.sync(check=True).state == "failed"
    assert severity(made) == ["error"]
    with pytest.raises(Unusable):
        made.sync()
    assert len(made.writes()) == wrote
    made.element451.people.segments[GUID] = {member}
    assert made.sync(check=True).state == "done"
    assert len(made.writes()) > wrote


def severity(made: SuspendingSchool) -> list[str]:
    """What checking says of the segment."""
    problems = made.catalogues().check(made.document)
    return [one.severity for one in problems if one.where == "preferences.filter.element451[0]"]


def test_a_segment_is_listed_by_itself_and_below_element451() -> None:
    alone = validate({"preferences": {"filter": {"element451": {"segment": GUID}}}})
    assert alone["preferences"]["filter"]["element451"] == [{"segment": GUID}]
    for wrong in (
        {"element451": [{"segment": GUID, "field": "user-dob", "not_empty": True}]},
        {"element451": [{"segment": GUID, "not_empty": True}]},
        {"salesforce": [{"segment": GUID}]},
    ):
        with pytest.raises(BadConfiguration):
            validate({"preferences": {"filter": wrong}})


def test_members_are_found_among_many_pages() -> None:
    ids = [f"{number * 7:024x}" for number in range(50)]
    members = Members([ids[:20], [], ids[20:]])
    assert [one for one in (f"{number:024x}" for number in range(400)) if one in members] == ids
    assert "0" * 23 + "1" not in Members([["no id"]])
    assert None not in Members([ids])
