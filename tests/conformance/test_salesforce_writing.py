"""What every Salesforce org does when it is written to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncer.connectors.errors import Result, Unreachable
from syncer.connectors.protocol import Write
from syncer.core.error_codes.entry import Cause
from syncer.core.fields import Entity
from syncer.core.records import State, Value
from syncer.core.values import stored
from tests.conformance.orgs import Org, fields
from tests.conformance.test_salesforce_reading import VALUES, changed, now, only

KEY = "Element451_ID__c"
TALK = "Conversation_ID__c"


def write(org: Org, entity: Entity, *writes: Write) -> list[Result]:
    return org.api.write(entity, writes, TALK if entity.name == "E451_Conversation__c" else KEY)


def insert(**values: Value) -> Write:
    return Write("insert", {"LastName": "Lee", **values})


def code(result: Result) -> str | None:
    return result.refusal.code if result.refusal else None


def cause(result: Result) -> Cause | None:
    return result.refusal.cause if result.refusal else None


def values(org: Org, entity: Entity, record_id: str | None, *keys: str) -> list[Value]:
    record = only(org.api.read(entity, [record_id or ""], fields(entity, *keys)))
    assert record.state is State.LIVE
    return [record.values[key] for key in keys]


def everyone(org: Org, entity: Entity) -> list[str]:
    return [record.id for record in changed(org, entity) if record.state is State.LIVE]


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


def only_result(results: list[Result]) -> Result:
    (result,) = results
    return result


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


@pytest.mark.parametrize(("key", "value", "why"), REFUSED)
def test_a_value_that_the_org_refuses_stops_its_record_only(
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
    assert [code(refused), code(done), code(updated)] == [why, None, why]
    assert [cause(refused), cause(updated)] == [Cause.LASTING] * 2
    assert [refused.deleted, refused.existing, updated.deleted] == [False] * 3
    assert sorted(everyone(org, student)) == sorted([there, str(done.id)])
    assert values(org, student, there, "First_Name__c") == ["Old"]


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


def test_a_lost_reply_makes_no_second_record(org: Org, contact: Entity, talk: Entity) -> None:
    org.lose_reply()
    results = write(org, contact, *(insert(Element451_ID__c=f"{number}") for number in range(3)))
    assert [(result.existing, result.uncertain, code(result)) for result in results] == [
        (True, True, "DUPLICATE_VALUE")
    ] * 3
    assert sorted(everyone(org, contact)) == sorted(str(result.id) for result in results)
    org.lose_reply()
    (update,) = write(org, contact, Write("update", {"FirstName": "New"}, results[0].id))
    assert (code(update), update.uncertain) == (None, True)
    assert values(org, contact, results[0].id, "FirstName") == ["New"]
    org.lose_reply()
    (upsert,) = write(org, talk, Write("upsert", {TALK: "c1"}))
    assert (code(upsert), upsert.uncertain, len(everyone(org, talk))) == (None, True, 1)


def test_an_org_that_does_not_answer_is_unreachable(org: Org, contact: Entity) -> None:
    org.break_down()
    with pytest.raises(Unreachable):
        write(org, contact, insert(Element451_ID__c="a"))
    assert org.written() == []
    assert changed(org, contact) == []


def test_an_automation_may_alter_what_was_written(org: Org, contact: Entity) -> None:
    org.append("Contact", "FirstName", "!")
    (result,) = write(org, contact, insert(FirstName="Ann"))
    assert values(org, contact, result.id, "FirstName") == ["Ann!"]
    org.advance(60)
    since = now(org, contact) - timedelta(seconds=1)
    write(org, contact, Write("update", {"FirstName": "Ann"}, result.id))
    assert only(changed(org, contact, since, "FirstName")).values == {"FirstName": "Ann!"}


def test_what_people_are_changing_just_now_does_not_lose_our_write(org: Org, contact: Entity) -> None:
    there = org.create("Contact", {"LastName": "Lee", "FirstName": "Old"})
    (result,) = write(org, contact, Write("update", {"FirstName": "New"}, there))
    org.edit("Contact", there, {"LastName": "Li"})
    assert code(result) is None
    assert values(org, contact, there, "FirstName", "LastName") == ["New", "Li"]


def test_what_was_written_before_a_breakdown_is_told_and_the_rest_is_left_for_later(
    org: Org, contact: Entity
) -> None:
    org.break_down(midway=True)
    results = write(org, contact, *(insert(Element451_ID__c=f"{number}") for number in range(4500)))
    stopped = org.api.write_fault
    assert isinstance(stopped, Unreachable)
    done = [result for result in results if result.refusal is None]
    assert len(done) == 1000
    assert sorted(org.written()) == sorted(str(result.id) for result in done)
    left = {(result.refusal.cause, result.refusal.code) for result in results if result.refusal}
    assert left == {(Cause.PASSING, stopped.code)}


def test_a_field_that_was_removed_meanwhile_is_refused_and_nothing_is_written(
    org: Org, contact: Entity
) -> None:
    unknown = replace(contact.fields["FirstName"], key="Unknown__c")
    known = replace(contact, fields={**contact.fields, "Unknown__c": unknown})
    results = write(
        org, known, insert(Unknown__c="A", Element451_ID__c="a"), insert(Unknown__c="B", Element451_ID__c="b")
    )
    assert [(code(result), cause(result)) for result in results] == [("INVALID_FIELD", Cause.LASTING)] * 2
    assert org.written() == []
