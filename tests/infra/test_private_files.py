"""What is kept on the disk is readable by this program's own user alone, also what an older version made."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from syncer.infra.private_files import correct_old_files
from syncer.infra.settings.environment import Settings
from tests.support.sandbox import ROOT


def modes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


def run(*arguments: str, data_dir: Path) -> None:
    names = ("DATABASE_URL", "REDIS_URL", "SYNC_SECRET_KEY")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment | {"DATA_DIR": str(data_dir)},
        check=True,
        capture_output=True,
        umask=0o022,
    )


def test_a_new_database_and_its_folder_are_private(tmp_path: Path) -> None:
    run("syncer", "status", data_dir=tmp_path / "data")
    found = modes(tmp_path)
    assert "data/sync.sqlite3" in found
    assert not [name for name, mode in found.items() if mode & 0o077]


def test_files_that_an_older_version_made_are_corrected(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "redis").mkdir(parents=True, mode=0o755)
    for name in ("sync.sqlite3", "sync.sqlite3-wal", "redis/appendonly.aof", "of somebody else"):
        (folder / name).touch(0o644)
    folder.chmod(0o755)
    run("syncer", "status", data_dir=folder)
    open_to_others = {name for name, mode in modes(tmp_path).items() if mode & 0o077}
    assert open_to_others == {"data/of somebody else"}


@pytest.mark.parametrize("mode", [0o1777, 0o755])
def test_a_folder_that_others_use_too_is_left_as_it_is(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(mode)
    if mode & stat.S_ISVTX:
        (folder / "secret.key").touch(0o644)
    correct_old_files(Settings.from_environment({"DATA_DIR": str(folder)}))
    assert stat.S_IMODE(folder.stat().st_mode) == mode
