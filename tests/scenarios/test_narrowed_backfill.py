"""Where all of Salesforce is read, Salesforce leaves out whom the filter does not let in; increments bring
everybody, so that leavers are seen (rule 12)."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from syncer.sync.forecasting.whole import forecast_all
from syncer.sync.pair_store import PAIRS
from syncer.sync.planning.forecast import LEFT_OUT
from tests.support.configured_world import School, edited, first_document, prefer
from tests.support.world import statuses

STUDENTS = {"field": "Student_Type__c", "in": ["FY", "TR"]}


def school(engine: Engine, *conditions: dict[str, Any], **preferences: Any) -> School:
    """A school with four students and six donors in Salesforce."""
    made = School(engine)
    made.document = filtered(first_document(), *conditions, **preferences)
    for number in range(10):
        made.theirs(FirstName=f"N{number}", Student_Type__c="FY" if number < 4 else None)
    return made


def filtered(document: dict[str, Any], *conditions: dict[str, Any], **preferences: Any) -> dict[str, Any]:
    """The document with this filter of Salesforce, and creations in Element451."""
    creating = {"import": {"update_existing": True, "create_new": True}}
    who = {"salesforce": list(conditions), "element451": []}
    return edited(document, prefer(filter=who, **creating, **preferences))


def known(made: School) -> set[str]:
    """The Salesforce IDs of everybody that was read."""
    with made.engine.connect() as connection:
        return set(connection.execute(select(PAIRS.c.salesforce_id)).scalars())


def created(made: School, **more: Any) -> int:
    """How many contacts a run creates in Element451."""
    return statuses(made.sync(**more)).get("import_contact", {}).get("inserted", 0)


def test_who_is_outside_is_not_read_until_an_edit_brings_them_in(engine: Engine) -> None:
    made = school(engine, STUDENTS)
    everybody = made.salesforce.people.live("Contact")
    assert created(made) == 4
    assert len(known(made)) == 4
    donors = sorted(set(everybody) - known(made))
    made.salesforce.people.edit(donors[0], {"Student_Type__c": "TR"})
    made.salesforce.people.edit(donors[1], {"Phone": "1"})
    assert created(made) == 1
    assert known(made) >= set(donors[:2])
    calls = made.salesforce.calls
    assert created(made, check=True) == 0
    assert created(made, full=True) == 0
    assert made.salesforce.calls - calls < 12, "nobody outside is asked for by ID"


@pytest.mark.parametrize("seen", ["by day", "at night"])
def test_who_leaves_is_seen_and_stays_paired_at_rest(engine: Engine, seen: str) -> None:
    made = school(engine, STUDENTS)
    made.sync()
    student = min(known(made))
    made.salesforce.people.edit(student, {"Student_Type__c": None, "FirstName": "Left"})
    wrote = len(made.writes())
    made.sync(check=seen == "at night")
    made.sync(full=True)
    assert len(made.writes()) == wrote
    made.salesforce.people.edit(student, {"Student_Type__c": "FY"})
    made.sync()
    assert len(made.writes()) > wrote


@pytest.mark.parametrize("wider", [(), ({"field": "LastName", "not_empty": True},)])
def test_another_filter_reads_everything_anew(engine: Engine, wider: tuple[dict[str, Any], ...]) -> None:
    made = school(engine, STUDENTS)
    made.sync()
    made.save(filtered(made.document, *wider))
    assert LEFT_OUT in forecast_all(made.context()).to_json()["notes"], "nobody knows whom it lets in"
    assert created(made) == 6
    assert forecast_all(made.context()).to_json()["notes"] == []
    made.save(filtered(made.document, STUDENTS))
    calls = made.salesforce.calls
    made.sync()
    made.sync()
    assert made.salesforce.calls - calls < 12


def test_match_fields_need_everybody(engine: Engine) -> None:
    made = school(engine, STUDENTS, match_on=["user-first-name"])
    made.sync()
    assert len(known(made)) == 10
