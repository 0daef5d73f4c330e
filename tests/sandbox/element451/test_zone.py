"""The imitation account's clock on the wall: New York's time, without a time zone database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from sandbox.element451 import zone
from sandbox.element451.options import Element451Options


def test_new_yorks_time_is_that_of_the_time_zone_database() -> None:
    try:
        real = ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        pytest.skip("this machine has no time zone database")
    moment = datetime(2008, 1, 1, tzinfo=UTC)
    while moment.year < 2036:
        local = moment.astimezone(zone.Eastern())
        assert local.isoformat() == moment.astimezone(real).isoformat()
        assert local.astimezone(UTC) == moment
        moment += timedelta(minutes=30 if moment.month in (3, 11) and moment.day < 15 else 1440)


@pytest.mark.parametrize(
    ("stamp", "written"),
    [
        ("2026-03-08T06:59:59+00:00", "2026-03-08T01:59:59-05:00"),
        ("2026-03-08T07:00:00+00:00", "2026-03-08T03:00:00-04:00"),
        ("2026-11-01T05:30:00+00:00", "2026-11-01T01:30:00-04:00"),
        ("2026-11-01T06:30:00+00:00", "2026-11-01T01:30:00-05:00"),
    ],
)
def test_summer_time_begins_and_ends_in_the_night(stamp: str, written: str) -> None:
    assert zone.write(stamp, "America/New_York") == written
    assert zone.read(written, "America/New_York") == stamp


def test_knobs_take_the_words_they_know() -> None:
    options = Element451Options()
    options.element451_empties = "blank"
    with pytest.raises(ValueError, match="mixed, blank, null, absent"):
        options.element451_empties = "nothing"
    with pytest.raises(KeyError):
        options.element451_zone = "Mars/Olympus"
    assert (options.element451_empties, options.element451_zone) == ("blank", "America/New_York")
