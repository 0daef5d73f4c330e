"""Reading what changed: nothing is lost and nothing loops, whatever happens to a query on its way."""

import threading
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syncer.connectors.errors import Fault, FieldRefused, NotAllowed, Unexpected, Unreachable
from syncer.connectors.protocol import Page
from syncer.core.fields import Entity
from syncer.core.records import RecordState
from tests.connectors.salesforce.changing_org import (
    ALL,
    CONTACT,
    NAME,
    NOW,
    Row,
    Table,
    a_field,
    id_of,
    reading,
    rows_of,
    stamp,
)
from tests.connectors.salesforce.scripted_server import Asked, Reply


def pages(
    table: Table, tmp_path: Path, since: datetime | None = None, cursor: str | None = None
) -> list[Page]:
    with reading(table, tmp_path) as client:
        return list(client.changed(CONTACT, [NAME], since, cursor))


def names(read: list[Page]) -> list[str]:
    return [str(record.values["LastName"]) for page in read for record in page.records]


def expected(count: int) -> list[str]:
    return [f"n{number}" for number in range(count)]


LOST = [
    Reply([{"errorCode": "INVALID_QUERY_LOCATOR", "message": "invalid query locator"}], 400),
    Reply([{"errorCode": "INSUFFICIENT_ACCESS", "message": "insufficient access rights"}], 403),
    Reply([{"errorCode": "NOT_FOUND", "message": "x"}], 404),
    Reply({"records": None}),
]
"""What an org answers to a locator that it does not serve (any more)."""


def lost(asked: Asked) -> Reply | None:
    return LOST[0] if "/query/" in asked.path else None


def times_out(unless: str) -> Callable[[Asked], Reply | None]:
    timeout = [{"errorCode": "QUERY_TIMEOUT", "message": "Your query request was running for too long."}]
    return lambda asked: None if asked.query.get("q", unless).endswith(unless) else Reply(timeout, 400)


def test_all_pages_come_in_order_and_tell_the_servers_time(tmp_path: Path) -> None:
    table = Table(rows_of(8))
    read = pages(table, tmp_path)
    assert names(read) == expected(8)
    assert [len(page.records) for page in read] == [3, 3, 2]
    assert {page.server_time for page in read} <= {NOW, NOW - timedelta(seconds=1)}
    assert table.statements == [
        (
            "SELECT Id,SystemModstamp,IsDeleted,MasterRecordId,AccountId,LastName FROM Contact ORDER BY"
            " SystemModstamp, Id"
        ),
    ]


def test_only_what_changed_since_then_comes_and_the_same_second_is_included(tmp_path: Path) -> None:
    since = NOW - timedelta(hours=1) + timedelta(seconds=3)
    assert names(pages(Table(rows_of(8)), tmp_path, since)) == expected(8)[3:]


def test_nothing_changed_gives_one_empty_page_for_the_time(tmp_path: Path) -> None:
    table = Table([])
    (page,) = pages(table, tmp_path, NOW, "2026-11-23T11:00:00+00:00 003000000000007AAA")
    assert (page.records, page.cursor) == ([], "2026-11-23T11:00:00+00:00 003000000000007AAA")
    assert len(table.calls) == 1


def test_deleted_and_merged_records_come_too(tmp_path: Path) -> None:
    rows = rows_of(4)
    rows[1]["IsDeleted"] = rows[2]["IsDeleted"] = True
    rows[2]["MasterRecordId"] = id_of(3)[:15]
    rows[3]["AccountId"] = "001000000000001AAA"
    records = [record for page in pages(Table(rows), tmp_path) for record in page.records]
    assert [record.state for record in records] == [
        RecordState.LIVE,
        RecordState.DELETED,
        RecordState.MERGED,
        RecordState.LIVE,
    ]
    assert records[2].merged_into == id_of(3)
    assert records[3].account == "001000000000001AAA"


@pytest.mark.parametrize("page", [1, 7, 100])
def test_thousands_of_records_of_one_second_are_read_once_each_from_any_page_on(
    tmp_path: Path, page: int
) -> None:
    count = 60 if page == 1 else 2_500
    table = Table(rows_of(count, apart=0), page=page)
    read = pages(table, tmp_path)
    assert names(read) == expected(count)
    middle = read[len(read) // 2]
    rest = pages(table, tmp_path, None, middle.cursor)
    assert names(rest) == expected(count)[(len(read) // 2 + 1) * page :]


@pytest.mark.parametrize("reply", LOST, ids=repr)
def test_a_lost_locator_is_gone_on_from_without_losing_or_repeating(tmp_path: Path, reply: Reply) -> None:
    table = Table(rows_of(10, apart=0), before=lambda asked: reply if "/query/" in asked.path else None)
    assert names(pages(table, tmp_path)) == expected(10)
    assert len(table.statements) == 4


def test_what_the_query_behind_a_lost_locator_answers_counts(tmp_path: Path) -> None:
    forbidden = Reply([{"errorCode": "INSUFFICIENT_ACCESS", "message": "x"}], 403)
    table = Table(rows_of(10))
    table.before = lambda asked: forbidden if table.calls[1:] else None
    with pytest.raises(NotAllowed):
        pages(table, tmp_path)
    assert len(table.calls) == 3


@pytest.mark.parametrize("replaced", [None, {"LastName": "x"}, {"Id": None, "LastName": "x"}, 7])
def test_a_row_that_names_no_record_is_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaced: object
) -> None:
    table = Table(rows_of(8))
    cut = table._page

    def spoiled(name: str, at: int) -> Row:
        page = cut(name, at)
        return {**page, "records": [replaced if row["Id"] == id_of(4) else row for row in page["records"]]}

    monkeypatch.setattr(table, "_page", spoiled)
    with reading(table, tmp_path) as client:
        read = list(client.changed(CONTACT, [NAME], None, None))
        assert names(read) == [name for name in expected(8) if name != "n4"]
        assert client.skipped == 1
        assert len(client.read(CONTACT, [id_of(3), id_of(4)], [NAME])) == 1
        assert client.skipped == 2


def test_a_query_that_ends_before_its_total_is_gone_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Table(rows_of(7))
    cut = table._page

    def short(name: str, at: int) -> Row:
        page = cut(name, at)
        page.pop("nextRecordsUrl", None)
        return {**page, "done": at == 0}

    monkeypatch.setattr(table, "_page", short)
    assert names(pages(table, tmp_path)) == expected(7)


def test_empty_pages_on_the_way_lose_nothing(tmp_path: Path) -> None:
    empty = {
        "totalSize": 4,
        "done": False,
        "nextRecordsUrl": "/services/data/v66.0/query/01g0-3",
        "records": [],
    }
    table = Table(rows_of(4), before=lambda asked: Reply(empty) if "/query/" in asked.path else None)
    assert names(pages(table, tmp_path)) == expected(4)


def test_a_query_that_takes_too_long_is_asked_for_less(tmp_path: Path) -> None:
    table = Table(rows_of(450), page=2000, before=times_out(" LIMIT 200"))
    assert names(pages(table, tmp_path)) == expected(450)
    assert all(statement.endswith(" LIMIT 200") for statement in table.statements)
    assert len(table.statements) == 3
    with pytest.raises(Unreachable) as raised:
        pages(Table(rows_of(4), before=times_out("never")), tmp_path)
    assert raised.value.code == "QUERY_TIMEOUT"


def test_a_next_page_that_takes_too_long_is_gone_on_from(tmp_path: Path) -> None:
    slow = [{"errorCode": "QUERY_TIMEOUT", "message": "Your query request was running for too long."}]
    table = Table(rows_of(8), before=lambda asked: Reply(slow, 400) if "/query/" in asked.path else None)
    assert names(pages(table, tmp_path)) == expected(8)


def test_a_record_that_changes_while_its_page_waits_does_not_lead_past_others(tmp_path: Path) -> None:
    """The order is fixed at the start; a later page shows the newer stamp of a record that changed meanwhile
    (A5.2)."""
    table = Table(rows_of(9))

    def before(asked: Asked) -> Reply | None:
        if asked.path.endswith("-3"):
            table.rows[5]["SystemModstamp"] = stamp(NOW + timedelta(seconds=2))
        return lost(asked) if asked.path.endswith("-6") else None

    table.before = before
    read = pages(table, tmp_path)
    assert set(names(read)) == set(expected(9))
    assert read[1].cursor.endswith(id_of(4))


def test_a_next_page_that_is_always_the_same_is_not_followed_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Table(rows_of(8))
    cut = table._page

    def same(name: str, at: int) -> Row:
        page = cut(name, at)
        return (
            {**page, "done": False, "nextRecordsUrl": f"/services/data/v66.0/query/{name}-3"}
            if at < 6
            else page
        )

    monkeypatch.setattr(table, "_page", same)
    assert names(pages(table, tmp_path)) == expected(8)
    with reading(table, tmp_path) as client:
        found = client.read(CONTACT, [id_of(number) for number in range(8)], [NAME])
    assert sorted(record.id for record in found) == [id_of(number) for number in range(8)]


def test_an_org_that_never_comes_to_an_end_is_not_followed_for_ever(tmp_path: Path) -> None:
    table = Table(rows_of(3))
    endless = {"totalSize": 99, "done": True, "records": table.rows}
    table.before = lambda asked: Reply(endless)
    with pytest.raises(Unexpected):
        pages(table, tmp_path)
    assert len(table.calls) < 10


@pytest.mark.parametrize(
    "body",
    [{}, [], {"records": None}, {"records": {"Id": id_of(1)}}],
    ids=repr,
)
def test_an_answer_that_is_no_page_is_not_concluded_from(tmp_path: Path, body: object) -> None:
    with pytest.raises(Unexpected):
        pages(Table([], before=lambda asked: Reply(body)), tmp_path)


def test_more_fields_than_fit_into_an_address_are_read_by_id(tmp_path: Path) -> None:
    many = [a_field(f"A_rather_long_name_of_a_field_{number:04d}__c") for number in range(600)]
    entity = Entity("Contact", "Contact", {one.key: one for one in [*ALL, *many]})
    rows = [{**row, **{one.key: f"{one.key} of {row['Id']}" for one in many}} for row in rows_of(5)]
    rows[4]["IsDeleted"] = True
    table = Table(rows)
    with reading(table, tmp_path) as client:
        records = [
            record for page in client.changed(entity, [NAME, *many], None, None) for record in page.records
        ]
        assert all(len(record.values) == 601 for record in records[:4])
        assert records[0].values[many[-1].key] == f"{many[-1].key} of {id_of(0)}"
        assert many[0].key in records[4].values
        assert many[-1].key not in records[4].values, (
            "what could not be read of a deleted record is unknown, not empty"
        )
        assert len(client.read(entity, [id_of(1)], many)[0].values) == 600
    assert all(len(path) < 16_384 for path in table.calls)


def test_the_next_page_is_fetched_while_the_current_one_is_handled(tmp_path: Path) -> None:
    fetched = threading.Event()
    table = Table(rows_of(9), before=lambda asked: fetched.set() if "/query/" in asked.path else None)
    with reading(table, tmp_path) as client:
        read = client.changed(CONTACT, [NAME], None, None)
        assert isinstance(read, Generator)
        next(read)
        assert fetched.wait(timeout=10)
        read.close()
    assert len(table.calls) == 2


def test_a_field_that_vanished_says_that_the_catalogue_must_be_read_again(tmp_path: Path) -> None:
    text = (
        "\nSELECT Id,X__c FROM Contact\n ^\nERROR at Row:1:Column:21\nNo such column 'X__c' on entity"
        " 'Contact'."
    )
    table = Table([], before=lambda asked: Reply([{"errorCode": "INVALID_FIELD", "message": text}], 400))
    with pytest.raises(FieldRefused) as raised:
        pages(table, tmp_path)
    fault: Fault = raised.value
    assert "No such column 'X__c'" in fault.detail
