"""Datetimes as the account writes them: its zone's offset, to the second. They are kept as ISO text in
UTC."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_FORM = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[+-]\d{2}:\d{2})?")


class Eastern(tzinfo):
    """New York's time by the rule in force since 2007, so that the sandbox needs no time zone database."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """Four hours behind in summer, five in winter."""
        return timedelta(hours=-5) + self.dst(moment)

    def dst(self, moment: datetime | None) -> timedelta:
        """One hour from the second Sunday of March, 2:00, to the first of November, 2:00 (the later 1:30
        counts by ``fold``)."""
        if moment is None:
            return timedelta(0)
        begins, ends = _changes(moment.year)
        local = moment.replace(tzinfo=None)
        first_pass = ends <= local + timedelta(hours=1) and local < ends and moment.fold
        return timedelta(hours=1 if begins <= local < ends and not first_pass else 0)

    def tzname(self, moment: datetime | None) -> str:
        """EST or EDT."""
        return "EDT" if self.dst(moment) else "EST"

    def fromutc(self, moment: datetime) -> datetime:
        """The local time of a UTC one."""
        begins, ends = _changes(moment.year)
        utc = moment.replace(tzinfo=None)
        summer = begins + timedelta(hours=5) <= utc < ends + timedelta(hours=4)
        repeated = not summer and ends + timedelta(hours=4) <= utc < ends + timedelta(hours=5)
        return (moment + timedelta(hours=-4 if summer else -5)).replace(fold=int(repeated))


@lru_cache(maxsize=256)
def _changes(year: int) -> tuple[datetime, datetime]:
    """When summer time begins and ends, in local time."""

    def sunday(month: int, number: int) -> datetime:
        first = datetime(year, month, 1, 2)
        return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))

    return sunday(3, 2), sunday(11, 1)


@lru_cache(maxsize=16)
def zone(name: str) -> tzinfo:
    """The zone called ``name``. Raises ZoneInfoNotFoundError where the machine does not know it."""
    return Eastern() if name == "America/New_York" else ZoneInfo(name)


@lru_cache(maxsize=65536)
def write(stamp: str, name: str) -> str:
    """A kept moment with the zone's offset, such as ``2026-11-23T09:00:00-05:00``."""
    return datetime.fromisoformat(stamp).astimezone(zone(name)).isoformat()


def read(text: str, name: str) -> str:
    """The moment of ``YYYY-MM-DDTHH:MM:SS±HH:MM``, to be kept; without an offset it is local time.
    Raises ValueError for any other form."""
    if not _FORM.fullmatch(text):
        raise ValueError("is not a datetime such as 2026-11-23T09:00:00-05:00")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone(name))
    return moment.astimezone(UTC).isoformat()


def stamp(seconds: int) -> str:
    """Seconds since 1970 as a kept moment."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def seconds(stamp: str) -> int:
    """A kept moment as seconds since 1970."""
    return int(datetime.fromisoformat(stamp).timestamp())
