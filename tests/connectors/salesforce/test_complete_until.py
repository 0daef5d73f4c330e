"""Up to when what was read is complete: the question may go wrong, and bounds the reading all the same
(contracts/salesforce.md A5.1, rule 22)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syncer.connectors.errors import LimitReached
from syncer.connectors.salesforce.reading.changes import UNKNOWN
from syncer.core.fields import Entity
from tests.connectors.salesforce.changing_org import CONTACT, NOW, Table, reading
from tests.connectors.salesforce.scripted_server import Asked, Reply


def covered(tmp_path: Path, *replies: Reply) -> tuple[datetime, list[Asked]]:
    left, asked_for = list(replies), list[Asked]()

    def before(asked: Asked) -> Reply:
        asked_for.append(asked)
        return left.pop(0)

    with reading(Table([], before=before), tmp_path) as client:
        return client.complete_until(CONTACT, NOW), asked_for


def test_changes_are_complete_up_to_the_oldest_transaction_that_is_still_open(tmp_path: Path) -> None:
    until, asked = covered(tmp_path, Reply({"ids": [], "latestDateCovered": "2026-11-23T11:57:00.000+0000"}))
    assert until == NOW - timedelta(minutes=3)
    assert asked[0].path.startswith("/services/data/v66.0/sobjects/Contact/updated")
    assert asked[0].query == {"start": "2026-11-23T11:50:00+00:00", "end": "2026-11-23T12:00:00+00:00"}


def test_changes_are_never_complete_beyond_the_time_asked_for(tmp_path: Path) -> None:
    assert (
        covered(tmp_path, Reply({"ids": [], "latestDateCovered": "2026-11-23T12:00:30.000+0000"}))[0] == NOW
    )


def test_a_window_that_is_refused_is_made_smaller_and_then_counts_as_not_covered(tmp_path: Path) -> None:
    refusal = Reply([{"errorCode": "EXCEEDED_ID_LIMIT", "message": "too many"}], 400)
    until, asked = covered(
        tmp_path, refusal, Reply({"ids": [], "latestDateCovered": "2026-11-23T12:00:00.000+0000"})
    )
    assert until == NOW
    assert asked[1].query["start"] == "2026-11-23T11:58:00+00:00"
    gone = Reply([{"errorCode": "INVALID_REPLICATION_DATE", "message": "x"}], 400)
    assert covered(tmp_path, gone, gone)[0] == NOW - UNKNOWN


@pytest.mark.parametrize(
    "reply",
    [
        Reply([{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "x"}], 400),
        Reply([{"errorCode": "INSUFFICIENT_ACCESS", "message": "x"}], 403),
        Reply([{"errorCode": "UNKNOWN_EXCEPTION", "message": "x"}], 500),
        Reply("<html>", 503),
        Reply(None, 404),
        Reply([]),
        Reply({"ids": []}),
        *(
            Reply({"latestDateCovered": text})
            for text in ("0001-01-01T00:00:00.000+0000", "0001-01-01T00:00:00+14:00", "soon", None, 7)
        ),
        Reply({"latestDateCovered": "9999-12-31T23:59:59.000-1400"}),
        Reply({"latestDateCovered": "2026-11-23T11:57:00"}),
    ],
    ids=repr,
)
def test_whatever_becomes_of_the_question_a_longer_overlap_does_as_well(tmp_path: Path, reply: Reply) -> None:
    assert covered(tmp_path, *[reply] * 5)[0] in (NOW - UNKNOWN, NOW)


def test_a_limit_and_a_lost_sign_in_end_the_reading(tmp_path: Path) -> None:
    limit = Reply([{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}], 403)
    with pytest.raises(LimitReached):
        covered(tmp_path, limit)


def test_an_object_that_cannot_be_replicated_is_taken_as_complete_without_a_call(tmp_path: Path) -> None:
    table = Table([])
    with reading(table, tmp_path) as client:
        assert client.complete_until(Entity("Thing__c", "Thing", {}, replicateable=False), NOW) == NOW
    assert not table.calls
