"""``database migrate`` and ``database check``: PostgreSQL changes its shape by command, SQLite by itself."""

import json
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from cryptography.fernet import Fernet
from sqlalchemy import text

from syncer.application.container import Application
from syncer.infra.database import alembic_commands
from syncer.infra.database.alembic_commands import differences
from syncer.infra.database.engine import engine_for
from syncer.infra.settings.environment import BadSettings
from tests.deploy.commands import run

MIGRATE, CHECK = ["-m", "syncer", "database", "migrate"], ["-m", "syncer", "database", "check"]
COMMAND = "python -m syncer database migrate"


@pytest.fixture
def environment(blank_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": blank_url,
        "DATA_DIR": str(tmp_path / "data"),
        "SYNC_SECRET_KEY": Fernet.generate_key().decode(),
    }


def test_the_command_brings_a_blank_database_to_shape_once(environment: dict[str, str]) -> None:
    first, again = run([*MIGRATE, "--json"], environment), run([*MIGRATE, "--json"], environment)
    assert (first.status, again.status) == (0, 0), first
    assert (json.loads(first.out)["changed"], json.loads(again.out)["changed"]) == (True, False)
    with Application.from_environment(environment) as application:
        assert differences(application.database) == []
    checked = run(CHECK, environment)
    assert checked.status == 0
    assert checked.out.startswith("All is well: ")


def test_the_command_needs_neither_key_nor_redis(blank_url: str, tmp_path: Path) -> None:
    assert run(MIGRATE, {"DATABASE_URL": blank_url, "DATA_DIR": str(tmp_path / "data")}).status == 0


def test_a_blank_postgresql_is_refused_by_the_name_of_the_command_and_stays_blank(
    environment: dict[str, str],
) -> None:
    if environment["DATABASE_URL"].startswith("sqlite"):
        pytest.skip("SQLite is brought to shape by itself")
    answer = run(["-m", "syncer", "status"], environment)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith("DATABASE_URL: The database has no tables yet. ")
    assert COMMAND in answer.err
    engine = engine_for(environment["DATABASE_URL"])
    with engine.connect() as connection:
        assert (
            connection.execute(
                text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            ).scalar_one()
            == 0
        )
    engine.dispose()


def test_an_older_database_is_refused_on_postgresql_and_brought_up_to_date_on_sqlite(
    environment: dict[str, str],
) -> None:
    first = as_of_the_first_version(environment["DATABASE_URL"])
    with Application.from_environment(environment) as application:
        if environment["DATABASE_URL"].startswith("sqlite"):
            assert differences(application.database) == []
            return
        with pytest.raises(
            BadSettings,
            match=rf"is older than this program \(its revision is {first}, \d+ is needed\)\. .*{COMMAND}",
        ):
            application.check()
        assert application.migrate() is True
        assert differences(application.database) == []


def as_of_the_first_version(url: str) -> str:
    """Bring a blank database to the shape that the program had at first; gives its revision."""
    engine = engine_for(url)
    with engine.begin() as connection:
        config = alembic_commands.config(connection)
        revision = ScriptDirectory.from_config(config).get_base()
        assert revision
        command.upgrade(config, revision)
    engine.dispose()
    return revision


def test_a_database_of_a_newer_program_is_refused_by_every_command(environment: dict[str, str]) -> None:
    run(MIGRATE, environment)
    engine = engine_for(environment["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for words in (MIGRATE, CHECK, ["-m", "syncer", "status"]):
        answer = run(words, environment)
        assert answer.status == 2
        assert answer.err.startswith("DATABASE_URL: The database was made by a newer version of this program")
