"""Replies that a control makes false, while what is stored stays true."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests

from tests.sandbox.account import EVERYBODY, Account, columns, import_column
from tests.sandbox.client import Org, run, sub, typed
from tests.support.sandbox import RunningSandbox

NAMES = "SELECT Id, LastName, Phone FROM Contact ORDER BY LastName"
WINDOW = {"start": "2026-11-23T11:00:00Z", "end": "2026-11-23T13:00:00Z"}


@pytest.fixture
def people(org: Org) -> list[str]:
    return [org.create(LastName=name, Phone=f"555-{name}") for name in ("A", "B", "C")]


@pytest.fixture
def students(account: Account) -> list[str]:
    return sorted(account.add(first_name=name, phone_cell_number=f"555-{name}") for name in ("A", "B", "C"))


def test_a_whole_column_of_salesforce_reads_empty_for_a_time(
    org: Org, sandbox: RunningSandbox, people: list[str]
) -> None:
    sandbox.alter(fields={"Phone": None}, rule={"name": "blank", "system": "salesforce"})
    assert [row["Phone"] for row in org.query(NAMES)] == [None] * 3
    assert org.read(people[0], "LastName", "Phone") == {"LastName": "A", "Phone": None}
    body = {"ids": people, "fields": ["Phone"]}
    (reply,) = run(org, sub("r", "POST", "composite/sobjects/Contact", body))
    assert [row["Phone"] for row in reply["body"]] == [None] * 3
    assert {row["Phone"] for row in sandbox.records("Contact")} == {"555-A", "555-B", "555-C"}
    sandbox.clear_faults("blank")
    assert [row["Phone"] for row in org.query(NAMES)] == ["555-A", "555-B", "555-C"]


@pytest.mark.parametrize("empty", ["", None])
def test_a_whole_column_of_element451_reads_empty_for_a_time(
    account: Account, sandbox: RunningSandbox, students: list[str], empty: str | None
) -> None:
    slugs = ["user-first-name", "user-phone-cell-number"]
    sandbox.alter(fields={"user-phone-cell-number": empty})
    rows = account.export(slugs, users=students)["data"]
    assert [row["user-phone-cell-number"] for row in rows] == [empty] * 3
    assert {row["user-first-name"] for row in rows} == {"A", "B", "C"}
    sandbox.clear_faults()
    assert all(row["user-phone-cell-number"] for row in account.export(slugs, users=students)["data"])


def test_a_listing_names_an_id_that_the_read_of_the_same_ids_does_not_bring(
    account: Account, sandbox: RunningSandbox, students: list[str]
) -> None:
    sandbox.alter("/users/export$", ids=students[:1], drop=True)
    found = account.post("users/export/search", {"item": {"segment": EVERYBODY}}).json()["data"]
    assert [row["_id"] for row in found] == students
    read = account.export(["user-first-name"], users=students)["data"]
    assert [row["user-elementid"] for row in read] == students[1:]


def test_a_search_that_succeeds_with_nothing_or_without_its_last_page(
    account: Account, sandbox: RunningSandbox, students: list[str]
) -> None:
    item = {"segment": EVERYBODY, "per_page": 2}
    sandbox.alter("/search", drop=True, put={"meta": {}}, rule={"times": 1})
    assert account.post("users/export/search", {"item": item}).json() == {"data": [], "meta": {}}
    sandbox.alter("/search", drop=True, first=1)
    page = account.post("users/export/search", {"item": item}).json()
    assert [row["_id"] for row in page["data"]] == students[1:2]
    assert page["meta"] == {"next_last_id": students[1]}


def test_rows_of_salesforce_that_are_lost_are_null_or_have_no_id(
    org: Org, sandbox: RunningSandbox, people: list[str]
) -> None:
    sandbox.alter("/query", ids=people[:1], drop=True, rule={"times": 1})
    sandbox.alter("/query", ids=people[1:2], null=True, rule={"times": 1})
    sandbox.alter("/query", ids=[people[2][:15]], remove=["Id"], rule={"times": 1})
    first, second = org.get("query", q=NAMES).json()["records"]
    assert first is None
    assert (second["LastName"], "Id" in second) == ("C", False)
    assert len(org.query(NAMES)) == 3


def test_get_updated_leaves_ids_out_and_covers_the_year_one(
    org: Org, sandbox: RunningSandbox, people: list[str]
) -> None:
    sandbox.clock(now="2026-11-23T12:00:00Z")
    for id in people:
        org.patch(f"sobjects/Contact/{id}", {"Title": "Dean"})
    covered = "0001-01-01T00:00:00.000+0000"
    sandbox.alter("/updated", ids=people[:2], drop=True, put={"latestDateCovered": covered})
    sandbox.clock(advance=600)
    reply = org.get("sobjects/Contact/updated", **WINDOW).json()
    assert reply == {"ids": people[2:], "latestDateCovered": covered}


def test_a_field_is_missing_from_describe_and_from_the_catalogue(
    org: Org, account: Account, sandbox: RunningSandbox
) -> None:
    sandbox.alter("/describe", ids=["Phone"], drop=True)
    sandbox.alter("/mappings", ids=["user-dob"], drop=True)
    names = {field["name"] for field in org.get("sobjects/Contact/describe").json()["fields"]}
    assert ("Phone" in names, "Email" in names) == (False, True)
    slugs = {row["slug"] for row in account.get("mappings?limit=500").json()["data"]}
    assert ("user-dob" in slugs, "user-gender" in slugs) == (False, True)


def test_an_import_says_nothing_of_a_contact_that_it_updated(
    account: Account, sandbox: RunningSandbox, students: list[str]
) -> None:
    sandbox.alter("/import", ids=students[:1], drop=True)
    given = [import_column("user-elementid", unique=True), import_column("user-last-name")]
    answer = account.load(given, *((id, "Smith") for id in students))
    assert sorted(answer["result"]["updated"]) == students[1:]
    assert {account.contact(id)["user-last-name"] for id in students} == {"Smith"}


def test_one_record_holds_half_a_surrogate_pair_or_a_byte_that_is_no_utf_8(
    org: Org, account: Account, sandbox: RunningSandbox, people: list[str], students: list[str]
) -> None:
    sandbox.alter(ids=people[1:2], raw={"LastName": "Ros\\ud83d"})
    raw = org.get("query", q=NAMES).content
    assert b'"LastName":"Ros\\ud83d"' in raw
    assert raw.count(b"\\ud83d") == 1
    sandbox.alter(ids=students[:1], raw={"user-first-name": "Jos\xe9"})
    body = {"item": {**columns("user-first-name"), "users": students}}
    raw = account.post("users/export", body).content
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert b'"user-first-name":"Jos\xe9"' in raw


def test_a_value_of_another_kind_than_its_field_holds(
    account: Account, sandbox: RunningSandbox, students: list[str]
) -> None:
    sandbox.alter(ids=students[:1], fields={"user-first-name": {"a": 1}})
    rows = account.export(["user-first-name"], users=students)["data"]
    assert rows[0]["user-first-name"] == {"a": 1}


@pytest.mark.parametrize(
    ("option", "path", "other"),
    [
        ("salesforce_date_off", "/services/data", "/v2/mappings"),
        ("element451_date_off", "/v2/mappings", "/services/data"),
    ],
)
def test_one_systems_date_header_is_a_day_ahead(
    sandbox: RunningSandbox, option: str, path: str, other: str
) -> None:
    sandbox.clock(now="2026-11-23T12:00:00Z")
    sandbox.options(**{option: 86_400})
    off, right = (
        parsedate_to_datetime(requests.get(sandbox.url + address, timeout=10).headers["Date"])
        for address in (path, other)
    )
    assert abs(off - datetime(2026, 11, 24, 12, tzinfo=UTC)) < timedelta(seconds=20)
    assert abs(right - datetime(2026, 11, 23, 12, tzinfo=UTC)) < timedelta(seconds=20)


def test_a_date_header_of_ones_choice(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.fault("alter", path="/limits", headers={"Date": "Tomorrow"})
    assert org.get("limits").headers["Date"] == "Tomorrow"


def test_refusals_and_large_packed_replies_come_through_a_change_unharmed(
    org: Org, sandbox: RunningSandbox
) -> None:
    people = typed(*({"LastName": f"L{number:03}", "Description": "x" * 99} for number in range(100)))
    org.post("composite/sobjects", people)
    sandbox.alter(fields={"Phone": None}, put={})
    assert org.refused("SELECT Nothing FROM Contact")["errorCode"] == "INVALID_FIELD"
    reply = org.get("query", q="SELECT Description FROM Contact")
    assert reply.headers["Content-Encoding"] == "gzip"
    assert len(reply.json()["records"]) == 100
