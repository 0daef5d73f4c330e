"""The world that both imitations live in: one database, one clock, one journal, and the options."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from sandbox.clock import Clock
from sandbox.counters import Counters
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.options import Options

Part = TypeVar("Part")


class World:
    """Everything the sandbox knows. One thread (the server's loop) uses it; no transaction spans an
    ``await``.

    ``db`` is in autocommit mode: writes that belong together go inside ``transaction()``. ``is_new`` tells
    whether the database was empty.
    """

    def __init__(self, database: str = ":memory:") -> None:
        self.db = sqlite3.connect(
            database, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=OFF")  # an imitation need not survive a power cut
        self.is_new = not self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        self.clock = Clock()
        self.journal = Journal(self.db, self.clock)
        self.counters = Counters()
        self.faults = Faults()
        self.options = Options()
        self.running = {"salesforce": 0, "element451": 0}  # calls at work now
        self._parts: dict[Callable[[World], object], object] = {}
        self._depth = 0
        self._setups: list[Callable[[World], None]] = []
        self.journal.create_table()

    def register(self, setup: Callable[["World"], None]) -> None:
        """Run ``setup(world)`` now and after every reset: it makes a part's tables (``CREATE TABLE IF NOT
        EXISTS``) and state."""
        self._setups.append(setup)
        setup(self)

    def part(self, kind: Callable[["World"], Part]) -> Part:
        """The one instance of a part of the world (such as the org), made when first asked for."""
        if kind not in self._parts:
            self._parts[kind] = kind(self)
        return cast(Part, self._parts[kind])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep what the block wrote, or undo it when it raises. Transactions nest."""
        name = f"level{self._depth}"
        self.db.execute(f"SAVEPOINT {name}")
        self._depth += 1
        try:
            yield
        except BaseException:  # Ctrl-C too: a step is done whole or not at all
            self.db.execute(f"ROLLBACK TO {name}")
            raise
        finally:
            self._depth -= 1
            self.db.execute(f"RELEASE {name}")

    def reset(self) -> None:
        """Forget everything: rows, journal, counters, faults, options; the clock goes back to real time."""
        tables = self.db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (name,) in tables:
            self.db.execute(f'DROP TABLE "{name}"')
        self.clock.reset()
        self.counters.reset()
        self.faults.clear()
        self.options.reset()
        self.journal.create_table()
        for setup in self._setups:
            setup(self)

    def close(self) -> None:
        """Close the database."""
        self.db.close()
