"""Faults that a control orders: what the client sees, and what was really done."""

import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.sandbox.account import Account, import_body, import_column
from tests.sandbox.client import V66, Org, run, sub, typed
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


def test_one_batch_of_several_is_carried_out_but_answered_502_at_every_try(
    org: Org, sandbox: RunningSandbox
) -> None:
    sandbox.fault("status_after", path="composite", kind="write", status=502, skip=1, repeats=-1, name="502")
    bodies = [typed({"LastName": f"Batch {number}"}) for number in range(3)]
    tries = [[org.post("composite/sobjects", body).status_code for body in bodies] for _ in range(3)]
    assert tries == [[200, 502, 200]] * 3
    assert len(sandbox.records("Contact")) == 9
    assert sandbox.faults("502")[0]["struck"] == 3


def test_an_import_is_carried_out_but_answered_502_twice(account: Account, sandbox: RunningSandbox) -> None:
    made = account.add(first_name="A")
    given = [import_column("user-elementid", unique=True), import_column("user-first-name")]
    sandbox.fault("status_after", kind="write", holds=made, status=502, repeats=1)
    body = import_body(given, (made, "B"))
    assert [account.post("users/import", body).status_code for _ in range(3)] == [502, 502, 201]
    assert account.contact(made)["user-first-name"] == "B"


def test_faults_strike_calls_that_hold_a_text_or_are_long(org: Org, sandbox: RunningSandbox) -> None:
    error = [{"errorCode": "JSON_PARSER_ERROR", "message": "Unexpected character"}]
    sandbox.fault("status", holds="Spoilt", status=400, body=error, times=-1)
    sandbox.fault("status", longer_than=2000, status=413, times=-1)
    calls = [typed({"LastName": name}) for name in ("Good", "Spoilt", "x" * 2000)]
    packed = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    replies = [
        org.http.post(
            f"{sandbox.url}{V66}/composite/sobjects",
            data=gzip.compress(json.dumps(call).encode()),
            headers=packed,
            timeout=30,
        )
        for call in calls
    ]
    assert [reply.status_code for reply in replies] == [200, 400, 413]


def test_a_record_spoils_its_part_of_a_composite_call(org: Org, sandbox: RunningSandbox) -> None:
    error = {"statusCode": "JSON_PARSER_ERROR", "message": "Unexpected character"}
    sandbox.fault("record", where={"LastName": "Spoilt"}, error=error, whole=True, times=-1)
    replies = run(
        org,
        sub("a", "POST", "composite/sobjects", typed({"LastName": "A"}, {"LastName": "Spoilt"})),
        sub("b", "POST", "composite/sobjects", typed({"LastName": "B"})),
    )
    assert [reply["httpStatusCode"] for reply in replies] == [400, 200]
    assert replies[0]["body"] == [{"errorCode": "JSON_PARSER_ERROR", "message": "Unexpected character"}]
    assert [row["LastName"] for row in sandbox.records("Contact")] == ["B"]


def test_a_row_spoils_its_import(account: Account, sandbox: RunningSandbox) -> None:
    first, second = account.add(first_name="A"), account.add(first_name="B")
    sandbox.fault("record", object="contact", id=second, whole=True, error={"message": "No."}, times=-1)
    given = [import_column("user-elementid", unique=True), import_column("user-first-name")]
    reply = account.post("users/import", import_body(given, (first, "C"), (second, "D")))
    assert (reply.status_code, reply.json()) == (400, {"message": "No."})
    assert account.contact(first)["user-first-name"] == "A"


def test_faults_are_called_off_by_name(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.fault("html503", name="busy", times=-1)
    sandbox.fault("delay", ms=1, name="slow", times=-1)
    assert org.get("limits").status_code == 503
    sandbox.clear_faults("busy")
    assert org.get("limits").status_code == 200
    assert [rule["name"] for rule in sandbox.faults()] == ["slow"]


@pytest.mark.parametrize("wrong", [{"kind": "both"}, {"holds": "("}, {"change": {"raw": {"A": "€"}}}])
def test_a_fault_that_makes_no_sense_is_refused(sandbox: RunningSandbox, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 the words differ
        sandbox.fault("alter", **wrong)
