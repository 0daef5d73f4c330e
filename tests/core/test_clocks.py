"""Whose clock a watermark may follow (rule 23)."""

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import given

from syncer.core.trust.clocks import TRUSTED, reading_began

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_date_that_is_minutes_off_is_trusted_and_never_ahead_of_our_clock() -> None:
    assert reading_began(NOW + TRUSTED, NOW, NOW) == (NOW, timedelta(0))
    assert reading_began(NOW - TRUSTED, NOW, NOW) == (NOW - TRUSTED, timedelta(0))


def test_a_date_a_day_off_widens_the_overlap_by_a_day() -> None:
    assert reading_began(NOW + DAY, NOW, NOW) == (NOW, DAY)
    assert reading_began(NOW - DAY, NOW, NOW) == (NOW - 2 * DAY, DAY)


def test_an_answer_that_took_long_makes_no_date_wrong() -> None:
    assert reading_began(NOW + timedelta(hours=1), NOW, NOW + timedelta(hours=1)) == (NOW, timedelta(0))


@given(st.timedeltas(-2 * DAY, 2 * DAY), st.timedeltas(timedelta(0), timedelta(hours=2)))
def test_a_reading_never_began_after_either_clock(off: timedelta, took: timedelta) -> None:
    began, _ = reading_began(NOW + off, NOW, NOW + took)
    assert began <= min(NOW, NOW + off)
