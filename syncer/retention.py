"""Deletes log entries past their retention. Runs stay, so that their numbers and counts do (issue: nightly)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, select

from syncer.logbook import ENTRIES

BATCH = 5000
"""Entries per transaction: others write to the database meanwhile."""


def forget_old(engine: Engine, days: int, *, now: datetime | None = None, between: Callable[[], None] = lambda: None, batch: int = BATCH) -> int:
    """Delete the entries that are older than ``days``, oldest first; how many. ``between`` is called before each batch, and may raise to
    stop: what is left is deleted the next time."""
    until = (now or datetime.now(UTC)) - timedelta(days=days)
    oldest = select(ENTRIES.c.id).where(ENTRIES.c.time < until).order_by(ENTRIES.c.time, ENTRIES.c.id).limit(batch)
    deleted = 0
    while True:
        between()
        with engine.begin() as connection:
            done = connection.execute(delete(ENTRIES).where(ENTRIES.c.id.in_(oldest))).rowcount
        deleted += done
        if done < batch:
            return deleted
