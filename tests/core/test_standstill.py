"""Why nothing happens by the clock although everything works: pure laws of going live and of pauses."""

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from syncer.core.trust.standstill import LONGEST_SCHEDULE_PAUSE, BadPause, Pause, StandstillCause, decide

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
FAR = timedelta(days=3)


def pause(hours: float) -> Pause:
    return Pause.of(NOW + timedelta(hours=hours), "Ann", NOW)


def test_a_schedule_that_is_live_and_not_paused_goes_on() -> None:
    assert decide(live=True, pause=None, rejected=None, now=NOW) is None


def test_what_never_went_live_is_told_before_anything_else() -> None:
    stands = decide(live=False, pause=pause(1), rejected=7, now=NOW)
    assert stands
    assert stands.cause is StandstillCause.NOT_LIVE


def test_a_pause_says_who_and_until_when_and_ends_by_itself() -> None:
    stands = decide(live=True, pause=pause(6), rejected=None, now=NOW)
    assert stands
    assert (stands.cause, stands.by, stands.until) == (
        StandstillCause.PAUSED,
        "Ann",
        NOW + timedelta(hours=6),
    )
    assert stands.sentence.startswith("Paused until 2026-09-01 14:00 UTC by Ann.")
    assert decide(live=True, pause=pause(6), rejected=None, now=NOW + timedelta(hours=6)) is None


def test_a_rejection_outlasts_a_pause() -> None:
    stands = decide(live=True, pause=pause(1), rejected=7, now=NOW)
    assert stands
    assert (stands.cause, stands.run, stands.until) == (StandstillCause.REJECTED, 7, None)


@pytest.mark.parametrize("hours", [-1, 0, 24.01, 100])
def test_no_pause_is_over_already_or_longer_than_a_day(hours: float) -> None:
    with pytest.raises(BadPause):
        pause(hours)


@settings(max_examples=40)
@given(st.timedeltas(-FAR, FAR), st.timedeltas(-FAR, FAR))
def test_no_stored_pause_holds_the_schedule_up_for_longer_than_a_day_whatever_the_clocks_said(
    since: timedelta, until: timedelta
) -> None:
    """Rule 23: a moment ahead of our own clock is not trusted."""
    stored = Pause(NOW + until, "Ann", NOW + since)
    if decide(live=True, pause=stored, rejected=None, now=NOW):
        later = NOW + LONGEST_SCHEDULE_PAUSE + timedelta(minutes=6)
        assert decide(live=True, pause=stored, rejected=None, now=later) is None
