"""Which clock may be followed, and which stored moment believed (rule 23). Pure: the moments are given."""

from datetime import datetime, timedelta

TRUSTED = timedelta(minutes=5)
"""A server's date further than this from our own clock is not trusted."""


def reading_began(server: datetime, before: datetime, after: datetime) -> tuple[datetime, timedelta]:
    """When a reading began that the ``server`` dates so, and by how much that date is off (zero where it is
    trusted): our own clock said ``before`` when it was asked and ``after`` when it had answered.

    The moment never lies ahead of our own clock. It is earlier than the server's date by as much as that is
    off, where it is more than minutes off.
    """
    off = max(before - server, server - after, timedelta(0))
    off = off if off > TRUSTED else timedelta(0)
    return min(server - off, before), off


def is_credible(moment: datetime, now: datetime, at_most: timedelta = timedelta(0)) -> bool:
    """Whether a stored ``moment`` can be believed: it never lies further ahead of ``now`` than it could when
    it was stored (``at_most``; nothing for what has happened). One that does was stored by a clock that was
    wrong, and counts as if it had never been stored."""
    return moment <= now + at_most + TRUSTED
