"""A Redis that cannot be used is said in a sentence that names the setting, and never the password."""

import socket
from pathlib import Path

import pytest

from syncer.infra.settings.environment import BadSettings, Settings
from worker.embedded_redis.connection import connect, reach


def settings(folder: Path, **environment: str) -> Settings:
    return Settings.from_environment({"DATA_DIR": str(folder), **environment})


def test_an_address_where_nobody_answers_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for address in (f"redis://:secret@127.0.0.1:{port}/0", f"unix://{tmp_path}/nothing.sock"):
        with pytest.raises(
            BadSettings,
            match=r"^REDIS_URL: The Redis server does not answer .* Check that the address is right",
        ) as said:
            connect(settings(tmp_path, REDIS_URL=address))
        assert "secret" not in str(said.value)


def test_a_wrong_password_is_said(tmp_path: Path, redis_url: str) -> None:
    with pytest.raises(BadSettings, match=r"^REDIS_URL: The Redis server refuses the password") as said:
        connect(settings(tmp_path, REDIS_URL=f"{redis_url}?username=somebody&password=secret"))
    assert "secret" not in str(said.value)


def test_a_number_of_no_database_is_said(tmp_path: Path, redis_url: str) -> None:
    with pytest.raises(BadSettings, match=r"^REDIS_URL: The Redis server cannot be used"):
        connect(settings(tmp_path, REDIS_URL=f"{redis_url}?db=9999"))


def test_who_only_looks_starts_no_server(tmp_path: Path) -> None:
    assert reach(settings(tmp_path)) is None
    assert not (tmp_path / "redis").exists()
