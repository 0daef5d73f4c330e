"""Times and durations in words, in the time zone of whoever is looking.

Not humanize: it says "4 minutes from now" and "a minute ago", and computes with the local time of the server,
which is an hour off when the clocks change.
"""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from syncer.core.text import counted

_DAY = 86_400
_UNITS = ((1, "second", 60), (60, "minute", 60), (3600, "hour", 24))
"""For each unit its seconds, its name, and from how many of them on the next one is used."""
_JUST_NOW = 5
"""Fewer seconds than this are not counted."""
_DAY_NAMES = {0: "today", -1: "yesterday", 1: "tomorrow"}


def zone() -> tzinfo:
    """The viewer's time zone; UTC if the browser names none, or one that is unknown here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def local(moment: datetime) -> datetime:
    """``moment`` in the viewer's time zone."""
    return moment.astimezone(zone())


def when(moment: datetime, now: datetime | None = None) -> str:
    """A moment in the viewer's time zone: "today 14:05", "yesterday 09:30", "Tue, Sep 1, 14:05"; with the
    year if it is not the current one: "Sep 1, 2025, 14:05"."""
    there = local(moment)
    today = local(now or datetime.now(UTC)).date()
    clock = f"{there:%H:%M}"
    name = _DAY_NAMES.get((there.date() - today).days)
    if name:
        return f"{name} {clock}"
    day = f"{there:%b} {there.day}"
    return f"{there:%a}, {day}, {clock}" if there.year == today.year else f"{day}, {there.year}, {clock}"


def day(moment: datetime, now: datetime | None = None) -> str:
    """The day of a moment in the viewer's time zone: "Today", "Yesterday", "Tue, Sep 1"; with the year if it
    is not the current one: "Sep 1, 2025"."""
    there, today = local(moment), local(now or datetime.now(UTC)).date()
    name = _DAY_NAMES.get((there.date() - today).days)
    if name:
        return name.capitalize()
    told = f"{there:%b} {there.day}"
    return f"{there:%a}, {told}" if there.year == today.year else f"{told}, {there.year}"


def ago(moment: datetime, now: datetime | None = None) -> str:
    """How long ago a moment was, or how far off it is: "just now", "3 hours ago", "in 4 minutes"."""
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    if abs(seconds) < _JUST_NOW:
        return "just now" if seconds >= 0 else "in a moment"
    distance = _roughly(abs(seconds))
    return f"{distance} ago" if seconds > 0 else f"in {distance}"


def duration(seconds: float) -> str:
    """A duration by its two largest units: "0.4 s", "12 s", "3 min 20 s", "1 h 5 min"."""
    if seconds < 1:
        return f"{max(seconds, 0):.1f} s"
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    units = [(hours, "h"), (minutes, "min")] if hours else [(minutes, "min"), (left, "s")]
    return " ".join(f"{number} {unit}" for number, unit in units if number)


def _roughly(seconds: float) -> str:
    for size, unit, limit in _UNITS:
        number = round(seconds / size)
        if number < limit:
            return counted(number, unit)
    return counted(round(seconds / _DAY), "day")
