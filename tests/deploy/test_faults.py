"""What is wrong at the start is said in a sentence that names the setting and what to do, and leaves nothing
half made."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from syncer.application.container import Application
from syncer.infra.database.alembic_commands import differences
from syncer.infra.database.tables import ConnectionRow, table
from syncer.infra.settings.environment import BadSettings
from tests.deploy.commands import Ran, run
from tests.deploy.compose import ROOT
from tests.support.postgres import Server

CHECK = ["-m", "syncer", "database", "check"]
RUN, SCHEDULE, ALL, DASHBOARD = (
    ["-m", "worker", "run"],
    ["-m", "worker", "schedule"],
    ["-m", "worker", "all"],
    ["-m", "dashboard"],
)
# All of them look at the settings in the same way: one fault is enough to see that each does.
every_start = pytest.mark.parametrize(
    "start", [CHECK, RUN, SCHEDULE, ALL, DASHBOARD], ids=["check", "run", "schedule", "all", "dashboard"]
)
check_and_run = pytest.mark.parametrize(
    "start", [CHECK, pytest.param(RUN, marks=pytest.mark.variation)], ids=["check", "run"]
)
IMPORT = ["-m", "syncer", "config", "import", str(ROOT / "demo" / "school.yaml")]
DEAF_DATABASE = "postgresql://sync:hunter2@127.0.0.1:9/sync"
KEY, OTHER = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def told(answer: Ran, setting: str, *words: str) -> None:
    """The answer is one sentence or more that begin with the setting; never a traceback, never a password."""
    assert answer.status == 2, answer
    assert answer.err.startswith(f"{setting}: "), answer
    for word in words:
        assert word in answer.err
    assert "Traceback" not in answer.out + answer.err
    assert "hunter2" not in answer.out + answer.err


def begin(start: list[str], environment: dict[str, str]) -> Ran:
    """Start something. The check is done in this process, which is quicker; `told` reads both alike."""
    if start != CHECK:
        return run(start, environment)
    try:
        with Application.from_environment(environment) as application:
            application.check()
    except BadSettings as bad:
        return Ran(2, "", str(bad))
    return Ran(0, "", "")


@pytest.fixture
def own(tmp_path: Path) -> dict[str, str]:
    """The environment of a single machine: everything in one folder."""
    return {"DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def connected(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation that holds a secret, sealed with KEY."""
    environment = {"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path / "data"), "SYNC_SECRET_KEY": KEY}
    seal_something(environment)
    return environment


def seal_something(environment: dict[str, str]) -> None:
    with Application.from_environment(environment) as application:
        secrets = application.vault.seal({"feature_token": "hunter2", "api_key": None})
        row = {
            "system": "element451",
            "address": "https://school.api.451.io/v2",
            "account": {},
            "state": "connected",
            "message": "",
        }
        with application.database.begin() as connection:
            connection.execute(
                table(ConnectionRow).insert().values(**row, secrets=secrets, connected_at=datetime.now(UTC))
            )


@every_start
def test_a_database_that_does_not_answer(start: list[str], own: dict[str, str]) -> None:
    told(
        begin(start, {**own, "DATABASE_URL": DEAF_DATABASE, "SYNC_SECRET_KEY": KEY}),
        "DATABASE_URL",
        "Check that the address is right",
    )


def test_a_database_on_a_machine_that_does_not_exist(own: dict[str, str]) -> None:
    address = "postgresql://sync:hunter2@no-such-host.invalid/sync"
    told(
        begin(CHECK, {**own, "DATABASE_URL": address, "SYNC_SECRET_KEY": KEY}),
        "DATABASE_URL",
        "Check that the address is right",
    )


def test_a_database_that_the_server_does_not_have(postgres: Server, own: dict[str, str]) -> None:
    told(
        begin(CHECK, {**own, "DATABASE_URL": postgres.url("none"), "SYNC_SECRET_KEY": KEY}),
        "DATABASE_URL",
        '"none" does not exist',
    )


def test_another_sort_of_database(own: dict[str, str]) -> None:
    told(
        begin(CHECK, {**own, "DATABASE_URL": "mysql://sync:hunter2@db/sync"}),
        "DATABASE_URL",
        "Give postgresql://",
    )


def test_a_redis_that_does_not_answer(own: dict[str, str]) -> None:
    told(begin(RUN, {**own, "REDIS_URL": "redis://:hunter2@127.0.0.1:9/0"}), "REDIS_URL", "does not answer")


@pytest.mark.parametrize("address", ["redis://:hunter2@no-such-host.invalid/0", "unix:///no/such/socket"])
def test_a_redis_that_does_not_exist(address: str, own: dict[str, str]) -> None:
    told(begin(RUN, {**own, "REDIS_URL": address}), "REDIS_URL", "does not answer")


def test_another_sort_of_server_than_redis(own: dict[str, str]) -> None:
    told(begin(RUN, {**own, "REDIS_URL": "http://127.0.0.1"}), "REDIS_URL", "Give redis://")


def test_a_key_that_is_none(own: dict[str, str]) -> None:
    told(
        begin(RUN, {**own, "SYNC_SECRET_KEY": "hunter2"}),
        "SYNC_SECRET_KEY",
        "is not a key",
        "Fernet.generate_key",
    )


@check_and_run
def test_a_missing_key_where_several_processes_share_a_database(
    start: list[str], database_url: str, own: dict[str, str]
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("on SQLite a key file is made")
    told(
        begin(start, {**own, "DATABASE_URL": database_url}),
        "SYNC_SECRET_KEY",
        "Not set",
        "Fernet.generate_key",
    )
    assert not Path(own["DATA_DIR"], "secret.key").exists()


@check_and_run
def test_secrets_that_were_sealed_with_another_key(start: list[str], connected: dict[str, str]) -> None:
    told(
        begin(start, {**connected, "SYNC_SECRET_KEY": OTHER}),
        "SYNC_SECRET_KEY",
        "encrypted with another key",
        "Set the former key again",
    )
    assert begin(CHECK, {**connected, "SYNC_SECRET_KEY": f"{OTHER},{KEY}"}).status == 0


def test_a_lost_key_file_is_not_replaced_by_another(own: dict[str, str]) -> None:
    seal_something(own)
    key = Path(own["DATA_DIR"], "secret.key")
    kept = key.read_bytes()
    key.unlink()
    told(begin(CHECK, own), "SYNC_SECRET_KEY", "Not set", str(key), "is not there")
    assert not key.exists()
    key.write_bytes(kept)
    assert begin(CHECK, own).status == 0


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Make a folder read-only, for root too; skips where that cannot be done."""
    if os.geteuid() != 0:
        folder.chmod(0o555)
        yield
        folder.chmod(0o755)
        return
    for options in (["--bind", str(folder), str(folder)], ["-o", "remount,bind,ro", str(folder)]):
        done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no read-only folder: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@check_and_run
def test_a_folder_that_cannot_be_made_on_a_read_only_disk(start: list[str], tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with read_only(disk):
        told(begin(start, {"DATA_DIR": str(disk / "data")}), "DATA_DIR", "that this program may write to")
    assert list(disk.iterdir()) == []


@check_and_run
def test_a_disk_that_became_read_only(start: list[str], own: dict[str, str]) -> None:
    assert begin(CHECK, own).status == 0
    with read_only(Path(own["DATA_DIR"])):
        told(begin(start, own), "DATA_DIR", "that this program may write to")
    assert begin(CHECK, own).status == 0


def test_a_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told(begin(CHECK, {"DATA_DIR": str(tmp_path / "file" / "data")}), "DATA_DIR", "Not a directory")


@check_and_run
@pytest.mark.parametrize("room", [pytest.param(0, marks=pytest.mark.variation), 40_000])
def test_files_that_cannot_grow_leave_nothing_half_made(
    start: list[str], room: int, own: dict[str, str]
) -> None:
    told(run(start, own, largest_file=room), "DATA_DIR", "Make room on it")
    assert begin(CHECK, own).status == 0
    with Application.from_environment(own) as application:
        assert differences(application.database) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB; skips where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no small disk: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@check_and_run
def test_a_full_disk(start: list[str], small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"\0" * 60_000)
    told(begin(start, {"DATA_DIR": str(small_disk / "data")}), "DATA_DIR", "Make room on it")


def test_a_disk_that_fills_up_later_is_told_by_every_command(own: dict[str, str]) -> None:
    assert begin(CHECK, own).status == 0
    told_later = run([*IMPORT], own, largest_file=4096)
    assert told_later.status in (1, 2)
    assert told_later.err.startswith("DATA_DIR: ")
    assert "Make room on it" in told_later.err
    assert run(IMPORT, own).status == 0
