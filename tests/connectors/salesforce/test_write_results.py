"""What the responses to a write say of each record."""

from pathlib import Path

import pytest

from syncer.connectors.errors import FieldRefused
from syncer.connectors.protocol import Write
from syncer.core.error_codes.entry import Cause
from syncer.core.fields import Entity
from tests.connectors.salesforce.composite_org import (
    CONTACT,
    Item,
    Org,
    a_field,
    client_of,
    codes,
    failed,
    id_of,
    inserts,
    number_of,
    updates,
    write,
)


def test_a_hidden_field_is_named_in_each_records_refusal(tmp_path: Path) -> None:
    body = [
        {
            "errorCode": "INVALID_FIELD",
            "message": "No such column 'X__c' on sobject of type Contact",
            "fields": ["X__c"],
        }
    ]
    org = Org(part=lambda request: {"httpStatusCode": 400, "body": body})
    results = write(org, tmp_path, updates(3))
    assert len(org.composites) == 1
    refusal = results[2].refusal
    assert refusal is not None
    assert (refusal.code, refusal.cause, refusal.fields) == ("INVALID_FIELD", Cause.LASTING, ("X__c",))
    assert "X__c" in refusal.sentence


@pytest.mark.parametrize(
    "part",
    [
        {"body": [{"id": id_of(0), "success": True, "errors": []}]},
        {"body": [{"id": id_of(number), "success": True, "errors": []} for number in range(4)]},
        {"body": None},
        {"body": {"id": id_of(0)}},
        {"body": ["?", None, 7]},
        {"body": [{}, {"success": "yes"}, {"success": False, "errors": []}]},
        {"body": [{"id": id_of(number + 1), "success": True, "errors": []} for number in range(3)]},
        {"referenceId": "another"},
    ],
    ids=repr,
)
def test_an_answer_that_does_not_fit_the_records_is_never_matched_by_place(
    tmp_path: Path, part: Item
) -> None:
    results = write(Org(part=lambda request: part), tmp_path, updates(3))
    assert codes(results) == ["UNEXPECTED_ANSWER"] * 3
    assert all(
        result.uncertain and result.refusal and result.refusal.cause is Cause.PASSING for result in results
    )


def test_a_creation_that_was_made_already_names_the_record(tmp_path: Path) -> None:
    def judge(action: str, record: Item) -> Item | None:
        texts = {
            0: "duplicate value found: Key__c duplicates value on record with id: 003000000000777",
            1: "duplicate value found: <unknown> duplicates value on record with id: <unknown>",
            2: "duplicate value found: Other__c duplicates value on record with id: 003000000000777",
        }
        return failed("DUPLICATE_VALUE", texts[number_of(record)])

    results = write(Org(judge), tmp_path, inserts(3))
    assert [(result.existing, result.id) for result in results] == [
        (True, "003000000000777AAA"),
        (True, None),
        (False, None),
    ]
    assert codes(results) == ["DUPLICATE_VALUE"] * 3
    assert results[2].refusal is not None
    assert "Other__c" in results[2].refusal.sentence


def test_an_update_with_a_taken_id_is_refused_and_not_taken_for_a_creation(tmp_path: Path) -> None:
    text = "duplicate value found: Key__c duplicates value on record with id: 003000000000777"
    (result,) = write(Org(lambda action, record: failed("DUPLICATE_VALUE", text)), tmp_path, updates(1))
    assert (result.existing, result.id) == (False, id_of(0))
    assert result.refusal is not None
    assert (
        result.refusal.sentence
        == "Another Salesforce record already has this value of Key, which must be unique."
    )


@pytest.mark.parametrize("code", ["ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"])
def test_an_update_of_a_record_that_is_gone_says_so(tmp_path: Path, code: str) -> None:
    org = Org(lambda action, record: failed(code, "entity is deleted"))
    (result,) = write(org, tmp_path, updates(1))
    assert (result.deleted, codes([result])) == (True, [code])


def test_a_lookup_that_is_gone_is_not_taken_for_the_record_itself(tmp_path: Path) -> None:
    org = Org(
        lambda action, record: failed("ENTITY_IS_DELETED", "entity is deleted"), rows=[{"Id": id_of(0)}]
    )
    with_lookup = [
        *updates(2, Account__c="001000000000001AAA"),
        Write("insert", {"LastName": "n5", "Account__c": "001000000000001AAA"}),
    ]
    live, gone, created = write(org, tmp_path, with_lookup)
    assert [result.deleted for result in (live, gone, created)] == [False, True, False]
    assert live.refusal is not None
    assert "refers to" in live.refusal.sentence
    assert created.refusal is not None
    assert "refers to" in created.refusal.sentence
    named = Org(
        lambda action, record: failed(
            "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", "Account__c"
        )
    )
    assert not write(named, tmp_path, with_lookup[:1])[0].deleted


def test_an_upsert_of_a_deleted_record_says_so_and_names_it(tmp_path: Path) -> None:
    entity = Entity("Talk__c", "Talk", {**CONTACT.fields, "IsDeleted": a_field("IsDeleted", "boolean")})
    rows = [
        {"Id": id_of(1), "Key__c": "K1", "IsDeleted": True},
        {"Id": id_of(2), "Key__c": "k2", "IsDeleted": False},
    ]
    org = Org(lambda action, record: failed("ENTITY_IS_DELETED", "entity is deleted"), rows=rows)
    writes = [
        Write("upsert", {"LastName": f"n{n}", "Key__c": f"k{n}", "Account__c": "001000000000001AAA"})
        for n in (1, 2)
    ]
    with client_of(org, tmp_path) as client:
        results = client.write(entity, writes, "Key__c")
    assert [(result.deleted, result.id) for result in results] == [(True, id_of(1)), (False, id_of(2))]


def test_nothing_to_write_sends_nothing(tmp_path: Path) -> None:
    org = Org()
    assert write(org, tmp_path, []) == []
    assert not org.composites


def test_an_upsert_needs_the_field_that_holds_our_id(tmp_path: Path) -> None:
    with client_of(Org(), tmp_path) as client, pytest.raises(FieldRefused):
        client.write(CONTACT, [Write("upsert", {"LastName": "n1"})])


def test_an_object_or_id_field_that_vanished_is_not_taken_for_deleted_records(tmp_path: Path) -> None:
    missing = [
        {
            "errorCode": "NOT_FOUND",
            "message": "Provided external ID field does not exist or is not accessible: Key__c",
        }
    ]
    org = Org(part=lambda request: {"httpStatusCode": 404, "body": missing})
    for writes in (updates(2), [Write("upsert", {"LastName": "n1", "Key__c": "k1"})]):
        results = write(org, tmp_path, writes)
        assert codes(results) == ["NOT_FOUND"] * len(writes)
        assert not any(result.deleted for result in results)
        assert "a field or an object" in str(results[0].refusal)
