"""Who is synced at all: nothing is written of, or created for, a record outside the filter (rule 12)."""

from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.configuration.config_file import BadConfiguration, validate
from syncer.configuration.suspension import suspend
from syncer.configuration.validation.check import check
from syncer.core.plan import Direction
from syncer.core.records import Kind
from syncer.sync import on_demand
from syncer.sync.on_demand import RecordRequest
from syncer.sync.planning.missing_values import Segments
from syncer.sync.planning.who_is_synced import who_is_synced
from tests.support.configured_world import School, edited, first_document, without
from tests.support.variations import each_once
from tests.support.world import statuses

STUDENTS = {"field": "Student_Type__c", "in": ["FY", "TR"]}
NOTED = {"field": "user-custom-notes", "not_empty": True}


def school(engine: Engine, salesforce: list[Any], element451: list[Any], **preferences: Any) -> School:
    """A school with these filters; the field that tells a student in Salesforce is not mapped."""
    made = School(engine)
    document = edited(first_document(), without("user-education-student-type"))
    document["preferences"] |= {"filter": {"salesforce": salesforce, "element451": element451}} | preferences
    made.document = validate(document)
    return made


CREATING = {"import": {"update_existing": True, "create_new": True}}


def test_nobody_outside_is_written_or_created_and_who_comes_in_follows(engine: Engine) -> None:
    made = school(engine, [STUDENTS], [NOTED], **CREATING)
    students = [made.theirs(FirstName=f"S{n}", Description="n", Student_Type__c="FY") for n in range(4)]
    donors = [made.theirs(FirstName=f"D{n}", Student_Type__c=None) for n in range(8)]
    noted = [made.ours(user_last_name="Ray", user_custom_notes="n") for _ in range(3)]
    others = [made.ours(user_last_name="Ray") for _ in range(5)]
    run = made.sync()
    assert statuses(run)["import_contact"]["inserted"] == len(students)
    assert statuses(run)["export_contact"]["inserted"] == len(noted)
    written = {record for _, _, record in made.writes()}
    assert written.isdisjoint([*donors, *others])

    for record in donors[:2]:
        made.salesforce.people.edit(record, {"Student_Type__c": "TR"})
    made.salesforce.people.edit(students[0], {"Student_Type__c": None})
    made.element451.people.edit(others[0], {"user-custom-notes": "now"})
    run = made.sync()
    assert statuses(run)["import_contact"]["inserted"] == 2
    assert statuses(run)["export_contact"]["inserted"] == 1
    made.salesforce.people.edit(students[0], {"Phone": "0151"})
    wrote = len(made.writes())
    made.sync(full=True)
    assert len(made.writes()) == wrote, "one that left stays paired and at rest"
    made.salesforce.people.edit(students[0], {"Student_Type__c": "FY"})
    made.sync()
    assert len(made.writes()) > wrote, "one that comes back is due"


@pytest.mark.parametrize("side", ["salesforce", "element451"])
def test_a_pair_of_which_one_half_is_outside_is_at_rest_in_both_directions(engine: Engine, side: str) -> None:
    made = school(engine, [STUDENTS], []) if side == "salesforce" else school(engine, [], [NOTED])
    theirs = made.theirs(Phone="1", FirstName="Old")
    ours = made.ours(user_last_name="Ray", user_first_name="New", user_identities_salesforceid=theirs)
    made.sync()
    assert made.writes() == []
    for asked in (RecordRequest(Direction.EXPORT, None, ours), RecordRequest(Direction.IMPORT, theirs, None)):
        (plan,) = on_demand.preview(made.sync_engine(), asked)
        assert (plan.status, plan.outgoing) == ("ignored", {})
        assert "outside the filter" in plan.reason
    if side == "salesforce":
        made.salesforce.people.edit(theirs, {"Student_Type__c": "FY"})
    else:
        made.element451.people.edit(ours, {"user-custom-notes": "n"})
    made.sync()
    assert made.in_salesforce(theirs)["FirstName"] == "New"
    assert made.in_element451(ours)["user-phone-cell-number"] == "1"


@pytest.mark.parametrize(
    ("side", "condition"),
    each_once(["salesforce", "element451"], [{"is_not": "no"}, {"not_in": ["no"]}, {"empty": True}]),
    ids=str,
)
def test_damaged_text_meets_no_condition(engine: Engine, side: str, condition: dict[str, Any]) -> None:
    field = "Phone" if side == "salesforce" else "user-custom-notes"
    asked = [{"field": field} | condition]
    made = school(engine, asked, []) if side == "salesforce" else school(engine, [], asked)
    theirs = made.theirs(FirstName="Old")
    ours = made.ours(user_last_name="Ray", user_first_name="New", user_identities_salesforceid=theirs)
    made.conversation(ours, conversation_subject="Hello")
    system, record = (made.salesforce, theirs) if side == "salesforce" else (made.element451, ours)
    system.people.edit(record, {field: "x\ud83d"})
    made.sync()
    assert made.writes() == []
    system.people.edit(record, {field: None})
    made.sync()
    assert made.in_salesforce(theirs)["FirstName"] == "New"
    assert len(made.salesforce.people.live("E451_Conversation__c")) == 1


def test_conversations_follow_their_contact(engine: Engine) -> None:
    made = school(engine, [], [NOTED])
    ours = made.ours(user_last_name="Ray")
    talk = made.conversation(ours, conversation_subject="Hello")
    made.sync()
    plan = on_demand.preview(made.sync_engine(), RecordRequest(Direction.EXPORT, None, talk))[0]
    assert (plan.status, made.writes()) == ("ignored", [])
    assert "outside the filter" in plan.reason
    made.element451.people.edit(ours, {"user-custom-notes": "n"})
    made.sync()
    assert len(made.salesforce.people.live("E451_Conversation__c")) == 1
    made.element451.people.edit(ours, {"user-custom-notes": None})
    made.element451.people.edit(talk, {"conversation-subject": "Again"})
    wrote = len(made.writes())
    made.sync()
    assert len(made.writes()) == wrote


def test_a_filter_that_is_changed_makes_everybody_due(engine: Engine) -> None:
    made = school(engine, [STUDENTS], [], **CREATING)
    made.theirs(FirstName="D", Student_Type__c=None)
    assert statuses(made.sync()).get("import_contact", {}).get("inserted") is None
    document = edited(made.document, lambda one: one["preferences"]["filter"].update(salesforce=[]))
    made.save(document)
    assert statuses(made.sync())["import_contact"]["inserted"] == 1


@pytest.mark.parametrize(
    ("side", "condition"),
    [
        ("salesforce", {"field": "No_Such__c", "is": "x"}),
        ("salesforce", {"field": "FirstName", "at_least": "x"}),
        ("salesforce", {"field": "GPA__c", "at_least": "many"}),
        ("salesforce", {"field": "HasOptedOutOfEmail", "is": "perhaps"}),
        ("element451", {"field": "conversation-subject", "is": "x"}),
    ],
)
def test_a_condition_that_no_record_can_meet_is_an_error(
    engine: Engine, side: str, condition: dict[str, Any]
) -> None:
    made = school(
        engine, [condition] if side == "salesforce" else [], [condition] if side == "element451" else []
    )
    entities = made.salesforce.people.entities_by_name
    problems = check(made.document, made.element451.catalogue(), entities, None)
    assert [one.where for one in problems if one.severity == "error"] == [f"preferences.filter.{side}[0]"]
    _, suspension = suspend(made.document, [one for one in problems if one.severity == "error"], entities)
    assert len(suspension.kinds) == 2, "nobody knows who is synced: nothing is written"


@pytest.mark.parametrize(
    "condition",
    [{"field": "A"}, {"field": "A", "is": "x", "is_not": "y"}, {"field": "A", "in": []}, {"is": "x"}],
)
def test_a_condition_says_one_thing(condition: dict[str, Any]) -> None:
    with pytest.raises(BadConfiguration):
        validate({"preferences": {"filter": {"salesforce": [condition]}}})


def test_it_can_be_told_before_who_is_in_and_who_changes_sides_and_so_it_is(engine: Engine) -> None:
    made = school(engine, [], [], **CREATING)
    made.document["preferences"]["import"]["create_new"] = False
    students = [made.theirs(FirstName=f"S{n}", Student_Type__c="FY") for n in range(4)]
    donors = [made.theirs(FirstName=f"D{n}", Student_Type__c=None) for n in range(12)]
    made.sync()
    made.save(school(engine, [STUDENTS], [], **CREATING).document)
    made.sync()
    before = made.setup().mappings[Kind.CONTACT].filters
    document = edited(
        made.document,
        lambda one: one["preferences"]["filter"].update(salesforce=[STUDENTS | {"in": ["TR"]}]),
    )
    for record in donors[:3]:
        made.salesforce.people.edit(record, {"Student_Type__c": "TR"})
    made.read()
    made.save(document)
    told = who_is_synced(
        made.engine, before, made.setup().mappings[Kind.CONTACT], Segments(made.element451.members)
    )
    assert (told.inside.records, told.outside.records, told.leaving.records) == (3, 13, 4)
    assert {one["salesforce_id"] for one in told.leaving.examples} == set(students)
    assert (len(told.outside.examples), told.entering.records, told.unread) == (10, 0, [])
    assert statuses(made.sync())["import_contact"]["inserted"] == told.inside.records
