"""What every Salesforce org refuses, and how it names what is there already."""

import pytest

from syncer.connectors.protocol import Write
from syncer.core.error_codes.entry import Cause
from syncer.core.fields import Entity
from syncer.core.records import Value
from tests.conformance.orgs import Org
from tests.conformance.salesforce_writes import (
    KEY,
    TALK,
    cause,
    code,
    everyone,
    insert,
    only_result,
    values,
    write,
)

REFUSED: list[tuple[str, Value, str]] = [
    ("Last_Name__c", "x" * 81, "STRING_TOO_LONG"),
    ("Last_Name__c", None, "REQUIRED_FIELD_MISSING"),
    ("Email__c", "not an address", "INVALID_EMAIL_ADDRESS"),
    ("Gender__c", "Robot", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
    ("Race__c", ["Asian", "Martian"], "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
    ("SAT_Score__c", 123456, "NUMBER_OUTSIDE_VALID_RANGE"),
    ("Birthdate__c", "tomorrow", "JSON_PARSER_ERROR"),
    ("GPA__c", "good", "JSON_PARSER_ERROR"),
    ("SMS_Opt_In__c", None, "INVALID_TYPE_ON_FIELD_IN_RECORD"),
    ("Full_Name__c", "Ann Lee", "INVALID_FIELD_FOR_INSERT_UPDATE"),
    ("Account__c", "001000000000999", "INVALID_CROSS_REFERENCE_KEY"),
    ("Account__c", "the household", "MALFORMED_ID"),
]


NAMES_NO_FIELD = ("JSON_PARSER_ERROR", "INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID")
"""Codes that spoil a part as a whole, or that are about a lookup: the record fails with them."""


@pytest.mark.parametrize(("key", "value", "why"), REFUSED)
def test_a_value_that_the_org_refuses_stops_its_record_or_only_its_field(
    org: Org, student: Entity, key: str, value: Value, why: str
) -> None:
    there = org.create(student.name, {"Last_Name__c": "Lee", "First_Name__c": "Old"})
    update = Write("update", {"First_Name__c": "New", key: value}, there)
    refused, done, updated = write(
        org,
        student,
        Write("insert", {"Last_Name__c": "Lee", KEY: "a", key: value}),
        Write("insert", {"Last_Name__c": "Lee", KEY: "b"}),
        update,
    )
    assert [code(refused), code(done)] == [why, None]
    assert [refused.deleted, refused.existing, updated.deleted] == [False] * 3
    assert sorted(everyone(org, student)) == sorted([there, str(done.id)])
    if why in NAMES_NO_FIELD:
        assert [cause(refused), code(updated), cause(updated)] == [Cause.LASTING, why, Cause.LASTING]
        assert values(org, student, there, "First_Name__c") == ["Old"]
    else:
        assert updated.left_out is not None
        assert [cause(refused), updated.left_out.code, updated.left_out.fields] == [
            Cause.LASTING,
            why,
            (key,),
        ]
        assert values(org, student, there, "First_Name__c") == ["New"]


def test_a_creation_without_a_required_field_is_refused(org: Org, student: Entity) -> None:
    (result,) = write(org, student, Write("insert", {"First_Name__c": "A"}))
    assert (code(result), cause(result)) == ("REQUIRED_FIELD_MISSING", Cause.LASTING)


def test_a_rule_of_the_org_refuses_with_its_own_words(org: Org, contact: Entity) -> None:
    org.refuse("FirstName", "Forbidden")
    there = org.create("Contact", {"LastName": "Lee"})
    results = write(
        org,
        contact,
        insert(FirstName="Forbidden"),
        insert(FirstName="Allowed"),
        Write("update", {"FirstName": "Forbidden"}, there),
    )
    assert [code(result) for result in results] == [
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        None,
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    ]
    assert results[0].refusal is not None
    assert results[0].refusal.detail == "A rule of the school's own."


def test_a_repeated_creation_names_the_record_that_holds_the_element_id(org: Org, contact: Entity) -> None:
    there = org.create("Contact", {"LastName": "Lee", KEY: "abc"})
    results = write(
        org,
        contact,
        insert(Element451_ID__c="ABC"),
        insert(Element451_ID__c="def"),
        insert(Element451_ID__c="def"),
    )
    assert [(result.existing, result.created, code(result)) for result in results] == [
        (True, False, "DUPLICATE_VALUE"),
        (False, True, None),
        (True, False, "DUPLICATE_VALUE"),
    ]
    assert (results[0].id, results[2].id) == (there, results[1].id)
    assert len(everyone(org, contact)) == 2


def test_an_update_to_somebody_elses_element_id_is_refused(org: Org, contact: Entity) -> None:
    org.create("Contact", {"LastName": "Lee", KEY: "abc"})
    there = org.create("Contact", {"LastName": "Lee"})
    (result,) = write(org, contact, Write("update", {KEY: "abc"}, there))
    assert (code(result), cause(result), result.existing, result.deleted, result.id) == (
        "DUPLICATE_VALUE",
        Cause.LASTING,
        False,
        False,
        there,
    )


def test_the_element_id_of_a_deleted_record_is_free(org: Org, contact: Entity) -> None:
    gone = org.create("Contact", {"LastName": "Lee", KEY: "abc"})
    org.delete("Contact", gone)
    (result,) = write(org, contact, insert(Element451_ID__c="abc"))
    assert (result.created, result.id != gone) == (True, True)


def test_what_is_deleted_merged_or_purged_is_never_updated(org: Org, contact: Entity) -> None:
    binned, purged, winner, loser = (
        org.create("Contact", {"LastName": name}) for name in ("Binned", "Purged", "Winner", "Loser")
    )
    org.delete("Contact", binned)
    org.delete("Contact", purged)
    org.purge("Contact", purged)
    org.merge("Contact", winner, loser)
    results = write(
        org, contact, *(Write("update", {"LastName": "New"}, id) for id in (binned, purged, loser, winner))
    )
    assert [result.deleted for result in results] == [True, True, True, False]
    assert [result.refusal is None for result in results] == [False, False, False, True]
    assert org.written() == [winner]


def test_a_conversation_is_upserted_by_its_id(org: Org, talk: Entity) -> None:
    someone = org.create("Contact", {"LastName": "Lee"})
    first = only_result(
        write(org, talk, Write("upsert", {TALK: "c1", "Subject__c": "Hello", "Contact__c": someone}))
    )
    second, other = write(
        org, talk, Write("upsert", {TALK: "c1", "Subject__c": None}), Write("upsert", {TALK: "c2"})
    )
    assert [(result.created, code(result)) for result in (first, second, other)] == [
        (True, None),
        (False, None),
        (True, None),
    ]
    assert first.id == second.id
    assert values(org, talk, first.id, "Subject__c", "Contact__c", TALK) == [None, someone, "c1"]
    assert len(everyone(org, talk)) == 2


def test_the_last_of_several_upserts_of_a_conversation_counts(org: Org, talk: Entity) -> None:
    results = write(
        org,
        talk,
        *(Write("upsert", {TALK: "c1", "Subject__c": subject}) for subject in ("first", "second", "third")),
    )
    assert [(result.created, code(result)) for result in results] == [
        (True, None),
        (False, None),
        (False, None),
    ]
    assert values(org, talk, results[0].id, "Subject__c") == ["third"]


def test_a_lookup_to_a_deleted_contact_is_refused_but_the_conversation_is_not_taken_for_deleted(
    org: Org, talk: Entity
) -> None:
    gone = org.create("Contact", {"LastName": "Lee"})
    there = org.create(talk.name, {TALK: "c1"})
    org.delete("Contact", gone)
    results = write(
        org,
        talk,
        Write("update", {"Contact__c": gone}, there),
        Write("upsert", {TALK: "c2", "Contact__c": gone}),
    )
    assert [(code(result), cause(result), result.deleted) for result in results] == [
        ("ENTITY_IS_DELETED", Cause.LASTING, False)
    ] * 2
