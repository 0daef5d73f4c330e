"""How a database would answer a query, as the database itself tells it."""

from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement, Executable


class _Explained(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Explained)
def _explained(element: _Explained, compiler: Any, **more: Any) -> str:
    word = "EXPLAIN QUERY PLAN" if compiler.dialect.name == "sqlite" else "EXPLAIN"
    return f"{word} {compiler.process(element.statement, **more)}"


def plan(connection: Connection, statement: Select[Any]) -> list[str]:
    """The plan, a step a line: of SQLite each step's words, of PostgreSQL its lines as they are."""
    return [str(row[-1]) for row in connection.execute(_Explained(statement)).all()]


def scans(lines: list[str]) -> list[str]:
    """The steps that look at every row of a table, or (SQLite) sort everything that they found before they
    answer. Walking along an index until the page is full is none of them, nor is sorting the few rows that an
    index led to."""
    whole = ("SCAN ", "Seq Scan", "USE TEMP B-TREE")
    return [
        line.strip() for line in lines if any(sign in line for sign in whole) and "USING INDEX" not in line
    ]
