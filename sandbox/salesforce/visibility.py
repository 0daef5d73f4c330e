"""What readers see: not what sharing hides, nor, while a slow transaction is open, what it changed (rows
stamped T become visible at T+n; contracts/salesforce.md A5.2, A9)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

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


def server_time(world: World) -> datetime:
    """The org's own time: the world's, as far off as the option says."""
    return world.clock.now() + timedelta(seconds=world.options.of(SalesforceOptions).salesforce_stamps_off)


class Visibility:
    """Holds back what people changed, for as long as the option ``visibility_seconds`` says, and what sharing
    hides. What the API wrote is visible at once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._db = world.db

    def create_table(self) -> None:
        """Make the empty tables of rows that are held back or hidden."""
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS sf_pending (object TEXT, id TEXT, started TEXT, until REAL, PRIMARY"
            " KEY (object, id))"
        )
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS sf_hidden (object TEXT, id TEXT, code TEXT, PRIMARY KEY (object, id))"
        )

    def source(self, item: SObject) -> str:
        """What a reader's FROM names: the table, or, while a transaction is open, what was committed before
        it."""
        self._release()
        if not self._db.execute("SELECT 1 FROM sf_hidden WHERE object = ? LIMIT 1", (item.name,)).fetchone():
            return self._committed(item)
        return (
            f"(SELECT {_columns(item)} FROM {self._committed(item)}"
            f" WHERE Id NOT IN (SELECT id FROM sf_hidden WHERE object = '{item.name}'))"
        )

    def hide(self, item: SObject, ids: Sequence[str], code: str) -> None:
        """Let sharing hide rows: no read finds them, and a write of one is refused with ``code``."""
        self._db.executemany(
            "INSERT OR REPLACE INTO sf_hidden VALUES (?, ?, ?)", [(item.name, id, code) for id in ids]
        )

    def show(self, item: SObject, ids: Sequence[str] | None = None) -> None:
        """Show rows again; all of the object's where none is named."""
        named = [(item.name, id) for id in ids or ()]
        self._db.executemany("DELETE FROM sf_hidden WHERE object = ? AND id = ?", named)
        if ids is None:
            self._db.execute("DELETE FROM sf_hidden WHERE object = ?", (item.name,))

    def hidden(self, item: SObject, ids: Sequence[str]) -> dict[str, str]:
        """Which of the rows are hidden, and the code that refuses a write of each."""
        if not self._db.execute("SELECT 1 FROM sf_hidden LIMIT 1").fetchone():
            return {}
        marks = ", ".join("?" * len(ids))
        return dict(
            self._db.execute(
                f"SELECT id, code FROM sf_hidden WHERE object = ? AND id IN ({marks})", (item.name, *ids)
            )
        )

    def _committed(self, item: SObject) -> str:
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
        started = stamp(server_time(self._world))
        held = [(item.name, id, started, now.timestamp() + seconds) for id in ids]
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
