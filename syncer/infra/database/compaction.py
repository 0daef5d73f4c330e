"""Room that a database file no longer needs goes back to the disk. PostgreSQL looks after itself
(autovacuum)."""

import sqlite3
from contextlib import closing

import structlog
from sqlalchemy import Engine

from syncer.infra.database.lease import RUN, Lease

LEAST_FREE = 64 * 1024 * 1024
"""Bytes: less is not worth the work, and is taken again soon."""
SHARE_FREE = 4
"""One in so many pages must be free."""
MOST_USED = 1024 * 1024 * 1024
"""Bytes that are rewritten while others wait to write, who do so for half a minute (`engine_for`)."""
_log = structlog.get_logger(__name__)


def compact(engine: Engine, least_free: int = LEAST_FREE, most_used: int = MOST_USED) -> bool:
    """Shorten SQLite's file of recent changes to nothing, and rewrite the database where much of it is free,
    unless somebody runs (rule 18); whether it was rewritten. A file that is too large, a full disk, or
    somebody who reads leave everything as it is."""
    if engine.dialect.name != "sqlite":
        return False
    with closing(engine.raw_connection()) as pooled:
        connection = pooled.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        size, pages, free = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_size", "page_count", "freelist_count")
        )
        worth_it = free * size >= least_free and free * SHARE_FREE >= pages
        rewritten = worth_it and (pages - free) * size <= most_used and _rewrite(engine, connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return rewritten


def _rewrite(engine: Engine, connection: sqlite3.Connection) -> bool:
    lease = Lease(engine, RUN)
    if not lease.take():
        return False
    try:
        connection.execute("VACUUM")
    except sqlite3.OperationalError as error:
        _log.warning("database not compacted, will be tried again", error=str(error))
        return False
    finally:
        lease.release()
    return True
