"""Single records over REST."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from sandbox.salesforce.ids import id18, normal_id
from tests.sandbox.client import V66, Org
from tests.support.sandbox import RunningSandbox

GONE = "0035f00000ZZZZZ"


def test_create_read_update_delete(org: Org) -> None:
    reply = org.post("sobjects/Contact", {"LastName": "Coldwater", "FirstName": "Quentin"})
    made = reply.json()["id"]
    assert (reply.status_code, reply.json()) == (201, {"id": made, "success": True, "errors": []})
    assert reply.headers["Location"] == f"{V66}/sobjects/Contact/{made}"
    record = org.get(f"sobjects/Contact/{made}").json()
    assert record["attributes"] == {"type": "Contact", "url": f"{V66}/sobjects/Contact/{made}"}
    assert (record["Name"], record["IsDeleted"], record["DoNotCall"]) == ("Quentin Coldwater", False, False)
    updated = org.patch(f"sobjects/Contact/{made}", {"FirstName": None})
    assert (updated.status_code, updated.content) == (204, b"")
    assert org.read(made, "Name", "FirstName") == {"Name": "Coldwater", "FirstName": None}
    assert org.call("DELETE", f"sobjects/Contact/{made}").status_code == 204
    for reply in (
        org.get(f"sobjects/Contact/{made}"),
        org.patch(f"sobjects/Contact/{made}", {"FirstName": "x"}),
        org.call("DELETE", f"sobjects/Contact/{made}"),
    ):
        assert (reply.status_code, reply.json()) == (
            404,
            [{"message": "entity is deleted", "errorCode": "ENTITY_IS_DELETED"}],
        )


def test_fifteen_characters_are_accepted_and_eighteen_returned(org: Org) -> None:
    made = org.create(LastName="A")
    assert org.read(made[:15], "Id") == {"Id": made}
    account = org.create("Account", Name="Brakebills")
    org.patch(f"sobjects/Contact/{made[:15]}", {"AccountId": account[:15]})
    assert org.read(made, "AccountId") == {"AccountId": account}


@pytest.mark.parametrize("id", [GONE, "0015f0000000001AAA", "nonsense"])
def test_a_record_that_there_is_not_is_not_found(org: Org, id: str) -> None:
    for reply in (
        org.get(f"sobjects/Contact/{id}"),
        org.patch(f"sobjects/Contact/{id}", {"LastName": "x"}),
        org.call("DELETE", f"sobjects/Contact/{id}"),
    ):
        assert (reply.status_code, reply.json()[0]["errorCode"]) == (404, "NOT_FOUND")


def test_post_to_the_id_field_creates_too(org: Org) -> None:
    assert org.post("sobjects/Contact/Id", {"LastName": "A"}).status_code == 201
    assert org.post("sobjects/Contact/Email", {"LastName": "A"}).status_code == 405


def test_post_can_stand_for_patch(org: Org) -> None:
    made = org.create(LastName="A")
    assert org.post(f"sobjects/Contact/{made}", {"LastName": "B"}, _HttpMethod="PATCH").status_code == 204
    assert org.read(made, "LastName") == {"LastName": "B"}


def test_upsert_creates_then_updates(org: Org) -> None:
    address = "sobjects/Contact/Element451_ID__c/a%2Fb%2B1"
    first = org.patch(address, {"LastName": "A"})
    again = org.patch(address, {"LastName": "B"})
    assert (first.status_code, first.json()["created"], again.status_code, again.json()["created"]) == (
        201,
        True,
        200,
        False,
    )
    assert org.get(address).json()["Element451_ID__c"] == "a/b+1"
    assert (
        org.patch("sobjects/Contact/Element451_ID__c/new", {"LastName": "A"}, updateOnly="true").status_code
        == 404
    )


def test_upsert_of_a_value_in_the_body_too_or_by_a_plain_field_is_refused(org: Org) -> None:
    assert (
        org.patch("sobjects/Contact/Element451_ID__c/x1", {"LastName": "A", "Element451_ID__c": "x1"}).json()[
            0
        ]["errorCode"]
        == "INVALID_FIELD"
    )
    plain = org.patch("sobjects/Contact/Title/x1", {"LastName": "A"})
    assert (plain.status_code, plain.json()[0]["message"]) == (404, "The requested resource does not exist")


def test_an_external_id_that_several_records_hold_answers_300_with_their_addresses(org: Org) -> None:
    ids = [org.create(LastName=name, Email="same@school.example") for name in ("A", "B")]
    for method, body in (("GET", None), ("PATCH", {"LastName": "C"}), ("DELETE", None)):
        # the blank at its end is trimmed; it keeps the value from ending like a file
        several = org.call(method, "sobjects/Contact/Email/same@school.example%20", body)
        assert (several.status_code, several.json()) == (300, [f"{V66}/sobjects/Contact/{id}" for id in ids])


def test_a_value_that_ends_like_a_file_is_not_found(org: Org) -> None:
    org.create(LastName="A", Email="example@email.inc")
    assert org.get("sobjects/Contact/Email/example@email.inc").status_code == 404


def test_reading_only_some_fields_and_only_if_changed(org: Org, sandbox: RunningSandbox) -> None:
    made = org.create(LastName="A")
    reply = org.get(f"sobjects/Contact/{made}", fields="lastname")
    assert set(reply.json()) == {"attributes", "Id", "LastName"}
    asked = {"If-Modified-Since": reply.headers["Last-Modified"]}
    address = f"{sandbox.url}{V66}/sobjects/Contact/{made}"
    assert org.http.get(address, headers=asked, timeout=10).status_code == 304
    sandbox.clock(advance=5)
    sandbox.edit("Contact", made, LastName="B")
    assert org.http.get(address, headers=asked, timeout=10).status_code == 200
    late = org.http.patch(
        address,
        json={"LastName": "C"},
        headers={"If-Unmodified-Since": asked["If-Modified-Since"]},
        timeout=10,
    )
    assert (late.status_code, org.read(made, "LastName")) == (412, {"LastName": "B"})


def test_versions_need_no_sign_in_and_retired_ones_are_gone(org: Org, sandbox: RunningSandbox) -> None:
    reply = requests.get(f"{sandbox.url}/services/data", timeout=10)
    assert "Sforce-Limit-Info" not in reply.headers
    assert [version["version"] for version in reply.json()] == [f"{number}.0" for number in range(59, 67)]
    assert reply.json()[-1] == {"label": "Spring '26", "url": V66, "version": "66.0"}
    assert org.get("/services/data/v20.0/sobjects").status_code == 410
    assert org.get("/services/data/v99.0/sobjects").status_code == 404


def test_a_missing_or_bad_token_is_401_with_an_array_and_stays_so(sandbox: RunningSandbox) -> None:
    for headers in ({}, {"Authorization": "Bearer 00D!x"}, {"Authorization": "Bearer 00D!x"}):
        reply = requests.get(f"{sandbox.url}{V66}/sobjects", headers=headers, timeout=10)
        assert reply.status_code == 401
        assert reply.headers["WWW-Authenticate"] == "Token"
        assert reply.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_every_reply_tells_of_the_daily_limit_and_beyond_it_is_403(org: Org, sandbox: RunningSandbox) -> None:
    used = int(org.get("limits").headers["Sforce-Limit-Info"].removeprefix("api-usage=").split("/")[0])
    assert org.get("sobjects/Nothing").headers["Sforce-Limit-Info"] == f"api-usage={used + 1}/100000"
    sandbox.options(daily_api_limit=used + 1)
    reply = org.get("limits")
    assert (reply.status_code, reply.json()) == (
        403,
        [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}],
    )
    sandbox.clock(advance=25 * 3600)
    assert requests.get(f"{sandbox.url}/services/data", timeout=10).ok
    assert Org(sandbox).get("limits").json()["DailyApiRequests"]["Remaining"] == used


def test_an_org_without_api_access_and_one_with_too_many_calls_at_once_answer_403(
    org: Org, sandbox: RunningSandbox
) -> None:
    sandbox.options(api_enabled=False)
    assert (org.get("limits").status_code, org.get("limits").json()[0]["errorCode"]) == (
        403,
        "API_DISABLED_FOR_ORG",
    )
    sandbox.options(api_enabled=True, concurrent_limit=1, delay_ms=300)
    with ThreadPoolExecutor(2) as pool:
        replies = sorted(pool.map(lambda _: org.get("limits"), range(2)), key=lambda reply: reply.status_code)
    assert [reply.status_code for reply in replies] == [200, 403]
    assert replies[1].json()[0]["message"] == "ConcurrentRequests (Concurrent API Requests) Limit exceeded."


def test_bodies_may_be_gzipped_both_ways(org: Org, sandbox: RunningSandbox) -> None:
    body = gzip.compress(json.dumps({"LastName": "Zipped"}).encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert (
        org.http.post(
            f"{sandbox.url}{V66}/sobjects/Contact", data=body, headers=headers, timeout=10
        ).status_code
        == 201
    )
    assert org.get("sobjects/Contact/describe").headers["Content-Encoding"] == "gzip"
    plain = org.http.get(
        f"{sandbox.url}{V66}/sobjects/Contact/describe", headers={"Accept-Encoding": "identity"}, timeout=10
    )
    assert "Content-Encoding" not in plain.headers


def test_a_body_that_claims_to_be_gzip_and_is_not_is_refused(org: Org, sandbox: RunningSandbox) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert (
        org.http.post(
            f"{sandbox.url}{V66}/sobjects/Contact", data=b"{}", headers=headers, timeout=10
        ).status_code
        == 400
    )


def test_addresses_and_headers_have_their_limits(org: Org, sandbox: RunningSandbox) -> None:
    assert (
        org.get("query", q="SELECT Id FROM Contact WHERE LastName = '" + "x" * 16_384 + "'").status_code
        == 414
    )
    assert (
        org.http.get(f"{sandbox.url}{V66}/limits", headers={"X-Long": "x" * 16_384}, timeout=10).status_code
        == 431
    )


@pytest.mark.parametrize(
    ("data", "headers", "status", "code"),
    [
        (b"{bad", {}, 400, "JSON_PARSER_ERROR"),
        (b"[]", {}, 400, "JSON_PARSER_ERROR"),
        (b"", {}, 400, "JSON_PARSER_ERROR"),
        (b"<x/>", {"Content-Type": "text/xml"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
    ],
)
def test_bodies_that_are_not_json_objects_are_refused(
    org: Org, sandbox: RunningSandbox, data: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    reply = org.http.post(
        f"{sandbox.url}{V66}/sobjects/Contact",
        data=data,
        headers={"Content-Type": "application/json", **headers},
        timeout=10,
    )
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (status, code)


def test_a_method_that_an_address_does_not_know_is_405(org: Org) -> None:
    reply = org.call("PUT", "sobjects/Contact")
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (405, "METHOD_NOT_ALLOWED")


def test_record_counts_are_stale(org: Org, sandbox: RunningSandbox) -> None:
    assert org.get("limits/recordCount", sObjects="Contact").json() == {
        "sObjects": [{"count": 0, "name": "Contact"}]
    }
    org.create(LastName="A")
    assert org.get("limits/recordCount", sObjects="Contact").json()["sObjects"][0]["count"] == 0
    sandbox.clock(advance=3600)
    assert org.get("limits/recordCount", sObjects="Contact").json()["sObjects"][0]["count"] == 1


def test_an_id_of_18_characters_is_known_in_any_case_of_its_letters(org: Org) -> None:
    made = id18("0035g00000ABcdE")
    assert made == normal_id(made) == normal_id(made.lower()) == normal_id(made.upper())
    mine = org.create(LastName="A")
    assert org.patch(f"sobjects/Contact/{mine.lower()}", {"Title": "Dean"}).status_code == 204
    body = {"ids": [mine.upper()], "fields": ["Title"]}
    assert org.post("composite/sobjects/Contact", body).json()[0]["Title"] == "Dean"
    assert normal_id(f"{made[:15]}AAA") is None
    assert normal_id(made[:15].lower()) != normal_id(made)
