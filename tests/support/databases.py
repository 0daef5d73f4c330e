"""Fresh databases for tests, on SQLite and on a real PostgreSQL. Fixtures made of this are in
``tests/conftest.py``."""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from syncer.infra.database.engine import engine_for
from syncer.infra.database.migrate import migrate
from tests.support.postgres import Server


class Databases:
    """Makes databases of one sort. A migrated one is copied, or a used one is emptied, which is quicker than
    migrating each."""

    def __init__(self, folder: Path, server: Server | None) -> None:
        self._folder, self._server = folder, server
        self._migrated: str | Path | None = None
        self._made = 0
        self._free: list[Path] = []
        self._engines: dict[str, Engine] = {}

    @contextmanager
    def blank_url(self) -> Iterator[str]:
        """The address of an empty database, dropped afterwards."""
        made = self._make(None)
        try:
            yield self._address(made)
        finally:
            self._remove(made)

    @contextmanager
    def url(self) -> Iterator[str]:
        """The address of a migrated database, to be used until the end of the context."""
        if self._migrated is None:
            self._migrated = self._make(None)
            engine = engine_for(self._address(self._migrated))
            migrate(engine)
            engine.dispose()
        if self._server:
            with self._server.borrowed(str(self._migrated)) as name:
                yield self._server.url(name)
            return
        made = self._free.pop() if self._free else self._make(None)
        shutil.copyfile(self._migrated, made)
        try:
            yield self._address(made)
        finally:
            self._remove(made)
            if isinstance(made, Path):
                self._free.append(made)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """An engine on a migrated database, without connections at the beginning and at the end. The engine
        of a database that is used again is as well: it has compiled its statements already."""
        with self.url() as url:
            if url not in self._engines:
                self._engines[url] = engine_for(url)
            engine = self._engines[url]
            try:
                yield engine
            finally:
                engine.dispose()

    def _remove(self, made: str | Path) -> None:
        if isinstance(made, Path):
            for file in made.parent.glob(f"{made.name}*"):
                file.unlink()
        elif self._server:
            self._server.drop(made)

    def _make(self, template: str | Path | None) -> str | Path:
        if self._server:
            return self._server.create(str(template or "template0"))
        self._made += 1
        path = self._folder / f"test_{self._made}.sqlite3"
        if template:
            shutil.copyfile(template, path)
        return path

    def _address(self, made: str | Path) -> str:
        return (
            f"sqlite:///{made}" if isinstance(made, Path) else self._server.url(made) if self._server else ""
        )


@functools.cache
def sqlite_databases() -> Databases:
    """SQLite databases for those who need many in one test, one after the other."""
    folder = tempfile.TemporaryDirectory(prefix="databases-")
    atexit.register(folder.cleanup)
    return Databases(Path(folder.name), None)
