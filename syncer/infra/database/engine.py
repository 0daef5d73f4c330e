"""The database engine: SQLite (WAL) on one machine, PostgreSQL in production."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url

_SECONDS_TO_CONNECT = 10
_READING = "only_reading"


def engine_for(url: str) -> Engine:
    """An engine for ``url``. Errors never print the parameters of their statement, which are students' data:
    SQLAlchemy would print all of them."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    patience = {"connect_timeout": _SECONDS_TO_CONNECT} if address.get_backend_name() == "postgresql" else {}
    engine = create_engine(
        address,
        hide_parameters=True,
        json_serializer=_dump,
        json_deserializer=orjson.loads,
        pool_pre_ping=True,
        connect_args=patience,
    )
    if address.get_backend_name() == "postgresql":
        event.listen(engine, "connect", _prepare_postgresql, insert=True)  # before SQLAlchemy reads anything
    if address.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def reading(engine: Engine) -> Engine:
    """The same database for those who only look: on SQLite, they then neither wait for whoever writes nor
    hold them up."""
    return engine.execution_options(**{_READING: True})


@contextmanager
def durable(engine: Engine) -> Iterator[Connection]:
    """A transaction that survives a power failure as soon as it is committed. For what cannot be had again,
    such as a rotated token; SQLite waits for the disk at every commit only then, PostgreSQL always."""
    with engine.connect() as connection:
        quick = connection.dialect.name == "sqlite"
        driver = connection.connection.driver_connection if quick else None
        if driver:
            driver.execute("PRAGMA synchronous=FULL")
        try:
            with connection.begin():
                yield connection
        finally:
            if driver:
                driver.execute("PRAGMA synchronous=NORMAL")


def put(connection: Connection, into: Table, row: Mapping[str, Any]) -> None:
    """Insert ``row``, or change the one that has its primary key, in one statement."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(into).values(dict(row))
    keys = [column.name for column in into.primary_key]
    rest = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def _dump(document: object) -> str:
    return orjson.dumps(document).decode()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(
        "BEGIN" if connection.get_execution_options().get(_READING) else "BEGIN IMMEDIATE"
    )


def _prepare_postgresql(connection: Any, _: object) -> None:
    # Whatever the administrator, the user's role or the environment set: the driver reads dates as ISO has
    # them, and every character must come through.
    for setting in ("client_encoding = 'UTF8'", "datestyle = 'ISO'", "timezone = 'UTC'"):
        connection.execute(f"SET {setting}")
    connection.commit()


def _prepare_sqlite(connection: Any, _: object) -> None:
    # The driver's own transaction control is off, so that every transaction takes its write lock at once and
    # never fails half-way.
    connection.isolation_level = None
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
