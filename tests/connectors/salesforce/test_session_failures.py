"""What passes is tried again; limits and lasting troubles are not, and each says what to do."""

from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from syncer.connectors.errors import (
    Fault,
    FieldRefused,
    LimitReached,
    NotAllowed,
    Unexpected,
    Unreachable,
)
from syncer.connectors.retry import RetryPolicy
from tests.connectors.salesforce.replying_org import NOW, OBJECTS, error, org
from tests.connectors.salesforce.scripted_server import (
    HTML,
    Reply,
)


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
    assert raised.value.detail.startswith("HTTP 503, text/html, ")


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
        with pytest.raises(LimitReached):
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


@pytest.mark.parametrize("reply", [Reply(HTML, 410), Reply(HTML, 414), error("NOT_FOUND", "Gone.", 410)])
def test_a_status_that_somebody_can_do_something_about_says_what(tmp_path: Path, reply: Reply) -> None:
    with org(tmp_path, reply) as (_, client), pytest.raises(Unexpected) as raised:
        client.entities()
    assert raised.value.code == f"HTTP {reply.status}"
    assert "whoever runs this installation" in raised.value.sentence.lower()
