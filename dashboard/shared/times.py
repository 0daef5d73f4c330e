"""Times as whoever looks reads them: in the time zone of their browser, with today and yesterday by name, and
how long ago or from now."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from syncer.core.text import counted

_DAY = 86_400
_UNITS = ((1, "second", 60), (60, "minute", 60), (3600, "hour", 24))
_JUST_NOW = 5
"""Seconds that nobody wants to have counted."""


def zone() -> tzinfo:
    """The time zone of whoever looks; UTC where their browser does not tell, or tells of one that is not
    known here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def local(moment: datetime) -> datetime:
    """``moment`` in the viewer's time zone, for tables and charts."""
    return moment.astimezone(zone())


def when(moment: datetime, now: datetime | None = None) -> str:
    """A moment in the viewer's time zone: “today 14:05”, “yesterday 9:30”, “Tue, Sep 1, 14:05”, and with its
    year where that is another one."""
    here, today = local(moment), local(now or datetime.now(UTC)).date()
    apart, clock = (here.date() - today).days, f"{here:%H:%M}"
    if named := {0: "today", -1: "yesterday", 1: "tomorrow"}.get(apart):
        return f"{named} {clock}"
    day = f"{here:%b} {here.day}"
    return f"{here:%a}, {day}, {clock}" if here.year == today.year else f"{day}, {here.year}, {clock}"


def ago(moment: datetime, now: datetime | None = None) -> str:
    """How long ago, or from now: “just now”, “3 hours ago”, “in 4 minutes”."""
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    if abs(seconds) < _JUST_NOW:
        return "just now" if seconds >= 0 else "in a moment"
    return f"{_roughly(abs(seconds))} ago" if seconds > 0 else f"in {_roughly(abs(seconds))}"


def duration(seconds: float) -> str:
    """How long something took, by its two largest units: “0.4 s”, “12 s”, “3 min 20 s”, “1 h 5 min”."""
    if seconds < 1:
        return f"{max(seconds, 0):.1f} s"
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (left, "s")) if not hours else ((hours, "h"), (minutes, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def _roughly(seconds: float) -> str:
    for size, unit, most in _UNITS:
        if (number := round(seconds / size)) < most:
            return counted(number, unit)
    return counted(round(seconds / _DAY), "day")
