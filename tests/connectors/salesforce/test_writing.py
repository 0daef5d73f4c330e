"""Writing many records: how they travel, each one's result in order."""

import threading
from pathlib import Path

from syncer.connectors.protocol import Write
from tests.connectors.salesforce.composite_org import (
    Org,
    codes,
    failed,
    id_of,
    number_of,
    sizes,
    updates,
    write,
)


def test_eight_hundred_updates_travel_in_one_call_and_each_gets_its_own_result(tmp_path: Path) -> None:
    org = Org(lambda action, record: failed("STRING_TOO_LONG") if number_of(record) % 7 == 0 else None)
    results = write(org, tmp_path, updates(1_500))
    assert sizes(org) == [[200] * 4, [200, 200, 200, 100]]
    assert [result.id for result in results] == [id_of(number) for number in range(1_500)]
    assert [bool(result.refusal) for result in results] == [number % 7 == 0 for number in range(1_500)]


def test_several_batches_travel_at_once(tmp_path: Path) -> None:
    meeting = threading.Barrier(3)

    def call(number: int) -> None:
        meeting.wait(timeout=10)

    org = Org(call=call)
    assert not any(codes(write(org, tmp_path, updates(2_400), threads=3)))


def test_creations_updates_and_upserts_go_to_their_own_addresses(tmp_path: Path) -> None:
    upsert = Write("upsert", {"LastName": "n9", "Key__c": "k9", "Race__c": ["Asian", "White"], "Title": None})
    org = Org()
    results = write(org, tmp_path, [upsert, *updates(1), Write("insert", {"LastName": "n5", "Key__c": "k5"})])
    requests = org.composites[0]
    base = "/services/data/v66.0/composite/sobjects"
    assert [(request["method"], request["url"]) for request in requests] == [
        ("POST", base),
        ("PATCH", base),
        ("PATCH", f"{base}/Contact/Key__c"),
    ]
    assert all(request["body"]["allOrNone"] is False for request in requests)
    assert requests[2]["body"]["records"] == [
        {
            "attributes": {"type": "Contact"},
            "LastName": "n9",
            "Key__c": "k9",
            "Race__c": "Asian;White",
            "Title": None,
        }
    ]
    assert [(result.id, result.created) for result in results] == [
        (id_of(9), True),
        (id_of(0), False),
        (id_of(5), True),
    ]


def test_the_same_record_twice_is_written_one_after_the_other(tmp_path: Path) -> None:
    org = Org()
    write(org, tmp_path, [*updates(2), Write("update", {"LastName": "n7"}, id=id_of(0)[:15])])
    assert [
        [record["LastName"] for record in composite[0]["body"]["records"]] for composite in org.composites
    ] == [
        ["n0", "n1"],
        ["n7"],
    ]
