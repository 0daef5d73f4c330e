"""Many rows by one prepared statement are kept as SQLAlchemy keeps them one by one, on both databases."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, bindparam, insert, select, update

from syncer.infra.database.prepared import execute_many
from syncer.infra.database.tables import PairRow, table

PAIRS = table(PairRow)
NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
ROWS: list[dict[str, Any]] = [
    {
        "kind": "contact",
        "entity": "Contact",
        "element_id": identity,
        "element451": values,
        "rewrites": None,
        "due": due,
        "element_read_at": read_at,
    }
    for identity, values, due, read_at in (
        ("a", {"user-first-name": "Zoë %s ?"}, True, NOW),
        ("b", {"user-races": ["x"], "user-visits": 1.5}, False, None),
    )
]


def kept(engine: Engine) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        found = connection.execute(select(PAIRS).order_by(PAIRS.c.element_id))
        return [{**row, "id": None} for row in found.mappings()]


def emptied(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(PAIRS.delete())


def test_rows_are_inserted_with_their_defaults_and_changed_as_sqlalchemy_does_it(engine: Engine) -> None:
    changed = (
        update(PAIRS)
        .where(PAIRS.c.element_id == bindparam("of"))
        .values(salesforce=bindparam("new", type_=PAIRS.c.salesforce.type), checked_at=bindparam("at"))
    )
    changes: list[dict[str, Any]] = [
        {"of": "a", "new": {"Email": "a@x.edu"}, "at": NOW},
        {"of": "b", "new": None, "at": None},
    ]
    with engine.begin() as connection:
        connection.execute(insert(PAIRS), ROWS)
        connection.execute(changed, changes)
    wanted = kept(engine)
    emptied(engine)
    with engine.begin() as connection:
        execute_many(connection, insert(PAIRS), ROWS)
        execute_many(connection, changed, changes)
        execute_many(connection, changed, [])
    assert kept(engine) == wanted
    assert [row["problem_code"] for row in wanted] == ["", ""]
