"""Small facts that must survive: each has a name, and a document that is replaced as a whole."""

from typing import Any

from sqlalchemy import Connection, select

from syncer.infra.database.engine import put
from syncer.infra.database.tables import FactRow, table

FACTS = table(FactRow)


def read(connection: Connection, name: str) -> dict[str, Any]:
    """The fact of this name; empty where there is none."""
    found: dict[str, Any] | None = connection.execute(
        select(FACTS.c.value).where(FACTS.c.name == name)
    ).scalar_one_or_none()
    return found or {}


def write(connection: Connection, name: str, value: dict[str, Any]) -> None:
    """Keep a fact, in place of the one before; an empty one is none."""
    put(connection, FACTS, {"name": name, "value": value})
