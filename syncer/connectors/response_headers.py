"""What the headers of a reply say about time: the server's clock, and how long it asks to wait. Both systems
are read by these. No I/O.

``urllib3.util.Retry.parse_retry_after`` is not used: it measures a date by this machine's clock, raises on a
number of thousands of digits, and knows no limit.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

MAX_RETRY_AFTER = timedelta(hours=6)
"""However long a server asks to wait, it is asked again after this time."""
_BELIEVABLE = timedelta(days=366)
"""A longer wait is a mistake of the server, as good as none given."""


def utc_now() -> datetime:
    """This machine's time, in UTC."""
    return datetime.now(UTC)


def server_time(response: requests.Response, clock: Callable[[], datetime] = utc_now) -> datetime:
    """The server's clock when it was asked, to the second: the reply's Date less the time that the reply
    took; ``clock`` where there is no valid Date."""
    return (_date(response.headers.get("Date"), clock) - response.elapsed).replace(microsecond=0)


def retry_after(response: requests.Response, clock: Callable[[], datetime] = utc_now) -> float | None:
    """The seconds that a reply asks to wait, given as a number or as a date: at most `MAX_RETRY_AFTER`. None
    where it asks for nothing, or for nothing that makes sense."""
    text = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,12}", text):
        wait = int(text)
    else:
        until = _parsed(text)
        if until is None:
            return None
        # By the server's own clock, which may differ from ours.
        wait = max(0, int((until - _date(response.headers.get("Date"), clock)).total_seconds()))
    if wait > _BELIEVABLE.total_seconds():
        return None
    return min(float(wait), MAX_RETRY_AFTER.total_seconds())


def _date(text: str | None, clock: Callable[[], datetime]) -> datetime:
    return _parsed(text or "") or clock().astimezone(UTC)


def _parsed(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
