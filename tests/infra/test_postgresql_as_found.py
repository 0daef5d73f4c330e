"""PostgreSQL as an administrator left it: what can be set for a session is set, and what cannot is refused by
name, in a sentence, by every command."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from syncer.application.container import Application
from syncer.infra.database import key_value
from syncer.infra.database.engine import engine_for
from syncer.infra.settings.environment import BadSettings
from syncer.journal import runs
from syncer.journal.run_state import Trigger
from tests.support.postgres import Server

NAME = {"name": "Nguyễn Thị Ánh"}


@pytest.fixture
def named(postgres: Server) -> Iterator[str]:
    """The name of an empty database, dropped afterwards."""
    made = postgres.create()
    yield made
    postgres.drop(made)


def application(postgres: Server, database: str, folder: Path) -> Application:
    return Application.from_environment(
        {
            "DATABASE_URL": postgres.url(database),
            "DATA_DIR": str(folder),
            "SYNC_SECRET_KEY": Fernet.generate_key().decode(),
        }
    )


def administer(postgres: Server, database: str, statement: str) -> None:
    with psycopg.connect(postgres.url(database), autocommit=True) as connection:
        connection.execute(statement.encode())


def keep_something(engine: Engine) -> None:
    with engine.begin() as connection:
        key_value.write(connection, "name", NAME)
    runs.begin(engine, Trigger.SYNC, 1)
    with engine.connect() as connection:
        assert key_value.read(connection, "name") == NAME
    found = runs.find(engine, 1)
    assert found
    assert datetime.now(UTC) - found.started_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    "setting",
    [
        "datestyle = 'SQL, DMY'",
        "datestyle = 'German'",
        "client_encoding = 'LATIN1'",
        "client_encoding = 'SQL_ASCII'",
        "timezone = 'Asia/Kathmandu'",
        "intervalstyle = 'sql_standard'",
        "bytea_output = 'escape'",
    ],
)
def test_what_an_administrator_set_for_the_database_changes_nothing(
    postgres: Server, named: str, tmp_path: Path, setting: str
) -> None:
    administer(postgres, named, f'ALTER DATABASE "{named}" SET {setting}')
    with application(postgres, named, tmp_path) as program:
        program.migrate()
        program.check()
        keep_something(program.database)


def test_an_encoding_of_the_environment_changes_nothing(
    postgres: Server, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    monkeypatch.setenv("PGDATESTYLE", "SQL")
    with application(postgres, named, tmp_path) as program:
        program.migrate()
        keep_something(program.database)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_store_every_name_is_refused_by_its_encoding(
    postgres: Server, named: str, tmp_path: Path, encoding: str
) -> None:
    odd = f"{named}_{encoding.lower()}"
    administer(
        postgres, named, f"CREATE DATABASE \"{odd}\" TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'"
    )
    with application(postgres, odd, tmp_path) as program:
        for verb in (program.migrate, program.check):
            with pytest.raises(BadSettings, match=f"^DATABASE_URL: The database's encoding is {encoding},"):
                verb()
    postgres.drop(odd)


def test_a_database_that_may_only_be_read_is_refused_by_that(
    postgres: Server, named: str, tmp_path: Path
) -> None:
    with application(postgres, named, tmp_path) as program:
        program.migrate()
    administer(postgres, named, f'ALTER DATABASE "{named}" SET default_transaction_read_only = on')
    with application(postgres, named, tmp_path) as program:
        for verb in (program.migrate, program.check):
            with pytest.raises(BadSettings, match="default_transaction_read_only"):
                verb()


def test_the_settings_hold_for_every_connection_of_an_engine(postgres: Server, named: str) -> None:
    administer(postgres, named, f"ALTER DATABASE \"{named}\" SET datestyle = 'German'")
    engine = engine_for(postgres.url(named))
    with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            assert connection.exec_driver_sql("SHOW datestyle").scalar_one().startswith("ISO")
    engine.dispose()
