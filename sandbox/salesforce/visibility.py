"""What readers see while a slow transaction is open: rows stamped T become visible at T+n
(contracts/salesforce.md A5.2)."""

from collections.abc import Sequence

import orjson

from sandbox.journal import By
from sandbox.salesforce.fields import SObject
from sandbox.salesforce.options import SalesforceOptions
from sandbox.salesforce.stamps import stamp
from sandbox.world import World


def quote(name: str) -> str:
    """A name as SQL writes it."""
    return f'"{name}"'


def before(item: SObject) -> str:
    """The table that holds the rows as they were before a transaction that is still open."""
    return f"{item.name}__before"


def _columns(item: SObject) -> str:
    return ", ".join(quote(found.column) for found in item.fields if found.type != "address")


class Visibility:
    """Holds back what people changed, for as long as the knob ``visibility_seconds`` says. What the API wrote
    is visible at once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._db = world.db

    def create_table(self) -> None:
        """Make the empty table of rows that are held back."""
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS sf_pending (object TEXT, id TEXT, started TEXT, until REAL, PRIMARY"
            " KEY (object, id))"
        )

    def source(self, item: SObject) -> str:
        """What a reader's FROM names: the table, or, while a transaction is open, what was committed before
        it."""
        self._release()
        if not self._db.execute("SELECT 1 FROM sf_pending WHERE object = ? LIMIT 1", (item.name,)).fetchone():
            return quote(item.name)
        columns = _columns(item)
        return (
            f"(SELECT {columns} FROM {quote(item.name)} WHERE Id NOT IN (SELECT id FROM sf_pending WHERE object = '{item.name}')"
            f" UNION ALL SELECT {columns} FROM {quote(before(item))})"
        )

    def oldest_open(self, item: SObject) -> str | None:
        """The stamp of the oldest transaction that is still open."""
        self._release()
        row = self._db.execute(
            "SELECT min(started) FROM sf_pending WHERE object = ?", (item.name,)
        ).fetchone()
        return str(row[0]) if row[0] else None

    def changed(self, item: SObject, ids: Sequence[str], by: By, new: bool = False) -> None:
        """Note a change: before rows are altered, or after ``new`` ones were stored."""
        seconds = self._world.options.of(SalesforceOptions).visibility_seconds if by == "person" else 0
        if not seconds:
            if self._any():
                self._forget("id IN (SELECT value FROM json_each(?))", orjson.dumps(ids).decode())
            return
        self._release()
        if not new:
            columns = _columns(item)
            self._db.executemany(
                f"INSERT OR IGNORE INTO {quote(before(item))} ({columns}) SELECT {columns} FROM {quote(item.name)}"
                " WHERE Id = ? AND Id NOT IN (SELECT id FROM sf_pending)",
                [(id,) for id in ids],
            )
        now = self._world.clock.now()
        held = [(item.name, id, stamp(now), now.timestamp() + seconds) for id in ids]
        self._db.executemany("INSERT OR IGNORE INTO sf_pending VALUES (?, ?, ?, ?)", held)

    def _any(self) -> bool:
        return self._db.execute("SELECT 1 FROM sf_pending LIMIT 1").fetchone() is not None

    def _release(self) -> None:
        if self._any():
            self._forget("until <= ?", self._world.clock.now().timestamp())

    def _forget(self, condition: str, parameter: object) -> None:
        for object, id in self._db.execute(
            f"SELECT object, id FROM sf_pending WHERE {condition}", (parameter,)
        ).fetchall():
            self._db.execute(f"DELETE FROM {quote(object + '__before')} WHERE Id = ?", (id,))
            self._db.execute("DELETE FROM sf_pending WHERE object = ? AND id = ?", (object, id))
