"""When a failed record is tried next: the one place where that is decided (the calls themselves are retried
by the connectors). Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from syncer.core.error_codes.entry import Cause
from syncer.sync.pair_rows import LONGEST_WAIT

FIRST, LONGEST = timedelta(minutes=14), timedelta(hours=6)
"""A passing failure is tried in the next run. From the second failure on it pauses for the first of these,
then for twice as long each time, up to the longest."""
DAILY = LONGEST_WAIT
"""A lasting failure waits until something changes, but is tried once a day: a rule in Salesforce may have
been corrected."""


def try_after(failures: Iterable[tuple[Cause, int]], now: datetime) -> datetime | None:
    """The moment until which a pair pauses, from the (cause, tries) of its failures; None where the next run
    tries it."""
    waits = [_wait(cause, tries) for cause, tries in failures]
    soonest = min(waits, default=timedelta())
    return now + soonest if soonest else None


def _wait(cause: Cause, tries: int) -> timedelta:
    if cause is not Cause.PASSING:
        return DAILY
    return min(FIRST * 2 ** min(tries - 2, 10), LONGEST) if tries > 1 else timedelta()
