"""The name of a folder may hold what other grammars take for their own signs: the database is written inside
DATA_DIR, the embedded server starts, and nothing appears beside it."""

import os
from pathlib import Path

import pytest

from syncer.application.container import Application
from syncer.infra.settings.environment import BadSettings, Settings
from syncer.journal import runs
from syncer.journal.run_state import Trigger
from worker.embedded_redis.connection import reach
from worker.embedded_redis.server import Embedded

ODD = [
    "why?",
    "a?mode=memory",
    "100%",
    "%2e%2e",
    "%(here)s",
    "a#b",
    'the "best"',
    "the 'rest'",
    "back\\slash",
    "\\x41",
    "${HOME}",
    "a&b=c;d",
    "two  blanks",
    "line\nbreak",
    "tab\there",
    "[::1]:80@host",
    "Zürich – 学校",
    "-",
]
ALL_BELOW_ONE_ANOTHER = "/".join(ODD)
EACH = [pytest.param(name, marks=pytest.mark.variation) for name in ODD]  # all at once shows as much, mostly


@pytest.mark.parametrize("name", [ALL_BELOW_ONE_ANOTHER, *EACH])
def test_everything_that_is_kept_is_kept_inside_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "x" / name
    settings = Settings.from_environment({"DATA_DIR": str(folder)})
    with Application(settings) as application:
        application.check()
        runs.begin(application.database, Trigger.SYNC, 1)
    with Application(settings) as again:
        assert runs.find(again.database, 1)
    assert (folder / "sync.sqlite3").is_file()
    assert os.listdir(tmp_path / "x") == [name.split("/")[0]]
    assert os.listdir(tmp_path) == ["x"]
    assert settings.database_setting == "DATA_DIR"


@pytest.mark.parametrize("name", [ALL_BELOW_ONE_ANOTHER, ODD[0], *EACH[1:]])
def test_the_embedded_server_of_the_folder_starts_and_is_found(tmp_path: Path, name: str) -> None:
    """All names below one another are too long for a socket: a port is used."""
    folder = tmp_path / "x" / name
    server = Embedded(folder)
    try:
        with server.connect(server.ensure()) as connection:
            assert connection.ping()
        found = reach(Settings.from_environment({"DATA_DIR": str(folder)}))
        assert found
        with found:
            assert found.config_get("dir") == {"dir": str(server.folder)}
        assert (folder / "redis" / "appendonlydir").is_dir()
        assert os.listdir(tmp_path / "x") == [name.split("/")[0]]
    finally:
        server.leave(wait_seconds=20)


def test_a_name_that_is_no_text_is_refused_by_name() -> None:
    with pytest.raises(BadSettings, match=r"^DATA_DIR: "):
        Settings.from_environment({"DATA_DIR": os.fsdecode(b"/tmp/caf\xe9")})
