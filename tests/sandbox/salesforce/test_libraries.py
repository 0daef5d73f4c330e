"""simple-salesforce, aiosalesforce and requests-oauthlib, unmodified but for their transport, do their
documented calls against the sandbox."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import requests
from aiosalesforce import Salesforce as AsyncSalesforce
from aiosalesforce.auth.base import Auth
from aiosalesforce.bulk.v2.client import IngestResult
from oauthlib.oauth2 import AccessDeniedError, InvalidGrantError, MismatchingStateError
from requests.adapters import HTTPAdapter
from requests_oauthlib import OAuth2Session
from simple_salesforce.api import Salesforce, SFType
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)

from tests.sandbox.client import Org, typed
from tests.support.sandbox import CALLBACK, CLIENT_ID, CLIENT_SECRET, RunningSandbox

HTTPS_CALLBACK = CALLBACK.replace("http://", "https://")


class PlainHttp(HTTPAdapter):
    """Sends to loopback by http what the libraries insist on sending by https."""

    def send(self, request: requests.PreparedRequest, *arguments: Any, **more: Any) -> requests.Response:
        assert request.url
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, *arguments, **more)


def by_plain_http(session: requests.Session, sandbox: RunningSandbox) -> str:
    """Mount the transport; returns the sandbox's address as https."""
    address = sandbox.url.replace("http://", "https://")
    session.trust_env = False
    session.mount(address, PlainHttp())
    return address


@pytest.fixture
def sf(sandbox: RunningSandbox) -> Salesforce:
    """simple-salesforce, signed in."""
    session = requests.Session()
    address = by_plain_http(session, sandbox)
    return Salesforce(
        instance_url=address, session_id=sandbox.sign_in()["access_token"], session=session, version="66.0"
    )


@pytest.fixture
def contact(sf: Salesforce) -> SFType:
    """Its Contact."""
    found = sf.Contact
    assert isinstance(found, SFType)
    return found


def test_simple_salesforce_creates_reads_updates_upserts_and_deletes(contact: SFType) -> None:
    made = contact.create({"LastName": "Smith", "Email": "example@school.example"})
    assert made == {"id": made["id"], "success": True, "errors": []}
    assert contact.get(made["id"])["LastName"] == "Smith"
    assert contact.update(made["id"], {"LastName": "Jones", "FirstName": "John"}) == 204
    assert contact.upsert("Element451_ID__c/el-1", {"LastName": "Upserted"}) == 201
    assert contact.upsert("Element451_ID__c/el-1", {"LastName": "Again"}) == 200
    assert contact.get_by_custom_id("Element451_ID__c", "el-1")["LastName"] == "Again"
    assert contact.delete(made["id"]) == 204
    with pytest.raises(SalesforceResourceNotFound, match="entity is deleted"):
        contact.get(made["id"])


def test_simple_salesforce_describes(sf: Salesforce, contact: SFType) -> None:
    listed = sf.describe()
    assert listed is not None
    assert "Contact" in {item["name"] for item in listed["sobjects"]}
    assert "hed__Race__c" in {field["name"] for field in contact.describe()["fields"]}
    assert contact.metadata()["objectDescribe"]["keyPrefix"] == "003"


def test_simple_salesforce_queries_in_all_its_ways(sf: Salesforce, sandbox: RunningSandbox) -> None:
    for start in range(0, 2100, 200):
        records = [{"LastName": f"L{number}"} for number in range(start, min(start + 200, 2100))]
        sf.restful("composite/sobjects", method="POST", json=typed(*records))
    first = sf.query("SELECT Id, LastName FROM Contact")
    assert (first["totalSize"], first["done"]) == (2100, False)
    by_url = sf.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    by_locator = sf.query_more(first["nextRecordsUrl"].rsplit("/", 1)[1])
    assert len(by_url["records"]) == len(by_locator["records"]) == 100
    assert len(sf.query_all("SELECT Id FROM Contact")["records"]) == 2100
    assert sum(1 for _ in sf.query_all_iter("SELECT Id FROM Contact")) == 2100
    gone = first["records"][0]["Id"]
    sandbox.delete("Contact", gone)
    assert (
        sf.query("SELECT Id FROM Contact WHERE IsDeleted = true", include_deleted=True)["records"][0]["Id"]
        == gone
    )


def test_simple_salesforce_reads_changes_and_limits(
    sf: Salesforce, contact: SFType, sandbox: RunningSandbox
) -> None:
    kept, gone = contact.create({"LastName": "A"})["id"], contact.create({"LastName": "B"})["id"]
    contact.delete(gone)
    sandbox.clock(advance=60)
    now = datetime.now(UTC) + timedelta(seconds=60)
    assert contact.updated(now - timedelta(minutes=10), now + timedelta(minutes=1))["ids"] == [kept]
    assert (
        contact.deleted(now - timedelta(minutes=10), now + timedelta(minutes=1))["deletedRecords"][0]["id"]
        == gone
    )
    limits = sf.limits()
    assert limits["DailyApiRequests"]["Max"] == 100_000
    assert sf.api_usage["api-usage"].total == 100_000


def test_simple_salesforce_sends_collections_by_restful(sf: Salesforce) -> None:
    body = typed({"Element451_ID__c": "a", "LastName": "A"}, {"Element451_ID__c": "b", "LastName": "B"})
    results = sf.restful("composite/sobjects/Contact/Element451_ID__c", method="PATCH", json=body)
    assert isinstance(results, list)
    assert [item["created"] for item in results] == [True, True]


def test_simple_salesforce_raises_its_own_errors(
    sf: Salesforce, contact: SFType, sandbox: RunningSandbox
) -> None:
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD"):
        sf.query("SELECT Nothing FROM Contact")
    with pytest.raises(SalesforceMalformedRequest, match="REQUIRED_FIELD_MISSING"):
        contact.create({"FirstName": "x"})
    for _ in range(2):
        contact.create({"LastName": "x", "Email": "same@school.x"})
    with pytest.raises(SalesforceMoreThanOneRecord):
        contact.get_by_custom_id("Email", "same@school.x")
    sandbox.expire_tokens()
    with pytest.raises(SalesforceExpiredSession):
        sf.query("SELECT Id FROM Contact")


def session_for(sandbox: RunningSandbox, **more: Any) -> tuple[OAuth2Session, str]:
    sandbox.control("POST", "salesforce/callbacks", {"callbacks": [HTTPS_CALLBACK]})
    oauth = OAuth2Session(CLIENT_ID, redirect_uri=HTTPS_CALLBACK, scope=["refresh_token", "api"], **more)
    return oauth, by_plain_http(oauth, sandbox) + "/services/oauth2"


def press(address: str, sandbox: RunningSandbox, answer: str) -> str:
    """What the browser is sent back to when a person presses Allow (1) or Deny (0)."""
    page = requests.get(
        f"{address.replace('https://', 'http://', 1)}&approve={answer}", allow_redirects=False, timeout=10
    )
    return page.headers["Location"]


@pytest.mark.parametrize("in_body", [True, False], ids=["secret in the body", "secret in the header"])
def test_requests_oauthlib_signs_in_with_pkce_refreshes_and_revokes(
    sandbox: RunningSandbox, in_body: bool
) -> None:
    oauth, base = session_for(sandbox, pkce="S256")
    address, state = oauth.authorization_url(f"{base}/authorize")
    back = press(address, sandbox, "1")
    assert f"state={state}" in back
    credentials: Mapping[str, Any] = {"client_secret": CLIENT_SECRET, "include_client_id": in_body}
    token = oauth.fetch_token(f"{base}/token", authorization_response=back, **credentials)
    assert "expires_in" not in token
    assert token["instance_url"] == sandbox.url
    assert oauth.get(base.replace("/oauth2", "/data/v66.0/limits")).status_code == 200

    sandbox.expire_tokens()
    assert oauth.get(f"{base}/userinfo").status_code == 403
    renewed = oauth.refresh_token(
        f"{base}/token",
        refresh_token=token["refresh_token"],
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
    )
    assert renewed["refresh_token"] != token["refresh_token"]
    assert oauth.get(f"{base}/userinfo").json()["user_id"].startswith("005")
    assert (
        requests.post(
            f"{sandbox.url}/services/oauth2/revoke", data={"token": renewed["refresh_token"]}, timeout=10
        ).status_code
        == 200
    )
    with pytest.raises(InvalidGrantError, match="expired access/refresh token"):
        oauth.refresh_token(
            f"{base}/token",
            refresh_token=renewed["refresh_token"],
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
        )


def test_requests_oauthlib_understands_a_denial_and_a_foreign_state(sandbox: RunningSandbox) -> None:
    oauth, base = session_for(sandbox, pkce="S256")
    address, _ = oauth.authorization_url(f"{base}/authorize")
    with pytest.raises(AccessDeniedError):
        oauth.fetch_token(
            f"{base}/token", authorization_response=press(address, sandbox, "0"), client_secret=CLIENT_SECRET
        )
    back = press(address, sandbox, "1").replace("state=", "state=x")
    with pytest.raises(MismatchingStateError):
        oauth.fetch_token(f"{base}/token", authorization_response=back, client_secret=CLIENT_SECRET)


def test_requests_oauthlib_warns_of_the_scope_that_the_org_spells_its_own_way(
    sandbox: RunningSandbox,
) -> None:
    oauth, base = session_for(sandbox, pkce="S256")
    oauth.scope = ["api", "refresh_token", "offline_access"]
    address, _ = oauth.authorization_url(f"{base}/authorize")
    with pytest.raises(Warning, match="Scope has changed"):
        oauth.fetch_token(
            f"{base}/token", authorization_response=press(address, sandbox, "1"), client_secret=CLIENT_SECRET
        )


def test_simple_salesforce_runs_jobs_of_bulk_api_2(sf: Salesforce) -> None:
    rows = [{"LastName": f"Person {number}", "Element451_ID__c": f"a{number}"} for number in range(3)]
    handler: Any = sf.bulk2  # whose types do not tell one API from the other
    bulk = handler.Contact
    (told,) = bulk.upsert(records=rows, external_id_field="Element451_ID__c")
    assert (told["numberRecordsTotal"], told["numberRecordsFailed"]) == (3, 0)
    good = bulk.get_successful_records(told["job_id"])
    assert good.count('"true"') == 3
    pages = list(bulk.query("SELECT LastName FROM Contact ORDER BY LastName", max_records=2))
    assert [page.splitlines()[1:] for page in pages] == [['"Person 0"', '"Person 1"'], ['"Person 2"']]


def test_aiosalesforce_runs_ingest_jobs(sandbox: RunningSandbox, org: Org) -> None:
    class Plain(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            address = httpx.URL(sandbox.url)
            request.url = request.url.copy_with(scheme="http", host=address.host, port=address.port)
            return await super().handle_async_request(request)

    class Token(Auth):
        async def _acquire_new_access_token(self, client: object) -> str:
            return str(sandbox.sign_in()["access_token"])

    async def insert() -> IngestResult:
        async with httpx.AsyncClient(transport=Plain()) as http:
            client = AsyncSalesforce(http, "https://school.my.salesforce.com", Token(), version="66.0")
            return await client.bulk_v2.insert("Contact", [{"LastName": "Lee"}, {"LastName": None}])

    result = asyncio.run(insert())
    assert [row["LastName"] for row in result.successful_results] == ["Lee"]
    assert len(result.failed_results) == 1
    assert [row["LastName"] for row in org.query("SELECT LastName FROM Contact")] == ["Lee"]
