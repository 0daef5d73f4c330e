"""``database backup`` and ``restore``: a file that is whole or not there, closed to others, and refused where
it is not ours."""

import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from syncer.application.container import Application
from syncer.cli import main
from syncer.infra.database import key_value
from syncer.infra.database.engine import engine_for
from syncer.infra.database.lease import RUN, Lease
from tests.infra.test_older_database import DUMP


@pytest.fixture
def environment(blank_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    given = {
        "DATABASE_URL": blank_url,
        "DATA_DIR": str(tmp_path / "data"),
        "SYNC_SECRET_KEY": Fernet.generate_key().decode(),
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "data").mkdir()
    assert main(["database", "migrate"]) == 0
    return given


def note(environment: dict[str, str], what: str) -> None:
    with Application.from_environment(environment) as application, application.database.begin() as connection:
        key_value.write(connection, "note", {"what": what})


def noted(environment: dict[str, str]) -> object:
    with Application.from_environment(environment) as application, application.database.begin() as connection:
        return key_value.read(connection, "note").get("what")


def test_what_a_backup_holds_is_there_again_after_a_restore_and_what_was_there_is_kept(
    environment: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note(environment, "before")
    file = tmp_path / "a backup?.db"
    assert main(["database", "backup", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    note(environment, "after")
    capsys.readouterr()
    assert main(["database", "restore", str(file), "--json"]) == 0
    assert noted(environment) == "before"
    kept = json.loads(capsys.readouterr().out)["kept"]
    if kept:
        assert main(["database", "restore", kept]) == 0
        assert noted(environment) == "after"


def test_a_file_that_is_there_is_not_written_over(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    assert main(["database", "backup", str(tmp_path / "precious")]) == 1
    assert (tmp_path / "precious").read_text() == "precious"


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 4096])
def test_a_file_that_is_no_backup_of_ours_is_refused_and_nothing_changes(
    environment: dict[str, str], tmp_path: Path, content: bytes
) -> None:
    note(environment, "now")
    (tmp_path / "other").write_bytes(content)
    assert main(["database", "restore", str(tmp_path / "other")]) == 1
    assert main(["database", "restore", str(tmp_path / "missing")]) == 1
    assert noted(environment) == "now"


def test_a_backup_of_a_newer_version_is_refused_and_nothing_changes(
    environment: dict[str, str], tmp_path: Path
) -> None:
    engine = engine_for(environment["DATABASE_URL"])

    def revision(number: str) -> str:
        with engine.begin() as connection:
            before = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})
            return str(before)

    assert main(["database", "backup", str(tmp_path / "now")]) == 0
    now = revision("9999")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("syncer.cli.database.require_current", lambda _: "9999")
        patch.setattr("syncer.application.container.require_current", lambda _: "9999")
        patch.setattr("syncer.application.container.migrate", lambda _: False)
        assert main(["database", "backup", str(tmp_path / "newer")]) == 0
    revision(now)
    engine.dispose()
    note(environment, "now")
    assert main(["database", "restore", str(tmp_path / "newer")]) == 1
    assert noted(environment) == "now"


def test_while_a_run_goes_on_nothing_is_restored(environment: dict[str, str], tmp_path: Path) -> None:
    assert main(["database", "backup", str(tmp_path / "backup")]) == 0
    engine = engine_for(environment["DATABASE_URL"])
    with Lease(engine, RUN):
        assert main(["database", "restore", str(tmp_path / "backup")]) == 3
    engine.dispose()


def test_a_backup_of_the_release_before_is_brought_to_shape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tmp_path / "before-upgrade"
    with closing(sqlite3.connect(before)) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["database", "migrate"]) == 0
    assert main(["database", "restore", str(before)]) == 0
    assert main(["database", "check"]) == 0
    capsys.readouterr()
    assert main(["logs", "--json"]) == 0
    assert json.loads(capsys.readouterr().out), "what was logged before the upgrade is there"
