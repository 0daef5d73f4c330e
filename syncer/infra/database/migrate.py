"""Brings the database to the shape of `syncer.infra.database.tables`: automatically on SQLite, whenever the
program starts; by command on PostgreSQL, where several processes share the database and an administrator
chooses the moment (`bootstrap`)."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlmodel import SQLModel

from syncer.infra.database import tables  # noqa: F401  # importing it fills the metadata

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
    """Bring the database to this program's shape. Gives whether there was anything to do.

    Processes that start at once wait for each other. All or nothing: one transaction on both databases.
    Raises `NewerDatabase`.
    """
    with engine.begin() as connection:
        _wait_for_others(connection)
        config = _config(connection)
        present, needed = _revisions(connection, config)
        if present != needed:
            command.upgrade(config, "head")
        return present != needed


def require_current(engine: Engine) -> str:
    """Make sure that the database has this program's shape, changing nothing; gives its revision. Raises
    `NewerDatabase` and `OlderDatabase`."""
    with engine.connect() as connection:
        present, needed = _revisions(connection, _config(connection))
    if present != needed:
        raise OlderDatabase(", ".join(sorted(present)), ", ".join(sorted(needed)))
    return ", ".join(sorted(present))


def differences(engine: Engine) -> list[object]:
    """What differs between the database and `syncer.infra.database.tables`; empty when nothing does."""
    with engine.connect() as connection:
        return list(
            compare_metadata(
                MigrationContext.configure(connection, opts={"compare_server_default": True}),
                SQLModel.metadata,
            )
        )


def write_revision(engine: Engine, message: str) -> None:
    """Write a new revision file that takes the (migrated) database to the shape of
    `syncer.infra.database.tables`. For those who change the tables."""
    with engine.begin() as connection:
        config = _config(connection)
        number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
        command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


def _config(connection: Connection) -> Config:
    config = Config()
    # A percent sign would be taken for an interpolation by the configuration parser behind it.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _revisions(connection: Connection, config: Config) -> tuple[set[str], set[str]]:
    """The database's revision and the program's. Raises `NewerDatabase`."""
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    present = set(MigrationContext.configure(connection).get_current_heads())
    for revision in sorted(present - known):
        raise NewerDatabase(revision)
    return present, set(scripts.get_heads())


def _wait_for_others(connection: Connection) -> None:
    # SQLite's transactions begin with the write lock (`database.engine_for`), so that there is nothing left
    # to do for it.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
