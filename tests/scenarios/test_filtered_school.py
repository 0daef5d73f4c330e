"""A school of which a quarter are students: no write concerns anybody else, whoever comes and goes, and the
forecast said the numbers before (rule 12). The long form: ``FILTERED=5000``."""

import os
from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.configuration.config_file import validate
from syncer.sync.forecasting.whole import forecast_all
from tests.support.configured_world import School, edited, first_document, prefer, without
from tests.support.world import statuses

SIZE = int(os.environ.get("FILTERED", "100"))
INSIDE, MOVING = SIZE * 24 // 100, max(2, SIZE // 100)
FILTER = [
    {"field": "Student_Type__c", "in": ["FY", "TR"]},
    {"field": "LastName", "is_not": "Donor"},
]


def told(school: School) -> dict[str, Any]:
    """What the forecast says now."""
    return forecast_all(school.context(), whole=True).to_json()


@pytest.mark.timeout(1800)
def test_no_write_concerns_anybody_outside_whoever_comes_and_goes(engine: Engine) -> None:
    school = School(engine)
    document = edited(first_document(), without("user-education-student-type"))
    document = edited(document, prefer(**{"import": {"update_existing": True, "create_new": True}}))
    document["preferences"]["filter"] = {"salesforce": FILTER, "element451": []}
    school.document = validate(document)
    inside = [school.theirs(LastName="Ray", Student_Type__c="FY") for _ in range(INSIDE)]
    outside = [
        school.theirs(LastName=("Donor", "Ray")[n % 2], Student_Type__c=("FY", None)[n % 2])
        for n in range(SIZE - INSIDE)
    ]
    school.read()
    before = told(school)
    counts = statuses(school.sync())
    assert before["create"] == counts["import_contact"]["inserted"] == INSIDE
    assert {record for _, _, record in school.writes()}.isdisjoint(outside)

    coming, leaving = outside[:MOVING], inside[:MOVING]
    for record in coming:
        school.salesforce.people.edit(record, {"LastName": "Ray", "Student_Type__c": "TR"})
    for record in leaving:
        school.salesforce.people.edit(record, {"Student_Type__c": None, "Phone": "0151"})
    for record in inside[MOVING : 2 * MOVING]:
        school.salesforce.people.edit(record, {"Phone": "0152"})
    school.later()
    school.read()
    before, writes = told(school), len(school.writes())
    counts = statuses(school.sync())
    assert before["create"] == counts["import_contact"]["inserted"] == MOVING
    assert before["change"] == counts["import_contact"]["updated"] == MOVING
    named = {record for _, _, record in school.writes()[writes:]}
    assert named.isdisjoint({*outside[MOVING:], *leaving})
    rested = [entry["salesforce_id"] for entry in school.entries() if entry["salesforce_id"] in leaving]
    school.sync(full=True)
    assert [one["salesforce_id"] for one in school.entries() if one["salesforce_id"] in leaving] == rested
