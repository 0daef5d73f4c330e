"""What fails is grouped by cause, field and value; a remedy resolves a group, and the rest still fails (rules
15 and 16)."""

import os
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.application import work_requests
from syncer.application.decisions import problems
from syncer.application.decisions.problems import NoSuchProblem
from syncer.application.request_handler import handle_all
from syncer.core.records import Value
from syncer.journal import approvals
from syncer.sync import failures, on_demand
from syncer.sync.failures import Which
from tests.support.configured_world import School, edited, first_document, mapped
from tests.support.memory_catalogue import RACES

EACH = int(os.environ.get("PROBLEMS_EACH", "6"))
"""Records of each cause; 100 in the long form."""
LONG = "Wolfeschlegelsteinhausenbergerdorff-Montgomery"


def failing(school: School) -> list[dict[str, Any]]:
    return problems.groups(school.engine, school.document)


def group_of(school: School, code: str, field: str) -> dict[str, Any]:
    (found,) = [one for one in failing(school) if (one["code"], one["field"]) == (code, field)]
    return found


@pytest.fixture
def school(engine: Engine) -> School:
    """Records that fail for five causes."""
    made = School(engine)

    def edit(document: dict[str, Any]) -> None:
        mapped(document, "user-custom-notes")["values"] = {"f": "Female"}
        mapped(document, "user-phone-cell-number").update({"values": {"1": "one"}})

    made.document = edited(first_document(), edit)
    for number in range(EACH):
        made.pair({"FirstName": "Old"}, {"user_first_name": f"A{number}", "user_custom_notes": "x"})
        made.pair({"Phone": "two"}, {"user_phone_cell_number": None})
        made.pair({"FirstName": "Old"}, {"user_first_name": LONG})
        made.ours(user_first_name=f"Nameless {number}")
        _, theirs = made.pair({"FirstName": "Old"}, {"user_first_name": f"Refused {number}"})
        made.salesforce.faults.refuse(theirs)
    made.sync()
    return made


def test_failures_of_five_causes_are_five_groups_and_remedies_resolve_theirs_alone(school: School) -> None:
    groups = failing(school)
    assert [one["records"] for one in groups] == [EACH] * 5
    assert {(one["code"], one["field"], one["value"]) for one in groups} >= {
        ("VALUE_NOT_IN_MAP", "user-custom-notes", "x"),
        ("VALUE_NOT_IN_MAP", "user-phone-cell-number", "two"),
        ("VALUE_DOES_NOT_FIT", "user-first-name", LONG),
        ("REQUIRED_FIELD_MISSING", "user-last-name", None),
    }
    assert all(one["remedy"] for one in groups)
    assert {len(one["examples"]) for one in groups} == {min(EACH, failures.EXAMPLES)}

    for code, field, value in (
        ("VALUE_NOT_IN_MAP", "user-custom-notes", "Other"),
        ("VALUE_NOT_IN_MAP", "user-phone-cell-number", "2"),
        ("REQUIRED_FIELD_MISSING", "user-last-name", "Unknown"),
    ):
        group = group_of(school, code, field)
        school.save(problems.remedied(school.document, group, value))
    run, outcomes = on_demand.retry_failing(school.sync_engine())
    assert run.state == "done"
    assert Counter(one.status for one in outcomes if one.status == "failed") == {"failed": 2 * EACH}
    left = failing(school)
    assert [one["records"] for one in left] == [EACH] * 2
    assert {one["field"] for one in left} == {"user-first-name", None}
    resolved = [entry for entry in school.entries() if entry["resolved_by"]]
    assert len(resolved) == 3 * EACH
    assert {entry["resolved_by"] for entry in resolved} == {run.id}
    with pytest.raises(NoSuchProblem):
        problems.find(school.engine, school.document, groups[0]["group"] + "0")
    with pytest.raises(NoSuchProblem):
        problems.remedied(school.document, left[0], "x")


@pytest.mark.parametrize(
    ("which", "times"),
    [
        (Which("VALUE_NOT_IN_MAP"), 2),
        (Which("VALUE_NOT_IN_MAP", "Description"), 1),
        (Which("VALUE_NOT_IN_MAP", "user-custom-notes", "x"), 1),
        (Which("VALUE_NOT_IN_MAP", "user-custom-notes", "y"), 0),
        (Which("REQUIRED_FIELD_MISSING", "LastName", ""), 1),
        (Which("VALUE_DOES_NOT_FIT", None, LONG), 1),
    ],
)
def test_a_group_alone_is_retried(school: School, which: Which, times: int) -> None:
    run, outcomes = on_demand.retry_failing(school.sync_engine(), which)
    assert run.state == "done"
    assert sum(one.status == "failed" for one in outcomes) == times * EACH


def test_the_retry_of_a_group_passes_the_guard_and_goes_on_with_that_group(school: School) -> None:
    def edit(document: dict[str, Any]) -> None:
        mapped(document, "user-custom-notes")["values"] = {"f": "Female", "x": "Other"}
        document["preferences"]["guard"] = {"records": 2, "percent": 1, "at_least": 2}

    school.save(edited(school.document, edit))
    which = Which("VALUE_NOT_IN_MAP", "user-custom-notes")
    waiting, _ = on_demand.retry_failing(school.sync_engine(), which)
    assert waiting.state == "waiting"

    approvals.approve(school.engine, waiting.id, now=school.clock.now)
    done, outcomes = on_demand.retry_failing(school.sync_engine(), goes_on=waiting.id)
    assert (done.state, len([one for one in outcomes if one.written])) == ("done", EACH)
    assert group_of(school, "VALUE_NOT_IN_MAP", "user-phone-cell-number")["records"] == EACH


def test_too_many_values_of_a_field_are_one_group(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "MOST_VALUES", 2)
    for number in range(4):
        school.pair({}, {"user_custom_notes": f"value {number}"})
    school.sync()
    group = group_of(school, "VALUE_NOT_IN_MAP", "user-custom-notes")
    assert (group["value"], group["values"], group["records"], group["act"]) == (None, None, EACH + 4, None)
    which = Which("VALUE_NOT_IN_MAP", "user-custom-notes", kind="contact", direction="export")
    assert problems.which(group) == which


def test_a_default_is_no_remedy_where_no_record_would_be_created(engine: Engine) -> None:
    made = School(engine)
    made.document = first_document()
    made.pair({"LastName": "Ray"}, {"user_last_name": None})
    made.sync()
    (group,) = failing(made)
    assert (group["code"], group["act"]) == ("REQUIRED_FIELD_MISSING", None)


def test_a_group_that_a_page_asks_for_is_retried_alone(school: School) -> None:
    which = Which("VALUE_NOT_IN_MAP", "user-custom-notes", "x")
    asked = work_requests.submit(
        school.engine, work_requests.RETRY_CAUSE, code=which.code, field=which.field, value=which.value
    )
    handle_all(school.sync_engine())
    answer = work_requests.answered(school.engine, asked)
    assert answer
    assert sum(one["status"] == "failed" for one in answer.outcomes) == EACH


@pytest.mark.parametrize("value", ["1", " 1"])
def test_a_remedy_never_replaces_another_translation(school: School, value: str) -> None:
    group = group_of(school, "VALUE_NOT_IN_MAP", "user-phone-cell-number")
    with pytest.raises(NoSuchProblem):
        problems.remedied(school.document, group, value)
    assert mapped(school.document, "user-phone-cell-number")["values"] == {"1": "one"}


def test_a_remedy_lists_the_value_that_the_value_map_compares(engine: Engine) -> None:
    def edit(document: dict[str, Any]) -> None:
        mapped(document, "user-sms-updates")["values"] = {"true": "false"}
        mapped(document, "user-race-categories")["values"] = {RACES[0][0]: RACES[0][0]}
        mapped(document, "user-custom-notes")["values"] = {"f": "Female"}

    made = School(engine)
    made.document = edited(first_document(), edit)
    _, theirs = made.pair({"HasOptedOutOfEmail": True}, {"user_last_name": "Ray"})
    races: list[Value] = [sorted(value for value, _ in RACES[:3])]
    made.pair({"Race__c": races[0]}, {"user_last_name": "Ray", "user_sms_updates": True})
    made.pair({}, {"user_last_name": "Ray", "user_sms_updates": True, "user_custom_notes": "n" * 300})
    made.sync()
    found = {one["value"]: one for one in failing(made) if one["code"] == "VALUE_NOT_IN_MAP"}
    assert set(found) == {"true", RACES[1][0], RACES[2][0], "n" * 200}
    assert {one["records"] for one in found.values()} == {1}
    assert found["n" * 200]["act"] is None, "what is shortened is not what the map would compare"
    for value, translated in (("true", "false"), (RACES[1][0], RACES[1][0]), (RACES[2][0], RACES[2][0])):
        made.save(problems.remedied(made.document, found[value], translated))
        on_demand.retry_failing(made.sync_engine(), problems.which(found[value]))
    assert {one["value"] for one in failing(made)} == {"n" * 200}
    assert made.in_salesforce(theirs)["HasOptedOutOfEmail"] is True


def test_a_field_that_is_suspended_fails_nothing_and_is_read_whole_once_it_is_resumed(school: School) -> None:
    group = group_of(school, "VALUE_NOT_IN_MAP", "user-custom-notes")
    before = school.document
    made = problems.remedied(before, group, None)
    assert school.forecast(lambda document: document.update(made)).failing.count == 0
    school.save(made)
    school.later(2 * 24 * 60)
    school.sync()
    assert all(one["field"] != "user-custom-notes" for one in failing(school))
    ours, _ = school.contacts()
    for record in ours:
        school.element451.people.edit(record, {"user-custom-notes": "f"})
    run = school.sync()
    assert "user-custom-notes" not in str(
        [entry["changes"] for entry in school.entries() if entry["run"] == run.id]
    )
    school.save(before)
    school.sync()
    theirs = school.in_element451(ours[0])["user-identities-salesforceid"]
    assert school.in_salesforce(str(theirs))["Description"] == "Female"
    with pytest.raises(NoSuchProblem):
        problems.remedied(before, group | {"field": None}, None)
    with pytest.raises(NoSuchProblem):
        problems.remedied(before, group | {"field": "user-elementid"}, None)
