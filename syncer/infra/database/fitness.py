"""Whether a PostgreSQL database can hold what this program keeps, whatever its administrator set. What can be
set for a session is set on connecting (`syncer.infra.database.engine`); the rest is refused here, by name."""

from sqlalchemy import Engine, text


class UnfitDatabase(Exception):
    """The database cannot be worked with; ``str()`` says why and what to do."""


def require_fit(engine: Engine) -> None:
    """Make sure that the database stores every character and may be written to. SQLite always does. Raises
    `UnfitDatabase`."""
    if engine.dialect.name != "postgresql":
        return
    settings = ("server_encoding", "transaction_read_only")
    columns = ", ".join(f"current_setting('{name}')" for name in settings)
    with engine.connect() as connection:
        encoding, read_only, standby = connection.execute(
            text(f"SELECT {columns}, pg_is_in_recovery()")
        ).one()
    if encoding != "UTF8":
        raise UnfitDatabase(
            f"The database's encoding is {encoding}, which does not store every name. Create a database with"
            " the encoding UTF8 (createdb --encoding=UTF8 --template=template0), move a dump into it with"
            " pg_dump and pg_restore, and give its address."
        )
    if standby:
        raise UnfitDatabase(
            "This server is a standby, which only reads. Give the address of the primary server."
        )
    if read_only == "on":
        raise UnfitDatabase(
            "The database only lets this user read (default_transaction_read_only). Have the administrator"
            " switch that off for this user and this database."
        )
