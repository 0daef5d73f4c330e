"""Date-times as Salesforce keeps and shows them: UTC, to the second, ``2026-11-23T12:00:00.000+0000``
(contracts/salesforce.md A6)."""

import re
from datetime import UTC, date, datetime

_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)")
_STORED = "%Y-%m-%dT%H:%M:%S.000+0000"


def stamp(moment: datetime) -> str:
    """A moment as stored and shown; what is less than a second is dropped. Text of this form sorts by
    time."""
    return moment.astimezone(UTC).strftime(_STORED)


def parse_datetime(text: str) -> datetime | None:
    """A moment as clients write it, with a zone; None when it is not one."""
    if not _SHAPE.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def parse_date(text: str) -> date | None:
    """A ``yyyy-MM-dd`` date; None when it is not one."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
