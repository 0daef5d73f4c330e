"""Rule 22 at Salesforce: a part that is too large, or that one record spoils, is halved down to that record,
and the size that passed is kept."""

from pathlib import Path
from typing import Any

import pytest

from syncer.connectors.errors import LimitReached, Result
from syncer.connectors.protocol import Write
from syncer.connectors.salesforce import SalesforceClient
from syncer.core.error_codes.entry import Cause
from tests.connectors.salesforce.composite_org import (
    CONTACT,
    Item,
    Org,
    codes,
    number_of,
    sizes,
    updates,
    write,
)
from tests.connectors.salesforce.composite_org import client_of as client_of_org
from tests.connectors.salesforce.sandbox_client import client_of
from tests.connectors.salesforce.scripted_server import Reply
from tests.support.sandbox import RunningSandbox

KEY = "Element451_ID__c"
PARSER = {"errorCode": "JSON_PARSER_ERROR", "message": "Cannot deserialize instance of date"}


@pytest.fixture
def client(sandbox: RunningSandbox, tmp_path: Path) -> SalesforceClient:
    return client_of(sandbox, tmp_path)


def inserts(numbers: range, **values: Any) -> list[Write]:
    return [Write("insert", {"LastName": f"n{n}", KEY: f"{n:024x}", **values}) for n in numbers]


def send(client: SalesforceClient, writes: list[Write]) -> list[Result]:
    return client.write(client.describe("Contact"), writes, KEY)


@pytest.mark.parametrize(
    "code",
    [None, "TXN_SECURITY_METERING_ERROR", "OPERATION_TOO_LARGE", "EXCEEDED_ID_LIMIT"],
)
@pytest.mark.parametrize("operation", ["insert", "update"])
def test_a_part_that_is_too_large_passes_in_smaller_ones_and_the_next_begins_with_their_size(
    sandbox: RunningSandbox, client: SalesforceClient, code: str | None, operation: str
) -> None:
    ids = [result.id for result in send(client, inserts(range(400)))]
    limit = {"object": "Contact", "most": 50, "operation": operation}
    sandbox.options(part_limits=[limit | ({"code": code} if code else {})])

    def again(first: int) -> list[Write]:
        if operation == "insert":
            return inserts(range(first, first + 400))
        return [Write("update", {"Title": f"T{first}"}, id) for id in ids]

    assert not any(codes(send(client, again(1_000))))
    before = client.calls
    assert not any(codes(send(client, again(2_000))))
    # 8 parts of 50 records need two calls, and the description of the object is one.
    assert client.calls - before <= 3


def test_one_record_whose_automation_always_fails_does_not_make_every_part_small(tmp_path: Path) -> None:
    text = "T: execution of AfterUpdate caused by: System.LimitException: Apex CPU time limit exceeded"
    refused = {"statusCode": "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "message": text, "fields": []}

    def part(request: Item) -> Item | None:
        records = request["body"].get("records", [])
        if not any(number_of(record) == 77 for record in records):
            return None
        return {"body": [{"success": False, "errors": [refused]} for _ in records]}

    org = Org(part=part)
    with client_of_org(org, tmp_path) as client:
        results = client.write(CONTACT, updates(200), "Key__c")
        assert [n for n, code in enumerate(codes(results)) if code] == [77]
        assert results[77].refusal is not None
        assert results[77].refusal.cause is Cause.LASTING
        org.composites.clear()
        client.write(CONTACT, updates(50), "Key__c")
        client.write(CONTACT, [*updates(400)[200:]], "Key__c")
    assert max(size for call in sizes(org) for size in call) == 200


@pytest.mark.parametrize("whole", ["part", "call"])
def test_records_that_spoil_their_part_or_call_are_the_only_ones_that_fail(
    sandbox: RunningSandbox, client: SalesforceClient, whole: str
) -> None:
    ids = [str(result.id) for result in send(client, inserts(range(400)))]
    bad = set(ids[5::40] if whole == "call" else ids[5::10])
    for id in bad:
        if whole == "part":
            error = {"statusCode": PARSER["errorCode"], "message": PARSER["message"]}
            sandbox.fault("record", id=id, whole=True, error=error, times=-1)
        else:
            sandbox.fault(
                "status", method="POST", path="/composite$", holds=id, status=400, body=[PARSER], times=-1
            )
    results = send(client, [Write("update", {"Title": "Dean"}, id) for id in ids])
    assert {id for id, code in zip(ids, codes(results), strict=True) if code} == bad
    assert {result.refusal.cause for result in results if result.refusal} == {Cause.LASTING}
    titles = {row["Id"]: row["Title"] for row in sandbox.records("Contact", fields=["Id", "Title"])}
    assert {id for id in ids if titles[id] != "Dean"} == bad


def test_what_could_not_be_tried_any_more_is_passing_and_never_has_its_neighbours_message(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    client = client_of(sandbox, tmp_path, threads=1)
    ids = [str(result.id) for result in send(client, inserts(range(200)))]
    error = {"statusCode": PARSER["errorCode"], "message": PARSER["message"]}
    sandbox.fault("record", id=ids[0], whole=True, error=error, times=-1)
    used = client.usage
    assert used is not None
    sandbox.options(daily_api_limit=used[0] + 4)
    results = send(client, [Write("update", {"Title": "Dean"}, id) for id in ids])
    assert isinstance(client.write_fault, LimitReached)
    refused = {result.refusal.code: result.refusal.cause for result in results if result.refusal}
    assert refused == {"REQUEST_LIMIT_EXCEEDED": Cause.PASSING}
    assert 0 < sum(result.refusal is None for result in results) < 200


def test_a_body_beyond_the_orgs_limit_is_sent_in_smaller_calls(
    sandbox: RunningSandbox, client: SalesforceClient
) -> None:
    sandbox.options(most_request_bytes=300_000)
    results = send(client, inserts(range(40), Description="x" * 30_000))
    assert not any(codes(results))
    assert len(sandbox.records("Contact")) == 40


def test_a_413_is_halved_down_to_the_record_that_is_too_large_alone(
    sandbox: RunningSandbox, client: SalesforceClient
) -> None:
    sandbox.fault("status", method="POST", path="/composite$", longer_than=100_000, status=413, times=-1)
    small, large = (
        inserts(range(5), Description="x" * 30_000),
        inserts(range(9, 10), Description="x" * 120_000),
    )
    results = send(client, [*small[:3], *large, *small[3:]])
    assert codes(results) == ["", "", "", "HTTP 413", "", ""]
    assert results[3].refusal is not None
    assert results[3].refusal.cause is Cause.LASTING


def test_a_call_never_carries_more_than_ten_million_bytes_of_records(tmp_path: Path) -> None:
    org = Org()
    assert not any(codes(write(org, tmp_path, updates(90, Key__c="x" * 500_000))))
    assert sum(size for call in sizes(org) for size in call) == 90
    assert max(sum(call) for call in sizes(org)) < 20


def test_a_single_record_that_the_parser_refuses_in_its_call_fails_for_itself(tmp_path: Path) -> None:
    org = Org(call=lambda number: Reply([PARSER], 400))
    (result,) = write(org, tmp_path, updates(1))
    assert result.refusal is not None
    assert (result.refusal.code, result.refusal.cause) == ("JSON_PARSER_ERROR", Cause.LASTING)
