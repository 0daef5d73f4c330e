"""Times as whoever looks reads them."""

from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.shared import times

NOW = datetime(2026, 9, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (4, "just now"),
        (20, "20 seconds ago"),
        (60, "1 minute ago"),
        (59 * 60, "59 minutes ago"),
        (3600, "1 hour ago"),
        (3 * 3600 + 100, "3 hours ago"),
        (86_400, "1 day ago"),
        (12 * 86_400, "12 days ago"),
        (-2, "in a moment"),
        (-4 * 60, "in 4 minutes"),
        (-3600, "in 1 hour"),
    ],
)
def test_it_says_roughly_how_long_ago_or_from_now(seconds: float, words: str) -> None:
    assert times.ago(NOW - timedelta(seconds=seconds), NOW) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "today 12:00"),
        (NOW - timedelta(hours=13), "yesterday 23:00"),
        (NOW + timedelta(hours=12), "tomorrow 00:00"),
        (NOW - timedelta(days=3), "Sun, Aug 30, 12:00"),
        (NOW - timedelta(days=400), "Jul 29, 2025, 12:00"),
    ],
)
def test_days_near_to_today_go_by_their_names(moment: datetime, words: str) -> None:
    assert times.when(moment, NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.04, "0.0 s"),
        (0.4, "0.4 s"),
        (1, "1 s"),
        (12.4, "12 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (3600, "1 h"),
        (3900, "1 h 5 min"),
        (90_000, "25 h"),
    ],
)
def test_a_duration_is_told_by_its_two_largest_units(seconds: float, words: str) -> None:
    assert times.duration(seconds) == words


@pytest.mark.parametrize(
    ("name", "clock"),
    [
        ("Asia/Tokyo", "21:00"),
        ("America/New_York", "08:00"),
        ("Nowhere/Else", "12:00"),
        ("../x", "12:00"),
        (None, "12:00"),
    ],
)
def test_times_are_those_of_the_viewers_own_zone(name: str | None, clock: str) -> None:
    at = AppTest.from_function(_a_page_with_a_time, default_timeout=60)
    at.context = {"timezone": name} if name else {}
    assert [text.value for text in at.run().text] == [f"Sep 2, 2020, {clock}"]


def _a_page_with_a_time() -> None:
    from datetime import UTC, datetime

    import streamlit as st

    from dashboard.shared import times

    st.text(times.when(datetime(2020, 9, 2, 12, tzinfo=UTC)))
