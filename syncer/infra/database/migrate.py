"""Brings the database to the shape of `syncer.infra.database.tables`: automatically on SQLite, whenever the
program starts; by command on PostgreSQL, where several processes share the database and an administrator
chooses the moment (`container`)."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from syncer.infra.database.engine import reading

REVISIONS = Path(__file__).parent / "migrations" / "versions"
"""It has a folder for each edition (`editions`)."""
_ONE_AT_A_TIME = 451_451_001  # our key among PostgreSQL's advisory locks


class NewerDatabase(Exception):
    """The database was made by a newer version of this program; ``str()`` says so."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database was made by a newer version of this program (its revision is {revision}). Install"
            " that version, or restore a backup of the database that is as old as this one."
        )


class OlderDatabase(Exception):
    """The database has not been brought to this program's shape yet; ``str()`` says so, and by which command
    it is."""

    def __init__(self, present: str, needed: str) -> None:
        state = (
            f"is older than this program (its revision is {present}, {needed} is needed)"
            if present
            else "has no tables yet"
        )
        super().__init__(
            f"The database {state}. Stop the other processes, make a backup, and run: python -m syncer"
            " database migrate"
        )


def migrate(engine: Engine) -> bool:
    """Bring the database to this program's shape. Returns whether there was anything to do.

    Processes that start at once wait for each other. All or nothing: one transaction on both databases.
    Raises `NewerDatabase`.
    """
    with reading(engine).connect() as connection:
        if _present(connection) == newest():
            return False
    from syncer.infra.database.alembic_commands import upgrade  # here, since few starts need Alembic

    with engine.begin() as connection:
        _wait_for_others(connection)
        if _present(connection) == newest():
            return False
        upgrade(connection)
        return True


def newest() -> str:
    """The revision of this program's shape. Each follows the one that the number before it names."""
    return max(known_revisions())


def require_current(engine: Engine) -> str:
    """Make sure that the database has this program's shape, changing nothing; gives its revision. Raises
    `NewerDatabase` and `OlderDatabase`."""
    with engine.connect() as connection:
        present = _present(connection)
    if present != newest():
        raise OlderDatabase(present, newest())
    return present


def _present(connection: Connection) -> str:
    """The database's revision; empty where it has no tables yet. Raises `NewerDatabase`."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    present = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
    if present and present not in known_revisions():
        raise NewerDatabase(present)
    return str(present)


def known_revisions() -> set[str]:
    """Every revision that this program can bring to its own shape."""
    files = (file for edition in editions() for file in edition.glob("[0-9]*.py"))
    return {file.name.partition("_")[0] for file in files}


def editions() -> list[Path]:
    """The folders with revisions, oldest first; new ones are written into the last."""
    return [REVISIONS / name for name in ("first_edition", "second_edition")]


def _wait_for_others(connection: Connection) -> None:
    # SQLite's transactions begin with the write lock (`database.engine_for`), so that there is nothing left
    # to do for it.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
