"""What Alembic does: brings a database to the shape of `syncer.infra.database.tables`, and compares the two.
Imported only where there is something to do: every process starts without it."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from syncer.infra.database import tables  # noqa: F401  # importing it fills the metadata
from syncer.infra.database.migrate import REVISIONS, editions, newest
from syncer.infra.database.table_row import TableRow


def upgrade(connection: Connection) -> None:
    """Bring the database to the newest revision, in the transaction of ``connection``."""
    command.upgrade(config(connection), "head")


def differences(engine: Engine) -> list[object]:
    """What differs between the database and `syncer.infra.database.tables`; empty when nothing does."""
    with engine.connect() as connection:
        return list(
            compare_metadata(
                MigrationContext.configure(connection, opts={"compare_server_default": True}),
                TableRow.metadata,
            )
        )


def write_revision(engine: Engine, message: str) -> None:
    """Write a new revision file that takes the (migrated) database to the shape of
    `syncer.infra.database.tables`. For those who change the tables."""
    with engine.begin() as connection:
        number = int(newest()) + 1
        command.revision(
            config(connection),
            message,
            autogenerate=True,
            rev_id=f"{number:04}",
            version_path=str(editions()[-1]),
        )


def config(connection: Connection) -> Config:
    """Alembic's configuration, at work on this connection."""
    made = Config()
    places = {"script_location": [REVISIONS.parent], "version_locations": editions()}
    for option, folders in places.items():
        # A percent sign would be taken for an interpolation by the configuration parser behind it.
        made.set_main_option(option, "\n".join(map(str, folders)).replace("%", "%%"))
    made.set_main_option("path_separator", "newline")
    made.attributes["connection"] = connection
    return made
