"""Ingest jobs of Bulk API 2.0: one file, three sets of results, and what is refused."""

from typing import Any

import pytest
import requests

from tests.sandbox.client import Org, Row
from tests.sandbox.salesforce.test_bulk_queries import ended, rows
from tests.support.sandbox import RunningSandbox

JOBS = "jobs/ingest"
KEY = "Element451_ID__c"


def made(org: Org, operation: str = "insert", **more: Any) -> str:
    reply = org.post(JOBS, {"object": "Contact", "operation": operation, **more})
    assert reply.status_code == 200, reply.text
    assert reply.json()["state"] == "Open"
    assert not reply.json()["contentUrl"].startswith("/")
    return str(reply.json()["id"])


def put(org: Org, job: str, text: str) -> requests.Response:
    address = f"{org.sandbox.url}/services/data/v66.0/{JOBS}/{job}/batches"
    return org.http.put(address, data=text.encode(), headers={"Content-Type": "text/csv"}, timeout=30)


def done(org: Org, text: str, operation: str = "insert", **more: Any) -> Row:
    """A job that took this file, once it has ended."""
    job = made(org, operation, **more)
    assert put(org, job, text).status_code == 201
    assert org.patch(f"{JOBS}/{job}", {"state": "UploadComplete"}).json()["state"] == "UploadComplete"
    return ended(org, job, "ingest")


def results(org: Org, job: Row, name: str) -> list[Row]:
    return rows(org.get(f"{JOBS}/{job['id']}/{name}/"))


def test_a_complete_job_may_hold_failed_rows_which_are_told_apart(org: Org) -> None:
    text = f"LastName,Email,{KEY}\nLee,lee@example.org,a1\nRoy,nonsense,a2\n,,a3\n"
    job = done(org, text)
    assert (job["state"], job["numberRecordsProcessed"], job["numberRecordsFailed"]) == ("JobComplete", 3, 2)
    (good,) = results(org, job, "successfulResults")
    assert (good["sf__Created"], good[KEY], good["LastName"]) == ("true", "a1", "Lee")
    bad = {row[KEY]: row["sf__Error"] for row in results(org, job, "failedResults")}
    assert bad["a2"].startswith("INVALID_EMAIL_ADDRESS:")
    assert bad["a3"] == "REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --"
    assert results(org, job, "unprocessedrecords") == []
    assert [row["LastName"] for row in org.query("SELECT LastName FROM Contact")] == ["Lee"]


def test_results_are_in_no_order(org: Org) -> None:
    text = "LastName\n" + "".join(f"Person {number:03}\n" for number in range(300))
    names = [row["LastName"] for row in results(org, done(org, text), "successfulResults")]
    assert names != sorted(names)
    assert sorted(names) == [f"Person {number:03}" for number in range(300)]


def test_an_empty_cell_changes_nothing_and_one_word_empties(org: Org) -> None:
    id = org.create(LastName="Lee", Email="lee@example.org", Description="Here")
    done(org, f"Id,Email,Description,HasOptedOutOfEmail\n{id},,#N/A,true\n", "update")
    found = org.read(id, "Email", "Description", "HasOptedOutOfEmail")
    assert found == {"Email": "lee@example.org", "Description": None, "HasOptedOutOfEmail": True}


def test_an_upsert_finds_by_the_key_and_says_what_it_created(org: Org) -> None:
    org.create(LastName="Lee", **{KEY: "a1"})
    job = done(org, f"LastName,{KEY}\nLee-Roy,a1\nNew,a2\n", "upsert", externalIdFieldName=KEY)
    created = {row[KEY]: row["sf__Created"] for row in results(org, job, "successfulResults")}
    assert created == {"a1": "false", "a2": "true"}


def test_a_job_that_fails_in_the_middle_keeps_what_it_saved_and_tells_the_rest(
    org: Org, sandbox: RunningSandbox
) -> None:
    sandbox.options(bulk_fails_after=2)
    job = done(org, "LastName\nA\nB\nC\n")
    assert (job["state"], job["numberRecordsProcessed"]) == ("Failed", 2)
    assert {row["LastName"] for row in results(org, job, "successfulResults")} == {"A", "B"}
    assert [row["LastName"] for row in results(org, job, "unprocessedRecords")] == ["C"]


@pytest.mark.parametrize("text", ["Nothing\nA\n", "LastName,Email\nA\n", 'LastName\n"open\n'])
def test_a_file_that_is_wrong_fails_the_job_and_saves_nothing(org: Org, text: str) -> None:
    job = done(org, text)
    assert (job["state"], job["errorMessage"][:12]) == ("Failed", "InvalidBatch")
    assert org.query("SELECT Id FROM Contact") == []


def test_states_allow_one_file_one_end_and_no_more(org: Org) -> None:
    job = made(org)
    assert put(org, job, "LastName\nA\n").status_code == 201
    assert put(org, job, "LastName\nB\n").json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert org.get(f"{JOBS}/{job}/successfulResults/").json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert org.call("DELETE", f"{JOBS}/{job}").json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert org.patch(f"{JOBS}/{job}", {"state": "Aborted"}).status_code == 200
    assert org.patch(f"{JOBS}/{job}", {"state": "UploadComplete"}).json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert org.query("SELECT Id FROM Contact") == []
    assert org.call("DELETE", f"{JOBS}/{job}").status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {"object": "Nothing", "operation": "insert"},
        {"object": "Contact", "operation": "merge"},
        {"object": "Contact", "operation": "upsert"},
        {"object": "Contact", "operation": "insert", "columnDelimiter": "DOT"},
    ],
)
def test_a_job_that_cannot_be_is_refused(org: Org, body: Row) -> None:
    assert org.post(JOBS, body).status_code == 400


def test_ten_thousand_rows_are_a_batch_of_the_days_limit(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.options(daily_bulk_batches=1)
    done(org, "LastName\nA\n")
    assert org.get("limits").json()["DailyBulkApiBatches"] == {"Max": 1, "Remaining": 0}
    assert org.post(JOBS, {"object": "Contact", "operation": "insert"}).status_code == 400
