"""What every call to Salesforce shares: the token and its renewal, tries, limits, and where requests may
go."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from syncer.connectors.errors import (
    Fault,
    FieldRefused,
    LimitReached,
    NotAllowed,
    ReconnectNeeded,
    Unexpected,
    Unreachable,
)
from syncer.connectors.protocol import Write
from syncer.connectors.retry import RetryPolicy
from syncer.connectors.salesforce import SalesforceClient
from syncer.core.fields import Entity
from tests.connectors.scripted import (
    EXPIRED,
    HTML,
    SECRET,
    Asked,
    FileStore,
    Reply,
    Scripted,
    refused,
    scripted,
    some_tokens,
    token_reply,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OBJECTS = Reply(
    {
        "sobjects": [
            {"name": "Contact", "label": "Contact", "queryable": True, "createable": True, "updateable": True}
        ]
    }
)
CONTACT = Entity("Contact", "Contact", {})
ONE = [Write("update", {"FirstName": "Ann"}, id="003xx000004TmiQAAS")]
WRITTEN = Reply(
    {
        "compositeResponse": [
            {
                "referenceId": "p0",
                "httpStatusCode": 200,
                "httpHeaders": {},
                "body": [{"id": "003xx000004TmiQAAS", "success": True, "errors": []}],
            }
        ]
    }
)


@contextmanager
def org(
    tmp_path: Path, *replies: Reply | Callable[[Asked], Reply], **options: Any
) -> Iterator[tuple[Scripted, SalesforceClient]]:
    """A client of a server that gives these replies in turn, the last one for ever; tokens are renewed all
    the while."""
    left = list(replies)
    tokens = iter(range(2, 1000))

    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/token"):
            return token_reply(f"http://{asked.headers['host']}", f"00Dxx!{next(tokens)}", None)
        answer = left.pop(0) if len(left) > 1 else left[0]
        return answer if isinstance(answer, Reply) else answer(asked)

    with scripted(script) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address, "00Dxx!1"))
        quick = RetryPolicy(base_delay=0.001, max_delay=5, sleep=lambda seconds: None)
        client = SalesforceClient(
            store,
            client_id="client",
            client_secret=SECRET,
            allowed_hosts=[server.host],
            **{"retry": quick, "clock": lambda: NOW, **options},
        )
        yield server, client


def error(code: str, message: str = "", status: int = 400, **headers: str) -> Reply:
    return Reply([{"errorCode": code, "message": message}], status, headers)


def data_calls(server: Scripted) -> list[Asked]:
    return [asked for asked in server.asked if "/data/" in asked.path]


def test_calls_carry_the_token_the_version_and_who_we_are(tmp_path: Path) -> None:
    with org(tmp_path, OBJECTS) as (server, client):
        assert client.entities() == [("Contact", "Contact")]
        asked = server.asked[0]
        assert asked.path == "/services/data/v66.0/sobjects"
        assert asked.token == "00Dxx!1"
        assert asked.headers["sforce-call-options"] == "client=element451-sync"
        assert asked.headers["sforce-mru"] == "updateMru=false"
        assert "x-prettyprint" not in asked.headers
        assert client.calls == 1


def test_an_expired_session_is_renewed_once_and_the_call_repeated(tmp_path: Path) -> None:
    with org(tmp_path, Reply(EXPIRED, 401), OBJECTS) as (server, client):
        assert client.entities()
        assert [asked.token for asked in data_calls(server)] == ["00Dxx!1", "00Dxx!2"]
        assert len(server.paths("token")) == 1
        client.entities()
        assert server.asked[-1].token == "00Dxx!2"


def test_a_newer_token_of_another_process_that_has_expired_as_well_is_renewed(tmp_path: Path) -> None:
    with org(tmp_path, OBJECTS, Reply(EXPIRED, 401), Reply(EXPIRED, 401), OBJECTS) as (server, client):
        client.entities()
        FileStore(tmp_path / "grant", some_tokens(server.address, "00Dxx!other"))
        assert client.entities()
        assert [asked.token for asked in data_calls(server)] == [
            "00Dxx!1",
            "00Dxx!1",
            "00Dxx!other",
            "00Dxx!2",
        ]


def test_a_session_that_is_refused_for_ever_does_not_loop(tmp_path: Path) -> None:
    with org(tmp_path, Reply(EXPIRED, 401)) as (server, client):
        with pytest.raises(NotAllowed):
            client.entities()
        assert (len(data_calls(server)), len(server.paths("token"))) == (2, 1)
        for _ in range(20):
            with pytest.raises(Fault):
                client.entities()
        assert len(server.paths("token")) == 10


@pytest.mark.parametrize(
    "message",
    ["This session is not valid for use with the REST API", "Connected app is not attached to Agent"],
)
def test_a_refusal_that_a_new_session_does_not_cure_renews_nothing(tmp_path: Path, message: str) -> None:
    with org(tmp_path, error("INVALID_SESSION_ID", message, 401)) as (server, client):
        with pytest.raises(NotAllowed):
            client.entities()
        assert (len(data_calls(server)), len(server.paths("token"))) == (1, 0)


def test_a_lapsed_sign_in_says_that_someone_must_connect_again(tmp_path: Path) -> None:
    with org(tmp_path, Reply(EXPIRED, 401)) as (server, client):
        usual = server.script
        server.script = lambda asked: (
            refused("invalid_grant", "expired access/refresh token")
            if asked.path.endswith("/token")
            else usual(asked)
        )
        with pytest.raises(ReconnectNeeded):
            client.entities()


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(HTML, 503),
        Reply(None, 502),
        Reply("", 420),
        Reply(None, 406),
        Reply("busy", 429),
        Reply(HTML, 200),
        Reply(None, 200),
        Reply(cut=True),
        Reply(None, 302, {"Location": "https://down.test/"}),
        error("SERVER_UNAVAILABLE", "Server temporarily unavailable", 503),
        error("UNKNOWN_EXCEPTION", "An unexpected error occurred. Please include this ErrorId", 500),
        error("TOO_MANY_APEX_REQUESTS"),
        error("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", 403),
    ],
    ids=repr,
)
def test_a_passing_trouble_is_tried_again(tmp_path: Path, trouble: Reply) -> None:
    with org(tmp_path, trouble, trouble, OBJECTS) as (server, client):
        assert client.entities()
        assert len(server.asked) == client.calls == 3


def test_a_trouble_that_stays_ends_after_some_tries(tmp_path: Path) -> None:
    with org(tmp_path, Reply(HTML, 503)) as (server, client), pytest.raises(Unreachable) as raised:
        client.entities()
    assert len(server.asked) == 4
    assert "tried again later" in raised.value.sentence
    assert "maintenance" in raised.value.detail


def test_nobody_at_the_address_is_unreachable(tmp_path: Path) -> None:
    with org(tmp_path, OBJECTS) as (server, client):
        pass
    with pytest.raises(Unreachable):
        client.entities()
    assert client.calls == 4
    assert not server.asked


def test_retry_after_is_waited_for_and_a_long_one_ends_the_tries(tmp_path: Path) -> None:
    waited: list[float] = []
    policy = RetryPolicy(base_delay=0.001, max_delay=5, sleep=waited.append)
    later = format_datetime(NOW + timedelta(seconds=3), usegmt=True)
    with org(
        tmp_path,
        Reply("busy", 429, {"Retry-After": "2"}),
        error(
            "SERVER_UNAVAILABLE", "", 503, **{"Retry-After": later, "Date": format_datetime(NOW, usegmt=True)}
        ),
        OBJECTS,
        retry=policy,
    ) as (
        _,
        client,
    ):
        client.entities()
        assert waited == [2, 3]
    with org(tmp_path, Reply("busy", 429, {"Retry-After": "600"}), retry=policy) as (server, client):
        with pytest.raises(Unreachable):
            client.entities()
        assert len(server.asked) == 1


def test_the_waits_grow_at_random_from_the_base(tmp_path: Path) -> None:
    waited: list[float] = []
    policy = RetryPolicy(base_delay=0.5, sleep=waited.append)
    with (
        org(tmp_path, Reply(HTML, 503), retry=policy) as (_, client),
        pytest.raises(Unreachable),
    ):
        client.entities()
    assert len(waited) == 3
    assert all(0 <= seconds <= 0.5 * 2**number for number, seconds in enumerate(waited))


def test_the_daily_limit_stops_at_once_and_says_until_when(tmp_path: Path) -> None:
    with org(tmp_path, error("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403)) as (
        server,
        client,
    ):
        with pytest.raises(LimitReached) as raised:
            client.entities()
        assert raised.value.until == NOW + timedelta(hours=1)
        assert "daily limit" in raised.value.sentence
        assert "13:00 UTC" in raised.value.sentence
        assert len(server.asked) == 1


def test_maintenance_stops_and_says_until_when(tmp_path: Path) -> None:
    with (
        org(tmp_path, error("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE")) as (_, client),
        pytest.raises(LimitReached),
    ):
        client.entities()


def test_our_share_of_the_daily_limit_is_not_exceeded(tmp_path: Path) -> None:
    metered = Reply(
        OBJECTS.body,
        headers={"Sforce-Limit-Info": "api-usage=900/1000; per-app-api-usage=17/250(appName=sample-app)"},
    )
    with org(tmp_path, metered, api_share_percent=50, spent_before=lambda: 497) as (server, client):
        for _ in range(3):
            client.entities()
        assert client.usage == (900, 1000)
        with pytest.raises(LimitReached) as raised:
            client.entities()
        assert "500 of 1,000 (50 %)" in raised.value.sentence
        assert len(server.asked) == client.calls == 3


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (
            error("API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner", 403),
            NotAllowed,
        ),
        (error("INVALID_FIELD", "No such column 'X' on entity 'Contact'"), FieldRefused),
        (error("INVALID_TYPE", "sObject type 'X' is not supported."), FieldRefused),
        (error("MALFORMED_QUERY", "unexpected token"), Unexpected),
        (Reply(HTML, 403), Unexpected),
        (Reply([], 400), Unexpected),
    ],
)
def test_a_lasting_trouble_is_not_tried_again(tmp_path: Path, reply: Reply, kind: type[Fault]) -> None:
    with org(tmp_path, reply) as (server, client), pytest.raises(kind):
        client.entities()
    assert len(server.asked) == 1


def test_a_redirect_never_takes_the_token_elsewhere(tmp_path: Path) -> None:
    with (
        scripted(lambda asked: OBJECTS) as thief,
        org(tmp_path, Reply(None, 301, {"Location": thief.address})) as (_, client),
    ):
        with pytest.raises(Unreachable):
            client.entities()
        assert not thief.asked


def test_a_next_page_elsewhere_is_not_followed(tmp_path: Path) -> None:
    with scripted(lambda asked: OBJECTS) as thief:
        for address in (
            thief.address + "/services/data/v66.0/query/x",
            f"//{thief.host}/services/data/x",
            "https://evil.test/services/data/x",
        ):
            page = Reply({"totalSize": 9, "done": False, "nextRecordsUrl": address, "records": []})
            with org(tmp_path, page) as (_, client), pytest.raises(Unexpected):
                client.read(CONTACT, ["003xx000004TmiQAAS"], [])
        assert not thief.asked


def test_a_name_that_is_none_never_gets_into_an_address(tmp_path: Path) -> None:
    with org(tmp_path, OBJECTS) as (server, client):
        for name in ("../oauth2/userinfo", "//evil.test/x", "Contact/describe?x=", "", "Con tact"):
            with pytest.raises(FieldRefused):
                client.describe(name)
        assert not server.asked


def test_login_data_of_the_machine_does_not_replace_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with org(tmp_path, OBJECTS) as (server, client):
        client.entities()
        assert server.asked[0].token == "00Dxx!1"


def test_large_bodies_are_compressed_unless_the_server_cannot_read_that(tmp_path: Path) -> None:
    long = [Write("update", {"Description": "x" * 5000}, id="003xx000004TmiQAAS")]
    with org(tmp_path, WRITTEN) as (server, client):
        client.write(CONTACT, long)
        client.write(CONTACT, ONE)
        assert [asked.headers.get("content-encoding") for asked in server.asked] == ["gzip", None]
        assert b"xxxxx" in gzip.decompress(server.asked[0].raw)
    with org(tmp_path, Reply([], 415), WRITTEN) as (server, client):
        assert client.write(CONTACT, long)[0].refusal is None
        client.write(CONTACT, long)
        assert [asked.headers.get("content-encoding") for asked in server.asked] == ["gzip", None, None]


def test_whoever_owns_the_run_is_asked_before_every_request_that_writes(tmp_path: Path) -> None:
    before: list[int] = []
    with org(
        tmp_path, Reply(HTML, 503), Reply(EXPIRED, 401), WRITTEN, before_send=lambda: before.append(1)
    ) as (server, client):
        assert client.write(CONTACT, ONE)[0].refusal is None
        assert len(before) == len(data_calls(server)) == 3
        with pytest.raises(Unexpected):
            client.entities()
        assert len(before) == 3


def test_a_run_that_lost_its_lease_sends_nothing_more(tmp_path: Path) -> None:
    class LeaseLostError(Exception):
        pass

    def lost() -> None:
        raise LeaseLostError

    with org(tmp_path, WRITTEN, before_send=lost) as (server, client):
        with pytest.raises(LeaseLostError):
            client.write(CONTACT, ONE)
        assert not server.asked
