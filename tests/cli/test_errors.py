"""Whatever goes wrong on the command line is said in a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from syncer.cli import status
from syncer.infra.database.lease import RUN, LeaseBusy
from tests.cli.conftest import Command


def minimal(database_url: str, data: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(data),
        "SYNC_SECRET_KEY": Fernet.generate_key().decode(),
    }


def test_wrong_use_is_explained(command: Command) -> None:
    answer = command("conect")
    assert answer.status == 2
    assert answer.out == ""
    assert "invalid choice: 'conect'" in answer.err
    answer = command("connect", "element451", "--json")
    assert answer.status == 2
    assert answer.json == {"error": "The following arguments are required: --api-url."}
    assert answer.err == ""


def test_odd_settings_are_all_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "nonsense")
    monkeypatch.setenv("REDIS_URL", "nonsense")
    answer = command("status")
    assert answer.status == 2
    assert [line.split(":")[0] for line in answer.err.splitlines()] == ["REDIS_URL", "PUBLIC_URL"]
    assert set(command("status", "--json").json) == {"error"}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://nobody:hunter2@127.0.0.1:9/none", "DATABASE_URL"),
        ("sqlite:////proc/none/x.sqlite3", "DATABASE_URL"),
        ("", "DATA_DIR"),
    ],
)
def test_a_database_that_cannot_be_used_is_explained(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, name: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "data"))
    answer = command("status")
    assert answer.status == 2
    assert answer.err.startswith(f"{name}: The ")
    assert "hunter2" not in answer.err
    assert "Traceback" not in answer.err


def test_a_file_that_is_no_database_is_explained(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("no database at all, but long enough to look at. " * 99)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/notes.txt")
    answer = command("status")
    assert (answer.status, "DATABASE_URL: The database cannot be opened" in answer.err) == (2, True)


def test_someone_else_at_work_is_no_failure(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> int:
        raise LeaseBusy(f"“{RUN}” is being done by another process.")

    monkeypatch.setattr(status, "_status", busy)
    assert command("status", "--json") == (3, '{"error":"“run” is being done by another process."}\n', "")


def test_a_mistake_of_ours_is_said_in_a_sentence_and_kept_for_whoever_mends_it(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> int:
        raise ZeroDivisionError("division by zero")

    (tmp_path / "data").mkdir()
    monkeypatch.setattr(status, "_status", broken)
    answer = command("status")
    assert answer.status == 1
    assert answer.err.startswith(
        "Something went wrong that should not (ZeroDivisionError: division by zero). The details are in "
    )
    assert "Traceback" in (tmp_path / "data" / "last-error.txt").read_text()


def test_the_module_can_be_run(database_url: str, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    environment = {**minimal(database_url, tmp_path), "PYTHONWARNINGS": "error"}
    ran = subprocess.run(
        [sys.executable, "-m", "syncer", "status", "--json"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    assert '"connections"' in ran.stdout


def test_a_reader_that_goes_away_is_no_mistake(database_url: str, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    environment = minimal(database_url, tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "syncer", "status"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    with process.stderr:
        assert process.stderr.read() == ""
    assert process.wait() == 1
