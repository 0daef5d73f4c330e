"""The database engine: SQLite (WAL) on one machine, PostgreSQL in production (stack.md §4)."""

from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url


def engine_for(url: str) -> Engine:
    """An engine for ``url``. Statements never print their parameters, which are students' data (stack.md §0 c)."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address, hide_parameters=True, json_serializer=_dump, json_deserializer=orjson.loads, pool_pre_ping=True)
    if address.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _dump(document: object) -> str:
    return orjson.dumps(document).decode()


def _prepare_sqlite(connection: Any, _: object) -> None:
    # The driver's own transaction control is off, so that every transaction takes its write lock at once and never fails half-way.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
