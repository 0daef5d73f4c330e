"""What it proves when a read by ID does not return the record (rule 9). Pure: the moment is given."""

from datetime import datetime, timedelta

from syncer.core.records import Record, RecordState
from syncer.core.trust.clocks import is_credible

PROVED_AFTER = timedelta(hours=24)
"""A record that two reads at least this far apart did not bring is gone, unless one in between brought it."""


def after_absence(
    known: RecordState, since: datetime | None, absent: Record, now: datetime
) -> tuple[RecordState, datetime | None]:
    """The state of a record that was ``known`` in one and that a read did not bring, and since when it counts
    as absent (None: not yet). ``absent`` is what came of that read.

    Where the system lists the record all the same, the read contradicts the list: that proves nothing, and
    the record is asked for again. A read that brought no other living record proves nothing either. What was
    in the recycle bin is gone once it is not there any more.
    """
    if absent.listed:
        return (RecordState.ABSENT if known is RecordState.LIVE else known), since
    if not absent.beside_living or known in (RecordState.MERGED, RecordState.GONE):
        return known, since
    if known is RecordState.DELETED:
        return RecordState.GONE, since
    since = since if since and is_credible(since, now) else now
    return (RecordState.GONE if now - since >= PROVED_AFTER else RecordState.ABSENT), since
