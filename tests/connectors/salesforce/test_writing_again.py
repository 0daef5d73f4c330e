"""What of a batch is sent again: what passes in a moment, and the innocent without their neighbours."""

from pathlib import Path

from syncer.core.error_codes.entry import Cause
from tests.connectors.salesforce.composite_org import (
    LOCKED,
    Item,
    Org,
    codes,
    failed,
    inserts,
    number_of,
    sizes,
    updates,
    write,
)
from tests.connectors.salesforce.scripted_server import HTML


def test_locked_records_alone_are_sent_again_in_halves_until_they_pass(tmp_path: Path) -> None:
    tries: dict[int, int] = {}

    def judge(action: str, record: Item) -> Item | None:
        number = number_of(record)
        tries[number] = tries.get(number, 0) + 1
        return {"success": False, "errors": [LOCKED]} if number < 40 and tries[number] < 3 else None

    org = Org(judge)
    assert not any(codes(write(org, tmp_path, updates(200))))
    assert sizes(org) == [[200], [20, 20], [10, 10, 10, 10]]


def test_records_that_stay_locked_wait_for_the_next_run(tmp_path: Path) -> None:
    org = Org(
        lambda action, record: {"success": False, "errors": [LOCKED]} if number_of(record) == 3 else None
    )
    results = write(org, tmp_path, updates(10))
    assert codes(results) == ["UNABLE_TO_LOCK_ROW" if number == 3 else "" for number in range(10)]
    refusal = results[3].refusal
    assert refusal is not None
    assert refusal.cause is Cause.PASSING
    assert "next run" in refusal.sentence
    assert sizes(org) == [[10], [1], [1], [1]]


def test_a_trigger_that_met_a_lock_is_tried_again_but_no_other_trigger_error(tmp_path: Path) -> None:
    wrapped = failed(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "MyTrigger: System.DmlException: UNABLE_TO_LOCK_ROW, unable to obtain",
    )
    other = failed("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "MyTrigger: System.NullPointerException")
    org = Org(lambda action, record: wrapped if number_of(record) == 0 else other)
    results = write(org, tmp_path, updates(2))
    assert [result.refusal.cause if result.refusal else None for result in results] == [
        Cause.PASSING,
        Cause.LASTING,
    ]
    assert sizes(org) == [[2], [1], [1], [1]]


def test_a_part_that_is_unavailable_is_sent_again_without_the_others(tmp_path: Path) -> None:
    down = iter([True])
    unavailable = {
        "httpStatusCode": 503,
        "body": [{"errorCode": "SERVER_UNAVAILABLE", "message": "Server temporarily unavailable"}],
    }
    org = Org(
        part=lambda request: unavailable if request["referenceId"] == "p1" and next(down, False) else None
    )
    assert not any(codes(write(org, tmp_path, updates(600))))
    assert sizes(org) == [[200, 200, 200], [100, 100]]


def test_a_part_whose_outcome_is_unknown_is_repeated_and_marked_uncertain(tmp_path: Path) -> None:
    down = iter([True])
    org = Org(part=lambda request: {"httpStatusCode": 502, "body": HTML} if next(down, False) else None)
    results = write(org, tmp_path, inserts(4))
    assert [(result.created, result.uncertain) for result in results] == [(True, True)] * 4


def test_one_record_that_makes_salesforce_refuse_its_whole_part_is_singled_out(tmp_path: Path) -> None:
    def part(request: Item) -> Item | None:
        if not any(number_of(record) == 77 for record in request["body"]["records"]):
            return None
        return {
            "httpStatusCode": 400,
            "body": [{"errorCode": "JSON_PARSER_ERROR", "message": "Cannot deserialize instance of boolean"}],
        }

    results = write(Org(part=part), tmp_path, updates(200))
    assert codes(results) == ["JSON_PARSER_ERROR" if number == 77 else "" for number in range(200)]


def test_a_part_that_is_refused_for_all_its_records_names_each_of_them(tmp_path: Path) -> None:
    refusal = {"httpStatusCode": 400, "body": [{"errorCode": "JSON_PARSER_ERROR", "message": "no"}]}
    org = Org(part=lambda request: refusal)
    assert set(codes(write(org, tmp_path, updates(40)))) == {"JSON_PARSER_ERROR"}
