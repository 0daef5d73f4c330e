"""The configuration's versions in the database: the newest one counts, and every former one stays."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, insert, select

from syncer.config import Document, validate
from syncer.tables import VersionRow, table

_VERSIONS = table(VersionRow)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the configuration: its number, when it was stored and by whom."""

    id: int
    created_at: datetime
    author: str


class ConfigStore:
    """Keeps the configuration. A document is stored as a whole, or not at all."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def current(self) -> tuple[int, Document] | None:
        """The newest version's number and document; None before the first."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_VERSIONS.c.id, _VERSIONS.c.document).order_by(_VERSIONS.c.id.desc()).limit(1)).one_or_none()
        return (row.id, row.document) if row else None

    def document(self, version: int) -> Document | None:
        """The document of any version."""
        with self._engine.connect() as connection:
            document: Document | None = connection.execute(select(_VERSIONS.c.document).where(_VERSIONS.c.id == version)).scalar_one_or_none()
        return document

    def store(self, document: object, author: str = "") -> int:
        """Make ``document`` the current one; gives its number. One that changes nothing keeps the number that it has.

        Raises `config.BadConfiguration` where its shape is wrong; nothing is stored then.
        """
        checked = validate(document)
        with self._engine.begin() as connection:
            row = connection.execute(select(_VERSIONS.c.id, _VERSIONS.c.document).order_by(_VERSIONS.c.id.desc()).limit(1)).one_or_none()
            if row and _same(row.document, checked):
                return int(row.id)
            values = {"created_at": datetime.now(UTC), "author": author, "document": checked}
            number: int = connection.execute(insert(_VERSIONS).values(values).returning(_VERSIONS.c.id)).scalar_one()
        return number

    def history(self, limit: int = 50) -> list[Version]:
        """The newest versions, newest first."""
        columns = (_VERSIONS.c.id, _VERSIONS.c.created_at, _VERSIONS.c.author)
        with self._engine.connect() as connection:
            rows = connection.execute(select(*columns).order_by(_VERSIONS.c.id.desc()).limit(limit)).all()
        return [Version(row.id, row.created_at, row.author) for row in rows]


def _same(left: Document, right: Document) -> bool:
    """Equal in content and order: in a value map, the order decides which value is used on import."""
    return left == right and repr(left) == repr(right)
