"""What an empty PostgreSQL is given at its first start: the program's own user, who owns its database and is
no superuser."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from syncer.infra.database.engine import engine_for
from syncer.infra.database.migrate import migrate
from tests.deploy.compose import ROOT, compose
from tests.support.postgres import Server

FIRST_START = "/docker-entrypoint-initdb.d/"
DATABASE = compose()["services"]["database"]


def test_the_program_has_its_own_user_who_makes_its_tables_and_rules_nothing_else(
    postgres: Server | None, tmp_path: Path
) -> None:
    if postgres is None or shutil.which("psql") is None:
        pytest.skip("there is no PostgreSQL, or no psql, on this machine")
    (script,) = [mounted.split(":")[0] for mounted in DATABASE["volumes"] if f":{FIRST_START}" in mounted]
    assert DATABASE["environment"]["PROGRAM_PASSWORD_FILE"] == "/run/secrets/database_password"
    (tmp_path / "password").write_text("it's-a-password\n")
    server = make_url(postgres.url("postgres"))
    folder = str(server.query["host"])
    environment = {"PATH": os.environ["PATH"], "PGHOST": folder}
    environment["PROGRAM_PASSWORD_FILE"] = str(tmp_path / "password")
    subprocess.run([ROOT / script], env=environment, check=True)
    try:
        own = server.set(username="sync", database="sync").render_as_string(hide_password=False)
        engine = engine_for(own)
        assert migrate(engine)
        with engine.connect() as connection:
            rights = connection.exec_driver_sql(
                "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
            ).one()
            assert tuple(rights) == (False, False, False)
        engine.dispose()
    finally:
        with psycopg.connect(user="postgres", host=folder, dbname="postgres", autocommit=True) as admin:
            admin.execute("DROP DATABASE sync WITH (FORCE)")
            admin.execute("DROP ROLE sync")
