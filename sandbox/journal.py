"""The journal: every write that either system took, in order, with who made it. Checkers compare runs by
it."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import orjson

from sandbox.clock import Clock

By = Literal["api", "person"]


class Journal:
    """Numbered writes in a table of the world's database, so that a rolled-back write leaves no line."""

    def __init__(self, db: sqlite3.Connection, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def create_table(self) -> None:
        """Make the empty table."""
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS journal (sequence INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT,"
            " system TEXT, operation TEXT, object TEXT, id TEXT, fields BLOB, by TEXT)"
        )

    def write(
        self, system: str, operation: str, object: str, id: str, fields: Mapping[str, object], by: By = "api"
    ) -> None:
        """Note one write. ``fields`` are the values as stored."""
        self.write_many(system, operation, object, [(id, fields)], by)

    def write_many(
        self,
        system: str,
        operation: str,
        object: str,
        rows: Iterable[tuple[str, Mapping[str, object]]],
        by: By = "api",
    ) -> None:
        """Note many writes of one operation. ``rows`` are (id, values as stored)."""
        time = self._clock.now().isoformat(timespec="milliseconds")
        self._db.executemany(
            "INSERT INTO journal (time, system, operation, object, id, fields, by) VALUES (?, ?, ?, ?, ?,"
            " ?, ?)",
            [(time, system, operation, object, id, orjson.dumps(fields), by) for id, fields in rows],
        )

    def after(self, sequence: int, limit: int = 10_000) -> Iterator[dict[str, object]]:
        """Yield the lines that follow ``sequence``, oldest first, at most ``limit``."""
        rows = self._db.execute(
            "SELECT sequence, time, system, operation, object, id, fields, by FROM journal WHERE sequence > ?"
            " ORDER BY sequence LIMIT ?",
            (sequence, limit),
        )
        for number, time, system, operation, object, id, fields, by in rows:
            yield {
                "sequence": number,
                "time": time,
                "system": system,
                "operation": operation,
                "object": object,
                "id": id,
                "fields": orjson.loads(fields),
                "by": by,
            }
