"""What an update overwrites is read in the same call, ahead of it (rule 16)."""

from pathlib import Path
from typing import Any

import pytest

from syncer.connectors.protocol import Write
from tests.connectors.salesforce.composite_org import (
    LOCKED,
    Item,
    Org,
    id_of,
    inserts,
    number_of,
    updates,
    write,
)
from tests.connectors.salesforce.sandbox_client import client_of
from tests.connectors.salesforce.scripted_server import HTML, Reply
from tests.support.sandbox import RunningSandbox


def rows(count: int, **values: Any) -> dict[str, Item]:
    return {id_of(n): {"Id": id_of(n), "LastName": f"old {n}", **values} for n in range(count)}


def test_the_targets_of_a_calls_updates_are_read_in_one_subrequest_ahead_of_them(tmp_path: Path) -> None:
    org = Org(held=rows(900, Key__c=None))
    results = write(org, tmp_path, updates(900))
    assert [result.before for result in results] == [{"LastName": f"old {n}"} for n in range(900)]
    assert [len(reading["body"]["ids"]) for reading in org.readings] == [800, 100]
    assert [reading["body"]["fields"] for reading in org.readings] == [["Id", "LastName"]] * 2
    assert all(reading["url"].endswith("/composite/sobjects/Contact") for reading in org.readings)


def test_creations_are_read_ahead_by_nobody(tmp_path: Path) -> None:
    org = Org()
    assert [result.before for result in write(org, tmp_path, inserts(900))] == [None] * 900
    assert (org.readings, len(org.composites)) == ([], 1)


def test_of_each_record_only_what_is_written_counts(tmp_path: Path) -> None:
    org = Org(held=rows(2, Key__c="k"))
    one, other = write(
        org,
        tmp_path,
        [
            Write("update", {"LastName": "n0"}, id_of(0)),
            Write("update", {"LastName": "n1", "Key__c": "x"}, id_of(1)),
        ],
    )
    assert (one.before, other.before) == ({"LastName": "old 0"}, {"LastName": "old 1", "Key__c": "k"})


@pytest.mark.parametrize(
    "answer",
    [
        {"httpStatusCode": 400, "body": [{"errorCode": "INVALID_FIELD", "message": "no"}]},
        {"body": None},
        {"body": HTML},
    ],
)
def test_a_reading_that_fails_leaves_the_former_values_unknown_and_the_writes_their_results(
    tmp_path: Path, answer: Item
) -> None:
    (result,) = write(Org(held=rows(1), reading=lambda request: answer), tmp_path, updates(1))
    assert (result.refusal, result.before) == (None, None)


def test_a_record_that_is_missing_from_the_reading_is_written_all_the_same(tmp_path: Path) -> None:
    missing, there = write(Org(held={id_of(1): rows(2)[id_of(1)]}), tmp_path, updates(2))
    assert (missing.refusal, missing.before, there.before) == (None, None, {"LastName": "old 1"})


def test_after_a_lost_reply_what_is_read_may_be_our_own_and_counts_for_nothing(tmp_path: Path) -> None:
    org = Org(held=rows(1), call=lambda number: Reply(cut=True) if number == 1 else None)
    (result,) = write(org, tmp_path, updates(1))
    assert (result.uncertain, result.before) == (True, None)


def test_a_part_that_may_have_been_carried_out_is_not_believed_at_its_repetition(tmp_path: Path) -> None:
    down = iter([True])
    org = Org(
        held=rows(1),
        part=lambda request: {"httpStatusCode": 502, "body": HTML} if next(down, False) else None,
    )
    (result,) = write(org, tmp_path, updates(1))
    assert (result.uncertain, result.before) == (True, None)


def test_a_record_that_was_in_use_is_read_again_with_its_next_try(tmp_path: Path) -> None:
    tries = iter([True])
    org = Org(held=rows(1))

    def judge(action: str, record: Item) -> Item | None:
        if not next(tries, False):
            return None
        org.held[id_of(number_of(record))]["LastName"] = "by hand"
        return {"success": False, "errors": [LOCKED]}

    org.judge = judge
    (result,) = write(org, tmp_path, updates(1))
    assert (result.refusal, result.before) == (None, {"LastName": "by hand"})


def test_what_somebody_entered_right_before_our_write_is_what_was_overwritten(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    client = client_of(sandbox, tmp_path)
    person = sandbox.create("Contact", FirstName="Ann", LastName="Lee")
    contact = client.describe("Contact")
    sandbox.meanwhile(kind="write", system="salesforce").edit("Contact", person, FirstName="Human")
    (result,) = client.write(contact, [Write("update", {"FirstName": "Anna"}, person)], "Element451_ID__c")
    assert (result.refusal, result.before) == (None, {"FirstName": "Human"})
