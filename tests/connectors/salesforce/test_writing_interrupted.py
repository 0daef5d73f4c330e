"""Writing when Salesforce stops answering: what was written keeps its result, and nothing is written
twice."""

from pathlib import Path

import pytest

from syncer.connectors.errors import Fault, LimitReached, NotAllowed, ReconnectNeeded, Unreachable
from syncer.connectors.protocol import Write
from syncer.core.error_codes.entry import Cause
from tests.connectors.salesforce.composite_org import (
    CONTACT,
    Org,
    client_of,
    codes,
    failed,
    id_of,
    inserts,
    updates,
    write,
)
from tests.connectors.salesforce.scripted_server import EXPIRED, HTML, Reply


def test_a_lost_answer_is_repeated_and_its_results_are_marked_uncertain(tmp_path: Path) -> None:
    text = "duplicate value found: Key__c duplicates value on record with id: 003000000000000"
    lost = Org(
        lambda action, record: failed("DUPLICATE_VALUE", text),
        call=lambda number: Reply(cut=True) if number == 1 else None,
    )
    (result,) = write(lost, tmp_path, inserts(1))
    assert (result.existing, result.uncertain, result.id) == (True, True, id_of(0))
    (result,) = write(Org(), tmp_path, inserts(1))
    assert not result.uncertain


def test_a_creation_that_nothing_would_recognise_is_not_repeated_after_a_lost_answer(tmp_path: Path) -> None:
    org = Org(call=lambda number: Reply(cut=True) if number == 1 else None)
    with pytest.raises(Unreachable):
        write(org, tmp_path, [Write("insert", {"LastName": "n1"})])
    assert len(org.composites) == 1
    down = Org(part=lambda request: {"httpStatusCode": 502, "body": HTML})
    (result,) = write(down, tmp_path, [Write("insert", {"LastName": "n1"})])
    assert (result.uncertain, len(down.composites)) == (True, 1)
    refused_first = Org(call=lambda number: Reply("busy", 429) if number == 1 else None)
    assert not codes(write(refused_first, tmp_path, [Write("insert", {"LastName": "n1"})]))[0]


def test_one_pack_that_cannot_be_delivered_leaves_the_others_their_results(tmp_path: Path) -> None:
    org = Org(call=lambda number: Reply(HTML, 503) if number <= 4 else None)
    with client_of(org, tmp_path) as client:
        results = client.write(CONTACT, updates(1_500), "Key__c")
        assert isinstance(client.write_fault, Unreachable)
    assert codes(results) == ["HTTP 503"] * 800 + [""] * 700
    assert results[0].refusal is not None
    assert results[0].refusal.cause is Cause.PASSING
    assert results[0].uncertain


def test_a_salesforce_that_answers_nothing_is_unreachable_and_not_asked_for_every_batch(
    tmp_path: Path,
) -> None:
    org = Org(call=lambda number: Reply(HTML, 503))
    with pytest.raises(Unreachable):
        write(org, tmp_path, updates(20_000))
    assert len(org.composites) == 8


def test_the_daily_limit_in_midway_keeps_the_results_and_tells_what_stopped(tmp_path: Path) -> None:
    limit = Reply([{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}], 403)
    org = Org(call=lambda number: limit if number == 2 else None)
    with client_of(org, tmp_path) as client:
        results = client.write(CONTACT, updates(2_400), "Key__c")
        assert isinstance(client.write_fault, LimitReached)
        assert codes(results) == [""] * 800 + ["REQUEST_LIMIT_EXCEEDED"] * 1_600
        assert all(result.refusal is None or result.refusal.cause is Cause.PASSING for result in results)
        assert len(org.composites) == 2
        assert not any(codes(client.write(CONTACT, updates(1), "Key__c")))
        assert client.write_fault is None


def test_a_sign_in_that_lapses_in_midway_keeps_the_results_and_before_the_first_pack_is_raised(
    tmp_path: Path,
) -> None:
    org = Org(call=lambda number: Reply(EXPIRED, 401) if number >= 2 else None)
    with client_of(org, tmp_path) as client:
        results = client.write(CONTACT, updates(1_600), "Key__c")
        assert isinstance(client.write_fault, ReconnectNeeded)
        assert [bool(code) for code in codes(results)] == [False] * 800 + [True] * 800
        with pytest.raises(ReconnectNeeded):
            client.write(CONTACT, updates(1), "Key__c")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("REQUEST_LIMIT_EXCEEDED", LimitReached),
        ("API_DISABLED_FOR_ORG", NotAllowed),
        ("STORAGE_LIMIT_EXCEEDED", Unreachable),
        ("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", LimitReached),
    ],
)
def test_an_error_of_the_connection_on_single_records_is_told_of_the_connection(
    tmp_path: Path, code: str, kind: type[Fault]
) -> None:
    org = Org(lambda action, record: failed(code, "Not now.") if record["LastName"] == "n3" else None)
    with client_of(org, tmp_path) as client:
        results = client.write(CONTACT, updates(8_000), "Key__c")
        fault = client.write_fault
    assert isinstance(fault, kind)
    assert fault.code == code
    refused = [result.refusal for result in results if result.refusal]
    assert all(refusal.cause is Cause.PASSING for refusal in refused), "the records are not to blame"
    assert len(org.composites) < 10 or kind is Unreachable
    assert results[0].refusal is None, "what was written keeps its result"


def test_too_many_requests_at_once_are_no_limit_of_the_day(tmp_path: Path) -> None:
    text = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    org = Org(lambda action, record: failed("REQUEST_LIMIT_EXCEEDED", text))
    with client_of(org, tmp_path) as client:
        (result,) = client.write(CONTACT, updates(1), "Key__c")
        assert client.write_fault is None
    assert result.refusal is not None
    assert result.refusal.cause is Cause.PASSING
