"""When a record that a read did not bring is gone (rule 9)."""

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import given

from syncer.core.records import Record, RecordState
from syncer.core.trust.absence import PROVED_AFTER, after_absence

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BESIDE = Record("1", {}, RecordState.ABSENT, beside_living=True)
ALONE = Record("1", {}, RecordState.ABSENT)
LISTED = Record("1", {}, RecordState.ABSENT, listed=True)


def test_a_first_absence_beside_a_living_record_is_noted_and_proves_nothing() -> None:
    assert after_absence(RecordState.LIVE, None, BESIDE, NOW) == (RecordState.ABSENT, NOW)


def test_a_record_is_gone_when_two_looks_a_day_apart_did_not_bring_it() -> None:
    day = NOW + PROVED_AFTER
    assert after_absence(RecordState.ABSENT, NOW, BESIDE, day - timedelta(seconds=1)) == (
        RecordState.ABSENT,
        NOW,
    )
    assert after_absence(RecordState.ABSENT, NOW, BESIDE, day) == (RecordState.GONE, NOW)


def test_an_answer_without_any_living_record_teaches_nothing() -> None:
    assert after_absence(RecordState.LIVE, None, ALONE, NOW) == (RecordState.LIVE, None)
    assert after_absence(RecordState.ABSENT, NOW, ALONE, NOW + 5 * PROVED_AFTER) == (RecordState.ABSENT, NOW)


def test_a_record_that_is_listed_and_not_read_is_asked_for_again_and_never_gone() -> None:
    assert after_absence(RecordState.LIVE, None, LISTED, NOW) == (RecordState.ABSENT, None)
    assert after_absence(RecordState.ABSENT, NOW, LISTED, NOW + 5 * PROVED_AFTER) == (RecordState.ABSENT, NOW)


def test_what_left_the_recycle_bin_is_gone_and_what_was_merged_stays_merged() -> None:
    assert after_absence(RecordState.DELETED, None, BESIDE, NOW)[0] is RecordState.GONE
    assert after_absence(RecordState.DELETED, None, ALONE, NOW)[0] is RecordState.DELETED
    assert after_absence(RecordState.MERGED, None, BESIDE, NOW)[0] is RecordState.MERGED


@given(
    st.lists(
        st.tuples(st.timedeltas(timedelta(0), timedelta(hours=30)), st.sampled_from([BESIDE, ALONE, LISTED]))
    )
)
def test_a_living_record_is_gone_only_after_two_witnessed_looks_a_day_apart(
    looks: list[tuple[timedelta, Record]],
) -> None:
    state, since, now = RecordState.LIVE, None, NOW
    witnessed: list[datetime] = []
    for pause, absent in looks:
        now += pause
        state, since = after_absence(state, since, absent, now)
        witnessed += [now] if absent is BESIDE else []
    proved = bool(witnessed) and witnessed[-1] - witnessed[0] >= PROVED_AFTER
    assert (state is RecordState.GONE) == proved
