"""The server's clock and Retry-After, as both systems' replies give them."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from syncer.connectors.response_headers import MAX_RETRY_AFTER, retry_after, server_time

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIX_HOURS = MAX_RETRY_AFTER.total_seconds()


def a_reply(headers: dict[str, str], took: float = 0.0) -> requests.Response:
    response = requests.Response()
    response.headers.update(headers)
    response.elapsed = timedelta(seconds=took)
    return response


def at(when: datetime) -> str:
    return format_datetime(when, usegmt=True)


def waits(text: str, **headers: str) -> float | None:
    return retry_after(a_reply({"Retry-After": text, **headers}), lambda: NOW)


@pytest.mark.parametrize(("text", "seconds"), [("7", 7), (" 120 ", 120), ("0", 0), ("7200", 7200)])
def test_a_number_of_seconds_is_waited(text: str, seconds: float) -> None:
    assert waits(text) == seconds


def test_a_date_is_measured_by_the_servers_own_clock() -> None:
    assert waits(at(NOW + timedelta(seconds=90))) == 90
    ahead = NOW + timedelta(days=40)
    assert waits(at(ahead + timedelta(seconds=90)), Date=at(ahead)) == 90
    assert waits(at(NOW - timedelta(hours=1))) == 0


@pytest.mark.parametrize(
    "text", ["21601", "86400", at(NOW + timedelta(days=3)), at(NOW + timedelta(days=300))]
)
def test_no_wait_is_longer_than_six_hours(text: str) -> None:
    assert waits(text) == SIX_HOURS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1e30",
        "²",
        "٣",
        "-5",
        "+5",
        "1.5",
        "soon",
        "9" * 13,
        "9" * 5000,
        "999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Fri, 31 Dec 9999 23:59:59 -1400",
        "Fri, 31 Dec 99999 23:59:59 GMT",
        "Fri, 99 Dec 2026 23:59:59 GMT",
    ],
)
def test_an_odd_header_is_as_good_as_none(text: str) -> None:
    assert waits(text) is None


def test_without_the_header_no_wait_is_asked_for() -> None:
    assert retry_after(a_reply({}), lambda: NOW) is None


def test_the_servers_time_is_that_of_the_question() -> None:
    then = NOW + timedelta(days=2)
    assert server_time(a_reply({"Date": at(then)}, took=3.4), lambda: NOW) == then - timedelta(seconds=4)


@pytest.mark.parametrize("date", ["", "yesterday", "Fri, 99 Dec 2026 23:59:59 GMT"])
def test_without_a_valid_date_our_own_clock_serves(date: str) -> None:
    assert server_time(a_reply({"Date": date} if date else {}, took=1), lambda: NOW) == NOW - timedelta(
        seconds=1
    )
