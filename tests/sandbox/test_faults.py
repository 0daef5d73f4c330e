"""Faults that a control orders: what the client sees, and what was really done."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.sandbox.client import Org, typed
from tests.support.sandbox import RunningSandbox


def test_a_status_and_body_of_ones_choice_for_as_many_calls_as_ordered(
    org: Org, sandbox: RunningSandbox
) -> None:
    error = [{"message": "Your query request was running for too long.", "errorCode": "QUERY_TIMEOUT"}]
    sandbox.fault("status", path="/query", status=400, body=error, headers={"X-Why": "test"}, times=2, skip=1)
    replies = [org.get("query", q="SELECT Id FROM Contact") for _ in range(4)]
    assert [reply.status_code for reply in replies] == [200, 400, 400, 200]
    assert replies[1].json() == error
    assert replies[1].headers["X-Why"] == "test"


def test_html_503_and_empty_replies_of_the_edge(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.fault("html503", system="salesforce")
    reply = org.get("limits")
    assert (reply.status_code, reply.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    for status in (406, 420, 502):
        sandbox.fault("status", status=status, body="")
        reply = org.get("limits")
        assert (reply.status_code, reply.text) == (status, "")


def test_a_connection_cut_before_the_write_leaves_nothing_behind(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.fault("cut_before", method="POST")
    with pytest.raises(requests.ConnectionError):
        org.post("sobjects/Contact", {"LastName": "Never"})
    assert sandbox.records("Contact") == []


def test_a_connection_cut_after_the_write_leaves_the_write(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.fault("cut_after", method="POST")
    with pytest.raises(requests.ConnectionError):
        org.post("sobjects/Contact", {"LastName": "Written"})
    assert [row["LastName"] for row in sandbox.records("Contact")] == ["Written"]


def test_other_systems_calls_and_the_controls_are_spared(sandbox: RunningSandbox) -> None:
    sandbox.fault("html503", system="element451", times=-1)
    assert requests.get(f"{sandbox.url}/services/data", timeout=10).status_code == 200
    assert requests.get(f"{sandbox.url}/v2/mappings", timeout=10).status_code == 503
    assert sandbox.counters()["calls"]["element451"] == {"fault": 1, "total": 1}


def test_faults_by_chance_follow_their_seed(sandbox: RunningSandbox) -> None:
    seen = []
    for _ in range(2):
        sandbox.clear_faults()
        sandbox.fault("html503", times=-1, probability=0.5, seed=7)
        seen.append([requests.get(f"{sandbox.url}/services/data", timeout=10).status_code for _ in range(20)])
    assert seen[0] == seen[1]
    assert set(seen[0]) == {200, 503}


def test_delayed_calls_overlap(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.options(delay_ms=300)
    started = time.monotonic()
    with ThreadPoolExecutor(5) as pool:
        replies = list(pool.map(lambda _: requests.get(f"{sandbox.url}/services/data", timeout=10), range(5)))
    assert [reply.status_code for reply in replies] == [200] * 5
    assert 0.3 <= time.monotonic() - started < 1.2


def test_single_records_are_refused_by_id_index_or_value_so_many_times(
    org: Org, sandbox: RunningSandbox
) -> None:
    first, second, third = (org.create(LastName=name) for name in ("A", "B", "C"))
    lock = {
        "statusCode": "UNABLE_TO_LOCK_ROW",
        "message": "unable to obtain exclusive access to this record",
        "fields": [],
    }
    sandbox.fault("record", object="Contact", id=second, error=lock, times=2)
    sandbox.fault(
        "record",
        index=2,
        error={"statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "No.", "fields": ["Title"]},
    )
    sandbox.fault(
        "record",
        where={"Title": "Dean"},
        error={"statusCode": "STORAGE_LIMIT_EXCEEDED", "message": "storage limit exceeded"},
    )
    rounds = []
    for title in ("Dr", "Dean", "Prof"):
        body = typed(*({"id": id, "Title": title} for id in (first, second, third)))
        rounds.append(
            [
                [error["statusCode"] for error in item["errors"]]
                for item in org.patch("composite/sobjects", body).json()
            ]
        )
    assert rounds == [
        [[], ["UNABLE_TO_LOCK_ROW"], ["FIELD_CUSTOM_VALIDATION_EXCEPTION"]],
        [["STORAGE_LIMIT_EXCEEDED"], ["UNABLE_TO_LOCK_ROW"], []],
        [[], [], []],
    ]


def test_automation_of_the_org_alters_what_is_saved(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.options(triggers=[{"object": "Contact", "field": "LastName", "change": "upper"}])
    made = org.create(LastName="smith")
    assert org.read(made, "LastName", "Name") == {"LastName": "SMITH", "Name": "SMITH"}


def test_a_persons_slow_transaction_becomes_visible_later_than_its_stamp(
    org: Org, sandbox: RunningSandbox
) -> None:
    sandbox.clock(now="2026-11-23T12:00:00Z")
    known = org.create(LastName="Before")
    sandbox.clock(now="2026-11-23T12:05:00Z")
    sandbox.options(visibility_seconds=120)
    sandbox.edit("Contact", known, LastName="After")
    sandbox.create("Contact", LastName="New")
    sandbox.clock(advance=60)
    window = {"start": "2026-11-23T12:04:00Z", "end": "2026-11-23T12:30:00Z"}
    assert org.query("SELECT LastName FROM Contact") == [{"LastName": "Before"}]
    assert org.read(known, "LastName") == {"LastName": "Before"}
    updated = org.get("sobjects/Contact/updated", **window).json()
    assert updated["ids"] == []
    assert updated["latestDateCovered"].startswith("2026-11-23T12:05:0")

    sandbox.clock(advance=61)
    late = org.query("SELECT LastName, SystemModstamp FROM Contact ORDER BY LastName")
    assert [row["LastName"] for row in late] == ["After", "New"]
    assert all(row["SystemModstamp"].startswith("2026-11-23T12:05:0") for row in late)
    updated = org.get("sobjects/Contact/updated", **window).json()
    assert len(updated["ids"]) == 2
    assert updated["latestDateCovered"].startswith("2026-11-23T12:07")
