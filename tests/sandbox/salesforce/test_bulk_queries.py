"""Query jobs of Bulk API 2.0: states, pages by locator, CSV, and what is refused."""

import csv
import io
from typing import Any

import pytest
import requests

from tests.sandbox.client import Org, Row
from tests.support.sandbox import RunningSandbox

JOBS = "jobs/query"


def started(org: Org, soql: str, operation: str = "query", **more: Any) -> Row:
    reply = org.post(JOBS, {"operation": operation, "query": soql, **more})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def ended(org: Org, job: str, sort: str = "query") -> Row:
    """The job once it has ended."""
    while (found := org.get(f"jobs/{sort}/{job}").json())["state"] in ("UploadComplete", "InProgress"):
        pass
    return dict(found)


def rows(reply: requests.Response) -> list[Row]:
    assert reply.status_code == 200, reply.text
    assert reply.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(reply.content.decode(), newline="")))


def crowd(org: Org, count: int) -> None:
    for number in range(count):
        org.create(LastName=f"Person {number}", Email=f"p{number}@example.org" if number % 2 else None)


def test_a_job_is_at_work_before_it_is_complete_and_tells_how_many_rows(org: Org) -> None:
    crowd(org, 3)
    job = started(org, "SELECT Id, LastName FROM Contact")
    assert (job["state"], job["object"], job["apiVersion"]) == ("UploadComplete", "Contact", 66.0)
    assert job["id"].startswith("750")
    states = [org.get(f"{JOBS}/{job['id']}").json()["state"] for _ in range(2)]
    assert states == ["InProgress", "JobComplete"]
    assert ended(org, job["id"])["numberRecordsProcessed"] == 3
    assert org.get(JOBS).json()["records"][0]["id"] == job["id"]


def test_results_come_in_pages_and_the_last_locator_is_the_word_null(org: Org) -> None:
    crowd(org, 5)
    job = started(org, "SELECT LastName, Email FROM Contact ORDER BY LastName")["id"]
    ended(org, job)
    found, locators, more = list[Row](), list[str](), dict[str, Any]()
    while True:
        page = org.get(f"{JOBS}/{job}/results", maxRecords=2, **more)
        found += rows(page)
        assert int(page.headers["Sforce-NumberOfRecords"]) == len(rows(page))
        locators.append(page.headers["Sforce-Locator"])
        if locators[-1] == "null":
            break
        more = {"locator": locators[-1]}
    assert len(locators) == 3
    assert [row["LastName"] for row in found] == [f"Person {number}" for number in range(5)]
    assert [row["Email"] for row in found[:2]] == ["", "p1@example.org"]


def test_values_are_written_as_csv_has_them(org: Org) -> None:
    org.create(
        LastName='Says "hi",\nand goes', Birthdate="2001-02-03", HasOptedOutOfEmail=True, Description=None
    )
    job = started(
        org, "SELECT LastName, Birthdate, HasOptedOutOfEmail, Description, SystemModstamp FROM Contact"
    )["id"]
    ended(org, job)
    (row,) = rows(org.get(f"{JOBS}/{job}/results"))
    assert row["LastName"] == 'Says "hi",\nand goes'
    assert (row["Birthdate"], row["HasOptedOutOfEmail"], row["Description"]) == ("2001-02-03", "true", "")
    assert row["SystemModstamp"].endswith(".000Z")


def test_a_job_finds_what_was_there_when_it_ran_and_deleted_rows_only_where_asked(org: Org) -> None:
    gone = org.create(LastName="Gone")
    org.create(LastName="Stays")
    org.call("DELETE", f"sobjects/Contact/{gone}")
    jobs = {name: started(org, "SELECT Id FROM Contact", name)["id"] for name in ("query", "queryAll")}
    org.create(LastName="Later")
    found = {}
    for name, job in jobs.items():
        ended(org, job)
        found[name] = len(rows(org.get(f"{JOBS}/{job}/results")))
    assert found == {"query": 1, "queryAll": 2}


def test_results_are_refused_to_another_version_before_the_end_and_for_a_wrong_locator(org: Org) -> None:
    job = started(org, "SELECT Id FROM Contact")["id"]
    early = org.get(f"{JOBS}/{job}/results")
    assert (early.status_code, early.json()[0]["errorCode"]) == (400, "INVALIDJOBSTATE")
    ended(org, job)
    other = org.get(f"/services/data/v65.0/{JOBS}/{job}/results")
    assert other.status_code == 409
    wrong = org.get(f"{JOBS}/{job}/results", locator="MTAwMDA")
    assert (wrong.status_code, wrong.json()[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT count() FROM Contact",
        "SELECT Id, (SELECT Id FROM E451_Conversations__r) FROM Contact",
        "SELECT Id FROM Contact LIMIT 1 OFFSET 2",
        "SELECT MailingAddress FROM Contact",
        "SELECT Nothing FROM Contact",
    ],
)
def test_what_bulk_does_not_serve_is_refused_when_the_job_is_made(org: Org, soql: str) -> None:
    reply = org.post(JOBS, {"operation": "query", "query": soql})
    assert reply.status_code == 400, reply.text
    assert org.get(JOBS).json()["records"] == []


def test_a_job_is_aborted_and_deleted_and_then_is_not_found(org: Org) -> None:
    job = started(org, "SELECT Id FROM Contact")["id"]
    assert org.patch(f"{JOBS}/{job}", {"state": "Aborted"}).json()["state"] == "Aborted"
    again = org.patch(f"{JOBS}/{job}", {"state": "Aborted"})
    assert (again.status_code, again.json()[0]["errorCode"]) == (400, "INVALIDJOBSTATE")
    assert org.call("DELETE", f"{JOBS}/{job}").status_code == 204
    assert org.get(f"{JOBS}/{job}").status_code == 404


def test_a_day_has_so_many_jobs_and_limits_tell(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.options(daily_bulk_query_jobs=1, bulk_looks=0)
    started(org, "SELECT Id FROM Contact")
    assert org.get("limits").json()["DailyBulkV2QueryJobs"] == {"Max": 1, "Remaining": 0}
    refused = org.post(JOBS, {"operation": "query", "query": "SELECT Id FROM Contact"})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "EXCEEDED_MAX_QUERY_JOBS")


def test_a_job_may_fail_and_says_why(org: Org, sandbox: RunningSandbox) -> None:
    crowd(org, 2)
    sandbox.options(bulk_fails_after=1)
    job = ended(org, started(org, "SELECT Id FROM Contact")["id"])
    assert job["state"] == "Failed"
    assert job["errorMessage"]
    assert org.get(f"{JOBS}/{job['id']}/results").status_code == 400
