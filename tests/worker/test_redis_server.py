"""The embedded Redis: one server for all processes of a data folder, closed to others, back at once when it
dies, gone with its last user."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from syncer.infra.settings.environment import BadSettings
from tests.support.sandbox import ROOT
from tests.worker.installation import eventually, is_alive
from worker.embedded_redis.server import Embedded

USER = """
import sys
from pathlib import Path
from worker.embedded_redis.server import Embedded
embedded = Embedded(Path(sys.argv[1]))
embedded.ensure()
print("uses it", flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=["socket", "port"])
def embedded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Embedded]:
    """A server that is not started yet, in a folder whose path is short enough for a socket, or too long."""
    server = Embedded(tmp_path / ("d" if request.param == "socket" else "d" * 104))
    yield server
    server.leave(wait_seconds=20)


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Embedded]:
    server = Embedded(tmp_path / "d")
    yield server
    server.leave(wait_seconds=20)


def server_pid(embedded: Embedded) -> int:
    with embedded.connect(embedded.ensure()) as connection:
        return int(connection.info("server")["process_id"])


def test_only_our_own_user_may_speak_to_it(embedded: Embedded) -> None:
    address = embedded.ensure()
    assert stat.S_IMODE(embedded.folder.stat().st_mode) == 0o700
    if address.startswith("unix://"):
        assert stat.S_IMODE(Path(address.removeprefix("unix://")).stat().st_mode) == 0o700
        return
    assert stat.S_IMODE((embedded.folder / "password").stat().st_mode) == 0o600
    with redis.Redis.from_url(address) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_every_process_of_the_folder_finds_the_same_server_even_if_all_start_at_once(
    embedded: Embedded,
) -> None:
    users = [
        subprocess.Popen(
            [sys.executable, "-c", USER, embedded.folder.parent], cwd=ROOT, stdin=-1, stdout=-1, text=True
        )
        for _ in range(3)
    ]
    try:
        first = server_pid(embedded)
        for user in users:
            assert user.stdout
            assert user.stdout.readline() == "uses it\n"
        assert server_pid(embedded) == first
    finally:
        for user in users:
            user.communicate()


def test_what_was_put_into_it_survives_its_sudden_death_and_its_clients_hardly_notice(
    embedded: Embedded,
) -> None:
    address, before = embedded.ensure(), server_pid(embedded)
    with embedded.connect(address) as connection:
        connection.set("kept", "yes")
        os.kill(before, signal.SIGKILL)
        assert eventually(embedded.answers)
        assert connection.get("kept") == b"yes"
    assert server_pid(embedded) != before
    assert embedded.address() == address


def test_its_keeper_holds_nothing_open_of_whoever_started_it(one: Embedded) -> None:
    one.ensure()
    assert one._keeper
    held = {os.readlink(path) for path in Path(f"/proc/{one._keeper.pid}/fd").iterdir()}
    assert held.isdisjoint(os.readlink(f"/proc/self/fd/{number}") for number in (1, 2)), held


def test_it_comes_back_when_its_keeper_is_killed_too(one: Embedded) -> None:
    before = server_pid(one)
    keeper = int(Path(f"/proc/{before}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(keeper, signal.SIGKILL)
    eventually(lambda: not is_alive(before))
    assert server_pid(one) != before


def test_it_comes_back_when_its_keeper_is_killed_as_it_begins(
    one: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawn, spawned = one._spawn, list["subprocess.Popen[bytes]"]()

    def killed_at_first(program: Path) -> "subprocess.Popen[bytes]":
        spawned.append(spawn(program))
        if len(spawned) == 1:
            spawned[0].kill()
        return spawned[-1]

    monkeypatch.setattr(one, "_spawn", killed_at_first)
    assert is_alive(server_pid(one))
    assert len(spawned) == 2


def test_it_stops_with_its_last_user_even_if_that_one_is_killed(one: Embedded) -> None:
    server = server_pid(one)
    with subprocess.Popen(
        [sys.executable, "-c", USER, one.folder.parent], cwd=ROOT, stdin=-1, stdout=-1, text=True
    ) as user:
        assert user.stdout
        assert user.stdout.readline()
        one.leave()
        assert one.answers(), "somebody uses it still"
        user.kill()
    eventually(lambda: not is_alive(server))
    eventually(lambda: not (one.folder / "redis.sock").exists())


def test_a_server_that_cannot_start_is_said_with_its_own_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Embedded(tmp_path / "d")
    (tmp_path / "d" / "redis" / "appendonlydir").mkdir(parents=True)
    (tmp_path / "d" / "redis" / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    with pytest.raises(
        BadSettings,
        match=r"DATA_DIR: The embedded Redis server in .* does not start\. .*Invalid AOF manifest",
    ):
        one.ensure()
    one.leave(wait_seconds=20)
    monkeypatch.setenv("REDIS_SERVER", str(tmp_path / "nothing"))
    with pytest.raises(BadSettings, match=r"REDIS_SERVER: .* is not a program"):
        Embedded(tmp_path / "other").ensure()


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "redis").write_text("a file")
    with pytest.raises(BadSettings, match=r"DATA_DIR: The folder .* cannot be used"):
        Embedded(tmp_path).ensure()
