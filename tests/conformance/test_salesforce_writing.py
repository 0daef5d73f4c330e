"""What every Salesforce org does when it is written to."""

import pytest

from syncer.connectors.protocol import Write
from syncer.core.fields import Entity
from syncer.core.records import Value
from syncer.core.values import stored
from tests.conformance.orgs import Org, fields
from tests.conformance.salesforce_reads import VALUES, changed, now
from tests.conformance.salesforce_writes import KEY, code, insert, only_result, values, write


def test_created_records_are_told_in_the_order_of_the_writes(org: Org, contact: Entity) -> None:
    results = write(
        org,
        contact,
        *(insert(FirstName=f"Name {number}", Element451_ID__c=f"{number:024x}") for number in range(1203)),
    )
    there = [str(result.id) for result in results]
    assert [
        (result.created, result.refusal, result.deleted, result.existing, result.uncertain)
        for result in results
    ] == [(True, None, False, False, False)] * 1203
    assert all(len(id) == 18 for id in there)
    assert org.api.write_fault is None
    found = {
        record.id: record.values["FirstName"]
        for record in org.api.read(contact, there, fields(contact, "FirstName"))
    }
    assert [found[id] for id in there] == [f"Name {number}" for number in range(1203)]
    assert sorted(org.written()) == sorted(there)


def test_writing_nothing_is_nothing(org: Org, contact: Entity) -> None:
    assert write(org, contact) == []
    assert org.written() == []


def test_different_actions_may_be_mixed_and_keep_their_order(org: Org, contact: Entity) -> None:
    there = org.create("Contact", {"LastName": "Lee", "FirstName": "Old"})
    results = write(
        org,
        contact,
        Write("update", {"FirstName": "New"}, there),
        insert(Element451_ID__c="a"),
        Write("upsert", {"LastName": "Upserted", KEY: "b"}),
        Write("update", {"LastName": None}, there),
    )
    assert [(code(result), result.created) for result in results] == [
        (None, False),
        (None, True),
        (None, True),
        ("REQUIRED_FIELD_MISSING", False),
    ]
    assert (results[0].id, results[3].id) == (there, there)
    assert values(org, contact, results[2].id, "LastName") == ["Upserted"]
    assert values(org, contact, there, "FirstName", "LastName") == ["New", "Lee"]


@pytest.mark.parametrize(("key", "value"), VALUES)
def test_what_is_written_reads_the_same(org: Org, student: Entity, key: str, value: Value) -> None:
    (result,) = write(org, student, Write("insert", {"Last_Name__c": "Lee", key: value}))
    assert values(org, student, result.id, key) == [value]
    there = org.create(student.name, {"Last_Name__c": "Lee"})
    assert code(only_result(write(org, student, Write("update", {key: value}, there)))) is None
    assert values(org, student, there, key) == [value]


STORED: list[tuple[str, Value, Value]] = [
    ("First_Name__c", "  Ann  ", "Ann"),
    ("First_Name__c", "   ", None),
    ("First_Name__c", "", None),
    ("GPA__c", 3.456, 3.46),
    ("SAT_Score__c", 1200.4, 1200),
    ("Race__c", ["White", "Asian"], ["Asian", "White"]),
    ("Last_Visit_At__c", "2026-07-01T00:00:00-04:00", "2026-07-01T04:00:00+00:00"),
    ("Notes__c", " one\r\ntwo ", "one\ntwo"),
]


@pytest.mark.parametrize(("key", "sent", "kept"), STORED)
def test_a_value_is_kept_as_salesforce_stores_it(
    org: Org, student: Entity, key: str, sent: Value, kept: Value
) -> None:
    (result,) = write(org, student, Write("insert", {"Last_Name__c": "Lee", key: sent}))
    assert code(result) is None
    assert [stored(student.fields[key], value) for value in values(org, student, result.id, key)] == [kept]


def test_empty_values_overwrite(org: Org, student: Entity) -> None:
    full: dict[str, Value] = {
        "First_Name__c": "A",
        "Birthdate__c": "2001-02-03",
        "GPA__c": 3.5,
        "Race__c": ["Asian"],
        "Gender__c": "Female",
    }
    there = org.create(student.name, {"Last_Name__c": "Lee", "Email__c": "a@example.edu", **full})
    write(org, student, Write("update", dict.fromkeys(full), there))
    assert values(org, student, there, *full, "Email__c") == [None] * 5 + ["a@example.edu"]


def test_a_write_moves_the_stamp_even_when_it_changes_nothing(org: Org, contact: Entity) -> None:
    there = org.create("Contact", {"LastName": "Lee"})
    org.advance(100)
    since = now(org, contact)
    write(org, contact, Write("update", {"LastName": "Lee"}, there))
    assert [record.id for record in changed(org, contact, since)] == [there]


def test_an_update_tells_what_it_overwrote_and_a_creation_nothing(org: Org, contact: Entity) -> None:
    there = org.create("Contact", {"LastName": "Lee", "FirstName": "Old", "Email": "a@x.edu"})
    update, created = write(
        org,
        contact,
        Write("update", {"FirstName": "New", "Email": None, "Phone": "1"}, there),
        insert(Element451_ID__c="a"),
    )
    assert update.before == {"FirstName": "Old", "Email": "a@x.edu", "Phone": None}
    assert created.before is None


def test_after_a_lost_reply_nobody_knows_what_was_overwritten(org: Org, contact: Entity) -> None:
    there = org.create("Contact", {"LastName": "Lee", "FirstName": "Old"})
    org.lose_reply()
    (update,) = write(org, contact, Write("update", {"FirstName": "New"}, there))
    assert (update.refusal, update.before) == (None, None)
