"""What was overwritten again and again in the last week, found in a bounded part of the log."""

from datetime import datetime, timedelta
from typing import Any

from more_itertools import chunked
from sqlalchemy import ColumnElement, Connection, Engine, select

from syncer.core.plan import Direction, Status
from syncer.core.records import Kind
from syncer.core.trust.overwritten import Overwritten, overwritten
from syncer.core.trust.written import written_by
from syncer.infra.database.indexes import not_by_index
from syncer.journal.log import ENTRIES

A_WEEK = timedelta(days=7)
MOST_ENTRIES = 1_000
"""Updates of the week that are looked at in each direction, the newest ones."""
_CHUNK = 200
_MOST_BEFORE = 2_000
"""Earlier entries of so many records (`_CHUNK`) that are looked at, the newest ones."""
_READ = tuple(
    ENTRIES.c[name]
    for name in ("id", "run", "version", "time", "kind", "direction", "status", "element_id", "changes")
)


def this_week(engine: Engine, now: datetime) -> list[Overwritten]:
    """The fields whose values somebody changes where they are not owned, most often first
    (`syncer.core.trust.overwritten`)."""
    since, entries = now - A_WEEK, list[dict[str, Any]]()
    with engine.connect() as connection:
        for direction in Direction:
            updates = (
                ENTRIES.c.kind == Kind.CONTACT.value,
                ENTRIES.c.direction == direction.value,
                ENTRIES.c.status == Status.UPDATED.value,
            )
            recent = _newest(connection, MOST_ENTRIES, *updates, ENTRIES.c.time >= since)
            entries += recent
            if not recent:
                continue
            reach = min(row["time"] for row in recent)
            for ids in chunked({row["element_id"] for row in recent if row["element_id"]}, _CHUNK):
                earlier = (
                    ENTRIES.c.element_id.in_(ids),
                    ENTRIES.c.time < reach,
                    not_by_index(ENTRIES.c.kind) == Kind.CONTACT.value,
                    not_by_index(ENTRIES.c.direction) == direction.value,
                    not_by_index(ENTRIES.c.status).in_((Status.INSERTED.value, Status.UPDATED.value)),
                )
                entries += _newest(connection, _MOST_BEFORE, *earlier)
    entries.sort(key=lambda row: (row["time"], row["id"]))
    writes = ((row["element_id"], one) for row in entries if row["element_id"] for one in written_by(row))
    return overwritten(writes, since)


def _newest(connection: Connection, limit: int, *which: ColumnElement[bool]) -> list[dict[str, Any]]:
    query = select(*_READ).where(*which).order_by(ENTRIES.c.time.desc(), ENTRIES.c.id.desc()).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]
