"""Salesforce may leave out whom the filter does not let in, and nobody else (rule 12)."""

from typing import Any

from syncer.configuration.compilation import condition
from syncer.connectors.salesforce.reading.filtering import clause
from syncer.core.fields import Entity
from tests.conformance.orgs import Org
from tests.conformance.salesforce_reads import changed

CONDITIONS: list[tuple[dict[str, Any], bool]] = [
    ({"field": "Last_Name__c", "is": "Lee"}, True),
    ({"field": "Last_Name__c", "in": ["lee", "O'Hara"]}, True),
    ({"field": "Last_Name__c", "is_not": "Lee"}, False),
    ({"field": "First_Name__c", "empty": True}, True),
    ({"field": "First_Name__c", "not_empty": True}, True),
    ({"field": "SMS_Opt_In__c", "is": "true"}, True),
    ({"field": "SMS_Opt_In__c", "is_not": "true"}, True),
    ({"field": "Birthdate__c", "at_least": "2001-01-01"}, True),
    ({"field": "Birthdate__c", "not_in": ["2000-01-01"]}, True),
    ({"field": "GPA__c", "at_most": "3"}, True),
    ({"field": "GPA__c", "is": "3"}, False),
    ({"field": "Race__c", "in": ["Asian", "White"]}, True),
]
PEOPLE: list[dict[str, Any]] = [
    {"Last_Name__c": "Lee", "Birthdate__c": "2000-01-01", "GPA__c": 3.5, "Race__c": ["Asian", "White"]},
    {"Last_Name__c": "LEE", "First_Name__c": "A", "Birthdate__c": "2002-01-01", "SMS_Opt_In__c": True},
    {"Last_Name__c": "O'Hara", "First_Name__c": "B", "GPA__c": 3, "Race__c": ["White"]},
    {"Last_Name__c": "Ray", "SMS_Opt_In__c": True, "GPA__c": 1},
]


def test_everybody_who_meets_a_condition_comes(org: Org, student: Entity) -> None:
    for values in PEOPLE:
        org.create("E451_Student__c", values)
    for row, said in CONDITIONS:
        field = student.fields[row["field"]]
        asked = condition(row, field)
        everybody = changed(org, student, None, field.key)
        inside = {record.id for record in everybody if asked.holds(record.values[field.key])}
        assert 0 < len(inside) < len(everybody), row
        pages = org.api.changed(student, [field], None, None, [asked])
        came = {record.id for page in pages for record in page.records}
        assert inside <= came, row
        assert (bool(clause(asked)), len(came) < len(everybody)) == (said, said), row
