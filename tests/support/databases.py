"""Fresh databases for tests, on SQLite and on a real PostgreSQL. Fixtures made of this are in
``tests/conftest.py``."""

import shutil
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
        made = self._make(self._migrated)
        try:
            yield self._address(made)
        finally:
            self._remove(made)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """An engine on a migrated database, disposed of afterwards."""
        with self.url() as url:
            engine = engine_for(url)
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
