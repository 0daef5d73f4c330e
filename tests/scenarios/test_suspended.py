"""A field that vanished, changed its type or is refused stands still alone, and comes back whole (rule
22)."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import Engine

from syncer.connectors.element451.field_types import field_type as element451_type
from syncer.connectors.salesforce.field_types import field_type as salesforce_type
from syncer.core.fields import Field
from syncer.core.plan import Direction
from syncer.core.reasons import Code
from syncer.core.records import System, Value
from syncer.journal.run_state import Trigger
from syncer.sync import on_demand, suspensions
from syncer.sync.on_demand import RecordRequest
from syncer.sync.suspensions import Unusable
from tests.support.suspending_world import SuspendingSchool, suspending
from tests.support.variations import each_once
from tests.support.world import OURS, THEIRS, statuses

FIELDS = {OURS: ("user-first-name", "FirstName"), THEIRS: ("user-phone-cell-number", "Phone")}
OTHERS = {OURS: ("user-custom-notes", "Description"), THEIRS: ("user-custom-gpa", "GPA__c")}
TALK = "E451_Conversation__c"


@pytest.fixture
def school(engine: Engine) -> SuspendingSchool:
    return suspending(engine)


def fields_of(school: SuspendingSchool, system: System, entity: str = "Contact") -> dict[str, Field]:
    """The fields of a system, as an administrator changes them."""
    if system is OURS:
        return school.element451.people.fields
    return school.salesforce.people.entities_by_name[entity].fields


def key_in(system: System, field: tuple[str, str]) -> str:
    return field[system is THEIRS]


def vanishes(school: SuspendingSchool, system: System, key: str) -> Callable[[], None]:
    faults = (school.element451 if system is OURS else school.salesforce).faults
    faults.unknown.add(key)
    return lambda: faults.unknown.discard(key)


def is_refused(school: SuspendingSchool, system: System, key: str) -> Callable[[], None]:
    faults = (school.element451 if system is OURS else school.salesforce).faults
    faults.refused.add(key)

    def comes_back() -> None:
        faults.refused.discard(key)
        school.tomorrow()

    return comes_back


def answers_with_nothing(school: SuspendingSchool, system: System, key: str) -> Callable[[], None]:
    school.element451.faults.silent.add(key)
    return lambda: school.element451.faults.silent.discard(key)


def changes_type(school: SuspendingSchool, system: System, key: str) -> Callable[[], None]:
    fields = fields_of(school, system)
    before = fields[key]
    other = element451_type("checkbox") if system is OURS else salesforce_type("multipicklist")
    fields[key] = replace(before, type=other, type_name="checkbox" if system is OURS else "multipicklist")
    school.tomorrow()

    def comes_back() -> None:
        fields[key] = before

    return comes_back


def in_step(school: SuspendingSchool, number: int = 3) -> list[tuple[str, str]]:
    theirs: dict[str, Value] = {"FirstName": "Ann", "LastName": "Ray", "Phone": "1", "GPA__c": 1}
    ours: dict[str, Value] = {
        "user_first_name": "Ann",
        "user_last_name": "Ray",
        "user_phone_cell_number": "1",
        "user_custom_gpa": 1,
        "user_sms_updates": False,
    }
    pairs = [school.pair(theirs, ours) for _ in range(number)]
    assert school.sync().state == "done"
    return pairs


def edit(
    school: SuspendingSchool, owner: System, pair: tuple[str, str], field: tuple[str, str], value: Value
) -> None:
    if owner is OURS:
        school.element451.people.edit(pair[0], {field[0]: value})
    else:
        school.salesforce.people.edit(pair[1], {field[1]: value})


def carried(school: SuspendingSchool, owner: System, pair: tuple[str, str], field: tuple[str, str]) -> Value:
    if owner is OURS:
        return school.in_salesforce(pair[1]).get(field[1])
    return school.in_element451(pair[0]).get(field[0])


@pytest.mark.parametrize(
    ("trouble", "sides"),
    each_once([vanishes, is_refused, changes_type], [*product([OURS, THEIRS], [OURS, THEIRS])]),
)
def test_a_suspended_field_stands_still_alone_and_comes_back_whole(
    school: SuspendingSchool,
    sides: tuple[System, System],
    trouble: Callable[[SuspendingSchool, System, str], Callable[[], None]],
) -> None:
    owner, system = sides
    pairs = in_step(school)
    there = school.conversation(pairs[0][0], conversation_subject="Old")
    school.sync()
    edit(school, owner, pairs[0], FIELDS[owner], "9")
    comes_back = trouble(school, system, key_in(system, FIELDS[owner]))
    edit(school, OURS, pairs[1], OTHERS[OURS], "noted")
    edit(school, THEIRS, pairs[2], OTHERS[THEIRS], 3)
    school.element451.people.edit(there, {"conversation-subject": "New"})
    for _ in range(2):
        run = school.sync()
        assert run.state == "done", run.reason
        assert "failed" not in {status for counts in statuses(run).values() for status in counts}
    assert carried(school, OURS, pairs[1], OTHERS[OURS]) == "noted"
    assert carried(school, THEIRS, pairs[2], OTHERS[THEIRS]) == 3
    (talk,) = school.salesforce.people.live(TALK)
    assert school.in_salesforce(talk)["Subject__c"] == "New"
    assert [carried(school, owner, pair, FIELDS[owner]) for pair in pairs] in (["Ann"] * 3, ["1"] * 3)
    (named,) = suspensions.current(school.engine).fields
    assert (named.element451, named.salesforce) == FIELDS[owner]
    assert key_in(system, FIELDS[owner]) in named.sentence

    comes_back()
    assert school.sync().state == "done"
    assert carried(school, owner, pairs[0], FIELDS[owner]) == "9"
    assert not suspensions.current(school.engine)


def test_a_field_that_is_gone_and_reads_empty_blanks_nothing_and_stops_nothing(
    school: SuspendingSchool,
) -> None:
    pairs = in_step(school)
    comes_back = answers_with_nothing(school, OURS, "user-first-name")
    for pair in pairs:
        edit(school, OURS, pair, OTHERS[OURS], "noted")
    assert school.sync().state == "done"
    assert [carried(school, OURS, pair, FIELDS[OURS]) for pair in pairs] == ["Ann"] * 3
    assert [carried(school, OURS, pair, OTHERS[OURS]) for pair in pairs] == ["noted"] * 3
    assert [named.element451 for named in suspensions.current(school.engine).fields] == ["user-first-name"]
    comes_back()
    edit(school, OURS, pairs[0], FIELDS[OURS], "Bea")
    assert school.sync().state == "done"
    assert [carried(school, OURS, pair, FIELDS[OURS]) for pair in pairs] == ["Bea", "Ann", "Ann"]


@pytest.mark.parametrize("owner", [OURS, THEIRS])
def test_a_field_that_comes_back_empty_passes_the_guard(school: SuspendingSchool, owner: System) -> None:
    school.document["preferences"]["guard"] = {"records": 500, "percent": 20, "at_least": 3}
    pairs = [*in_step(school, 3)]
    school.document["preferences"]["guard"]["at_least"] = 2
    system = school.element451 if owner is OURS else school.salesforce
    comes_back = vanishes(school, owner, key_in(owner, FIELDS[owner]))
    school.sync()
    for pair in pairs:
        system.people.rows[pair[owner is THEIRS]].values[key_in(owner, FIELDS[owner])] = None
    comes_back()
    waiting = school.sync()
    assert waiting.numbers
    assert (waiting.state, waiting.numbers["kinds"]["blank"]) == ("waiting", 3)
    assert [carried(school, owner, pair, FIELDS[owner]) for pair in pairs] in (["Ann"] * 3, ["1"] * 3)


@pytest.mark.parametrize("system", [OURS, THEIRS])
def test_without_a_match_field_nobody_is_matched_or_created(engine: Engine, system: System) -> None:
    mail = ("user-email-address", "Email")
    school = suspending(
        engine, match_on=[mail[0]], **{"import": {"update_existing": True, "create_new": True}}
    )
    (pair, *_) = in_step(school)
    comes_back = vanishes(school, system, key_in(system, mail))
    ours = school.ours(user_last_name="Lee", user_email_address="a@x.edu")
    theirs = school.theirs(LastName="Lee", Email="a@x.edu")
    edit(school, OURS, pair, OTHERS[OURS], "noted")
    run = school.sync()
    assert run.state == "done"
    assert [len(side) for side in school.contacts()] == [4, 4]
    assert carried(school, OURS, pair, OTHERS[OURS]) == "noted"
    failed = [entry for entry in school.entries() if entry["status"] == "failed"]
    assert {entry["code"] for entry in failed} == {Code.CREATIONS_STOPPED}
    assert {entry["element_id"] or entry["salesforce_id"] for entry in failed} == {ours, theirs}
    comes_back()
    school.sync()
    assert [len(side) for side in school.contacts()] == [4, 4]
    assert school.in_salesforce(theirs)["Element451_ID__c"] == ours


def test_a_required_field_that_nothing_fills_stops_creations_alone(school: SuspendingSchool) -> None:
    first, second, _ = in_step(school)
    fields = fields_of(school, THEIRS)
    fields["Campus__c"] = replace(fields["LastName"], key="Campus__c", label="Campus")
    for pair in (first, second):
        school.salesforce.people.rows[pair[1]].values["Campus__c"] = "North"
    school.tomorrow()
    edit(school, OURS, first, OTHERS[OURS], "noted")
    edit(school, THEIRS, second, OTHERS[THEIRS], 3)
    new = school.ours(user_last_name="Lee")
    run = school.sync()
    assert run.state == "done"
    assert carried(school, OURS, first, OTHERS[OURS]) == "noted"
    assert carried(school, THEIRS, second, OTHERS[THEIRS]) == 3
    (failed,) = [entry for entry in school.entries() if entry["status"] == "failed"]
    assert (failed["code"], failed["element_id"]) == (Code.CREATIONS_STOPPED, new)
    assert "Campus" in failed["reason"]
    fields["Campus__c"] = replace(fields["Campus__c"], required=False, nillable=True)
    school.sync()
    assert len(school.contacts()[1]) == 4


@pytest.mark.parametrize("lost", ["Contact__c", "Conversation_ID__c", "the object"])
def test_trouble_with_conversations_does_not_stop_contacts(school: SuspendingSchool, lost: str) -> None:
    pair, *_ = in_step(school)
    school.conversation(pair[0], conversation_subject="Hello")
    school.sync()
    edit(school, OURS, pair, OTHERS[OURS], "noted")
    talk = school.salesforce.people.entities_by_name[TALK]
    if lost == "the object":
        del school.salesforce.people.entities_by_name[TALK]
        school.tomorrow()
    else:
        school.salesforce.faults.unknown.add(lost)
    assert school.sync().state == "done"
    assert carried(school, OURS, pair, OTHERS[OURS]) == "noted"
    (stopped,) = suspensions.current(school.engine).kinds
    assert stopped.kind == "conversation"
    school.salesforce.people.entities_by_name[TALK] = talk
    school.salesforce.faults.unknown.clear()
    school.conversation(pair[0], conversation_subject="Again")
    assert school.sync().state == "done"
    assert len(school.salesforce.people.live(TALK)) == 2


@pytest.mark.parametrize(
    ("system", "key"), [(THEIRS, "Element451_ID__c"), (OURS, "user-identities-salesforceid")]
)
def test_without_the_link_nothing_runs(school: SuspendingSchool, system: System, key: str) -> None:
    pair, *_ = in_step(school)
    comes_back = vanishes(school, system, key)
    edit(school, OURS, pair, OTHERS[OURS], "noted")
    assert school.sync().state == "failed"
    school.tomorrow()
    with pytest.raises(Unusable):
        school.sync()
    assert carried(school, OURS, pair, OTHERS[OURS]) is None
    comes_back()
    school.sync()
    assert carried(school, OURS, pair, OTHERS[OURS]) == "noted"


@pytest.mark.parametrize("system", [OURS, THEIRS])
def test_a_preview_and_a_test_of_one_record_go_on_without_a_refused_field(
    school: SuspendingSchool, system: System
) -> None:
    pair, *_ = in_step(school)
    edit(school, OURS, pair, OTHERS[OURS], "noted")
    vanishes(school, system, key_in(system, FIELDS[THEIRS]))
    request = RecordRequest(Direction.EXPORT, element_id=pair[0])
    (plan,) = on_demand.preview(school.sync_engine(), request)
    assert [change.salesforce for change in plan.changes] == ["Description"]
    school.salesforce.faults.unknown.add("Email")
    run, _ = on_demand.do(school.sync_engine(), request, Trigger.TEST)
    assert run.state == "done"
    assert carried(school, OURS, pair, OTHERS[OURS]) == "noted"


def test_a_look_at_the_catalogues_that_fails_stops_no_run(school: SuspendingSchool) -> None:
    pair, *_ = in_step(school)
    edit(school, OURS, pair, OTHERS[OURS], "noted")
    school.tomorrow()
    for system, calls in ((school.salesforce, ("describe", "entities")), (school.element451, ("catalogue",))):
        for call in calls:
            system.faults.fail(call, times=9)
    assert school.sync().state == "done"
    assert carried(school, OURS, pair, OTHERS[OURS]) == "noted"
