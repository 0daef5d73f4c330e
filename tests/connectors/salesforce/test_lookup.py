"""Reading named records: by their ids, or by a field that holds one of many values, in few calls."""

from pathlib import Path

import pytest

from syncer.connectors.errors import FieldRefused
from syncer.core.records import RecordState
from tests.connectors.salesforce.changing_org import (
    CONTACT,
    KEY,
    NAME,
    Table,
    a_field,
    id_of,
    reading,
    rows_of,
)
from tests.connectors.salesforce.scripted_server import Asked, Reply


def test_many_ids_are_read_in_few_calls_deleted_ones_too_and_missing_ones_left_out(tmp_path: Path) -> None:
    rows = rows_of(3_000)
    rows[10]["IsDeleted"] = True
    table = Table(rows, page=2000)
    with reading(table, tmp_path) as client:
        records = client.read(
            CONTACT, [*(id_of(number)[:15] for number in range(3_000)), id_of(9_999), id_of(1)], [NAME]
        )
        assert sorted(record.id for record in records) == [id_of(number) for number in range(3_000)]
        assert next(record for record in records if record.id == id_of(10)).state is RecordState.DELETED
        assert client.calls == 2


@pytest.mark.parametrize(("code", "status"), [("INVALID_QUERY_LOCATOR", 400), ("INSUFFICIENT_ACCESS", 403)])
def test_a_locator_that_dies_with_its_session_loses_no_record(tmp_path: Path, code: str, status: int) -> None:
    lost = Reply([{"errorCode": code, "message": "x"}], status)
    table = Table(rows_of(10), before=lambda asked: lost if "/query/" in asked.path else None)
    with reading(table, tmp_path) as client:
        found = client.read(CONTACT, [id_of(number) for number in range(10)], [NAME])
    assert sorted(record.id for record in found) == [id_of(number) for number in range(10)]
    assert len(table.statements) == 4


def test_what_is_no_id_is_not_asked_for(tmp_path: Path) -> None:
    table = Table(rows_of(1))
    with reading(table, tmp_path) as client:
        assert (
            client.read(CONTACT, ["", "x", "../../oauth2", "003' OR Id != '1", "003é00000000001AAA"], [NAME])
            == []
        )
    assert not table.calls


def test_a_mistyped_id_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    refusal = Reply(
        [{"errorCode": "INVALID_QUERY_FILTER_OPERATOR", "message": "invalid ID field: 003000000000001ZZZ"}],
        400,
    )
    table = Table(rows_of(3), before=lambda asked: refusal if "ZZZ" in asked.query["q"] else None)
    with reading(table, tmp_path) as client:
        assert [
            record.id for record in client.read(CONTACT, [id_of(0), "003000000000001ZZZ", id_of(2)], [NAME])
        ] == [id_of(0), id_of(2)]


def test_records_are_found_by_many_values_of_a_field_in_few_calls(tmp_path: Path) -> None:
    rows = [{**row, "Key__c": f"5f{number:022d}"} for number, row in enumerate(rows_of(3_000))]
    table = Table(rows, page=2000)
    with reading(table, tmp_path) as client:
        found = client.find(CONTACT, KEY, [str(row["Key__c"]) for row in rows] + ["unknown"], [KEY])
        assert len(found) == 3_000
        assert client.calls <= 2


def test_a_part_of_a_search_that_fails_is_asked_for_again_by_itself(tmp_path: Path) -> None:
    rows = [{**row, "Key__c": f"5f{number:022d}"} for number, row in enumerate(rows_of(1_000))]

    def before(asked: Asked) -> Reply | None:
        if not asked.path.endswith("/composite"):
            return None
        down = [{"errorCode": "SERVER_UNAVAILABLE", "message": "x"}]
        return Reply({"compositeResponse": [{"referenceId": "q0", "httpStatusCode": 503, "body": down}]})

    table = Table(rows, page=2000, before=before)
    with reading(table, tmp_path) as client:
        assert len(client.find(CONTACT, KEY, [str(row["Key__c"]) for row in rows], [KEY])) == 1_000


def test_a_search_finds_all_records_that_share_a_value_over_several_pages(tmp_path: Path) -> None:
    table = Table([{**row, "Key__c": "same"} for row in rows_of(10)])
    with reading(table, tmp_path) as client:
        assert len(client.find(CONTACT, KEY, ["same"], [KEY])) == 10


def test_a_field_that_cannot_be_searched_by_is_refused(tmp_path: Path) -> None:
    with reading(Table([]), tmp_path) as client, pytest.raises(FieldRefused):
        client.find(CONTACT, a_field("Description", "textarea", filterable=False), ["x"], [])
    with reading(Table([]), tmp_path) as client, pytest.raises(FieldRefused):
        client.find(CONTACT, a_field("Race__c", "multipicklist"), ["x"], [])
