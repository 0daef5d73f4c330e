"""The versions of the configuration in the database: the newest one is in force, and all earlier ones are
kept."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, insert, select

from syncer.configuration.acceptance import Edited, Judge, errors_without_catalogues, refused_errors
from syncer.configuration.config_file import BadConfiguration, default_document, validate
from syncer.configuration.document import Document
from syncer.configuration.required_mappings import with_required_mappings
from syncer.core.permissions import OPERATOR, Action, Actor
from syncer.infra.database.tables import VersionRow, table
from syncer.journal import audit, schedule, share_pause

_VERSIONS = table(VersionRow)
_PROTECTED = ("guard", "api_share_percent")
"""The preferences that keep a run within bounds, which only some roles may change."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the configuration: its number, when it was stored and by whom."""

    id: int
    created_at: datetime
    author: str


class VersionConflict(Exception):
    """Somebody else stored a version in the meantime; ``str()`` is a sentence that says so."""


class ConfigStore:
    """Stores the configuration, a whole document at a time. ``person``: on whose behalf; ``judge`` gives the
    errors of a document, by default those that show without the catalogues."""

    def __init__(
        self, engine: Engine, person: Actor = OPERATOR, judge: Judge = errors_without_catalogues
    ) -> None:
        self._engine, self._person, self._judge = engine, person, judge

    def current(self) -> tuple[int, Document] | None:
        """The newest version's number and document; None before the first."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(_VERSIONS.c.id, _VERSIONS.c.document).order_by(_VERSIONS.c.id.desc()).limit(1)
            ).one_or_none()
        return (row.id, row.document) if row else None

    def document(self, version: int) -> Document | None:
        """The document of any version."""
        with self._engine.connect() as connection:
            document: Document | None = connection.execute(
                select(_VERSIONS.c.document).where(_VERSIONS.c.id == version)
            ).scalar_one_or_none()
        return document

    def store(self, document: object, based_on: int | None = None, edited: Edited | None = None) -> int:
        """Make ``document`` the current version. Returns its number; a document that changes nothing gets no
        new one.

        ``based_on``: the version that was looked at on the screen (0: none yet), which must still be the
        newest. Without it, the schedule starts (`schedule`). ``edited``: which part of that version was
        edited; None where the document replaces everything. Raises `BadConfiguration` if its shape is wrong
        or it has errors for which it is refused (`acceptance`), `VersionConflict`, and `NotPermitted`;
        nothing is stored then.
        """
        checked = validate(document)
        self._refuse_errors(checked, edited)
        with self._engine.begin() as connection:
            newest = select(_VERSIONS.c.id, _VERSIONS.c.document).order_by(_VERSIONS.c.id.desc()).limit(1)
            connection.execute(newest.with_for_update())
            # Whoever saved at the same moment is done now: what they made is the newest.
            row = connection.execute(newest).one_or_none()
            if based_on is not None and based_on != (row.id if row else 0):
                raise VersionConflict(
                    "Somebody else saved a change meanwhile. Nothing was saved; look at theirs, and make"
                    " yours again."
                )
            act = self._require_permission(row.document if row else validate({}), checked)
            if based_on is None:
                schedule.go_live(connection, datetime.now(UTC))
            if row and _same(row.document, checked):
                return int(row.id)
            values = {"created_at": datetime.now(UTC), "author": self._person.name, "document": checked}
            number: int = connection.execute(
                insert(_VERSIONS).values(values).returning(_VERSIONS.c.id)
            ).scalar_one()
            audit.record(
                connection, self._person, act if row else Action.CONFIGURE, f"version {number}"
            )  # the first one is more than its guard
            share_pause.end_if_raised(connection, checked["preferences"]["api_share_percent"])
            if based_on == 0:
                schedule.wait_for_go_live(connection)
        return number

    def _refuse_errors(self, document: Document, edited: Edited | None) -> None:
        """Raises `BadConfiguration` where errors keep ``document`` from coming into force; before that,
        `NotPermitted` where the person may not change anything: they are told nothing of the catalogues."""
        current = self.current()
        self._require_permission(current[1] if current else validate({}), document)
        before = with_required_mappings(current[1]) if current else default_document()
        if problems := refused_errors(self._judge, document, before, edited):
            raise BadConfiguration(problems)

    def _require_permission(self, before: Document, after: Document) -> Action:
        """The action that this change is, for the audit. Raises `NotPermitted` if the person may not do
        it."""
        guard = any(before["preferences"][name] != after["preferences"][name] for name in _PROTECTED)
        act = Action.GUARD if guard else Action.CONFIGURE
        self._person.require(act)
        return act

    def history(self, limit: int = 50, before: int | None = None) -> list[Version]:
        """The newest versions, newest first; with ``before``, those before that version."""
        query = (
            select(_VERSIONS.c.id, _VERSIONS.c.created_at, _VERSIONS.c.author)
            .order_by(_VERSIONS.c.id.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query if before is None else query.where(_VERSIONS.c.id < before)).all()
        return [Version(row.id, row.created_at, row.author) for row in rows]

    def newest_first(self, page: int = 20) -> Iterator[tuple[Version, Document]]:
        """Every version with its document, newest first; read a few at a time."""
        before = None
        while versions := self.history(page, before):
            documents = self.documents([version.id for version in versions])
            yield from ((version, documents[version.id]) for version in versions)
            before = versions[-1].id

    def authors(self, versions: Collection[int]) -> dict[int, str]:
        """Who saved those of these versions that exist."""
        with self._engine.connect() as connection:
            query = select(_VERSIONS.c.id, _VERSIONS.c.author).where(_VERSIONS.c.id.in_(versions))
            return {row.id: row.author for row in connection.execute(query)}

    def documents(self, versions: Collection[int]) -> dict[int, Document]:
        """The documents of those of these versions that exist."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(_VERSIONS.c.id, _VERSIONS.c.document).where(_VERSIONS.c.id.in_(versions))
            ).all()
        return {row.id: row.document for row in rows}

    def with_protected_settings(self, document: Document) -> Document:
        """``document``, in which the preferences that this person may not change are as in force now: for
        importing a whole document."""
        if self._person.may(Action.GUARD):
            return document
        current = self.current()
        kept = (current[1] if current else validate({}))["preferences"]
        return {
            **document,
            "preferences": {**document["preferences"], **{name: kept[name] for name in _PROTECTED}},
        }


def _same(left: Document, right: Document) -> bool:
    """Whether both are equal in content and order: in a value map, the order decides which value is used on
    import."""
    return left == right and repr(left) == repr(right)
