"""What the tests of reading and writing Salesforce share."""

from datetime import datetime

from syncer.core.fields import Entity
from syncer.core.records import Record, Value
from tests.conformance.orgs import Org, fields


def changed(org: Org, entity: Entity, since: datetime | None = None, *keys: str) -> list[Record]:
    return [
        record
        for page in org.api.changed(entity, fields(entity, *keys), since, None)
        for record in page.records
    ]


def now(org: Org, entity: Entity) -> datetime:
    """The org's time."""
    (page,) = org.api.changed(entity, [], datetime.fromisoformat("2999-01-01T00:00:00+00:00"), None)
    return page.server_time


def only(records: list[Record]) -> Record:
    (record,) = records
    return record


VALUES: list[tuple[str, Value]] = [
    ("First_Name__c", 'Zoë 🎓 O\'Neil, "Jr." \\ 日本'),
    ("First_Name__c", "007"),
    ("Email__c", "Mixed.Case+tag@Example.edu"),
    ("Birthdate__c", "2008-02-29"),
    ("Last_Visit_At__c", "2026-07-01T03:59:59+00:00"),
    ("SMS_Opt_In__c", True),
    ("SMS_Opt_In__c", False),
    ("GPA__c", 3.75),
    ("GPA__c", 4),
    ("SAT_Score__c", 0),
    ("SAT_Score__c", -12),
    ("Gender__c", "Nonbinary"),
    ("Race__c", ["White"]),
    ("Race__c", ["Asian", "Black or African American", "White"]),
    ("Notes__c", "first line\nsecond line"),
    ("Household_Income__c", 123456.78),
]
