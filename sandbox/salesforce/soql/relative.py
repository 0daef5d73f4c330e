"""Date literals: TODAY, LAST_N_DAYS:n and the rest, each a span of days."""

import re
from collections.abc import Callable
from datetime import date, timedelta

_WITH_NUMBER = re.compile(
    r"(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S:(\d+)|N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO:(\d+)"
)
_NAMED = re.compile(r"(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR)")


def _month(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


_STARTS: dict[str, Callable[[date, int], date]] = {
    "DAY": lambda day, count: day + timedelta(days=count),
    "WEEK": lambda day, count: (
        day - timedelta(days=(day.weekday() + 1) % 7) + timedelta(weeks=count)
    ),  # weeks begin on Sunday (en_US)
    "MONTH": _month,
    "QUARTER": lambda day, count: _month(day.replace(month=day.month - (day.month - 1) % 3), 3 * count),
    "YEAR": lambda day, count: date(day.year + count, 1, 1),
}


def span(literal: str, today: date) -> tuple[date, date] | None:
    """The first day of a date literal's span and the day after its last; None when there is no such
    literal."""
    word = literal.upper()
    days = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1}
    if word in days:
        first = today + timedelta(days=days[word])
        return first, first + timedelta(days=1)
    if word in ("LAST_90_DAYS", "NEXT_90_DAYS"):
        word = word.replace("90", "N") + ":90"
    if named := _NAMED.fullmatch(word):
        start = _STARTS[named[2]]
        shift = {"LAST": -1, "THIS": 0, "NEXT": 1}[named[1]]
        return start(today, shift), start(today, shift + 1)
    counted = _WITH_NUMBER.fullmatch(word)
    if counted is None:
        return None
    if counted[4]:
        start, count = _STARTS[counted[4]], int(counted[5])
        return start(today, -count), start(today, 1 - count)
    start, count = _STARTS[counted[2]], int(counted[3])
    if counted[1] == "NEXT":
        return start(today, 1), start(today, count + 1)
    # LAST_N_DAYS reaches to the end of today, longer units to the end of the last whole one
    return start(today, -count), start(today, 1 if counted[2] == "DAY" else 0)
