"""An installation at work on a sandbox: the supervised worker with its servers, and how each part of it is
killed and comes back."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import redis
from cryptography.fernet import Fernet
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from tests.support.databases import Databases
from tests.support.postgres import Server
from tests.support.sandbox import ROOT, RunningSandbox
from tests.support.tied import tied
from tests.worker.installation import OURS, Installation, descendants
from worker.embedded_redis.server import Embedded, server_program
from worker.settings import Options

HORSE, WORKER, SCHEDULER, REDIS, SUPERVISOR = (
    "work horse",
    "worker",
    "scheduler",
    "Redis server",
    "supervisor",
)
POSTGRES, FLUSH = "PostgreSQL", "Redis's content"
STOP_SECONDS = 60.0


class OwnRedis:
    """A Redis server that nobody but this keeps: append-only, on a socket in ``folder``; started again when
    it is killed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.url = f"unix://{folder / 'own.sock'}"
        files = [
            "--port",
            "0",
            "--unixsocket",
            str(folder / "own.sock"),
            "--dir",
            str(folder),
            "--logfile",
            str(folder / "own.log"),
        ]
        self._command = [str(server_program(Options())), *files, "--appendonly", "yes", "--save", ""]
        self.process = self._start()

    def kill(self) -> None:
        """Kill the server, and start it again."""
        self.process.kill()
        self.process.wait()
        self.process = self._start()

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        self.process.wait(30)

    def _start(self) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(tied(self._command), stdin=subprocess.DEVNULL)
        with redis.Redis.from_url(
            self.url, retry=Retry(ConstantBackoff(0.05), 400), retry_on_error=[redis.ConnectionError]
        ) as connection:
            connection.ping()
        return process


class Stand:
    """``python -m worker all`` for an installation. What it says is kept in the file ``log``."""

    def __init__(
        self,
        installation: Installation,
        folder: Path,
        own_redis: OwnRedis | None = None,
        postgres: Server | None = None,
        workers: int = 1,
    ) -> None:
        self.installation, self.log = installation, folder / "worker.log"
        self._embedded = Embedded(installation.application.settings.data_dir)
        self._own_redis, self._postgres, self._crash, self._workers = own_redis, postgres, False, workers
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        self._environment = kept | installation.environment
        self.supervisor = self._start()
        self._silent = [time.time()]
        self.refusals: list[int] = []

    def kill(self, victim: str) -> str | None:
        """Kill one part, or do what is asked for: a word on what was done; None where there is no such
        process at this moment."""
        if victim in (POSTGRES, FLUSH) and self.find(HORSE) is None:
            return None  # in the middle of a run
        if victim == POSTGRES and self._postgres:
            self._crash = not self._crash
            self._postgres.restart(signal.SIGQUIT if self._crash else signal.SIGINT)
            return f"{POSTGRES} {'crashed and came back' if self._crash else 'restarted'}"
        if victim == FLUSH:
            with self.redis() as connection:
                connection.flushall()
            return f"{FLUSH} flushed"
        if victim == REDIS and self._own_redis:
            pid = self._own_redis.process.pid
            self._own_redis.kill()
            return f"{REDIS} {pid}"
        found = self.find(victim)
        if found is None:
            return None
        try:
            os.kill(found, signal.SIGKILL)
        except ProcessLookupError:
            return None
        if victim in (SUPERVISOR, SCHEDULER):
            self._silent.append(time.time())
        if victim == SUPERVISOR:
            self.supervisor.wait()
            self.supervisor = self._start()
        return f"{victim} {found}"

    def keep(self) -> None:
        """Start the supervisor again where it ended by itself, as whatever starts services would; its exit
        status is noted in ``refusals``."""
        status = self.supervisor.poll()
        if status is not None:
            self.refusals.append(status)
            self._silent.append(time.time())
            self.supervisor = self._start()

    def lines(self) -> list[dict[str, Any]]:
        """What its processes logged."""
        return [
            json.loads(line)
            for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines()
            if line.startswith("{")
        ]

    def asleep(self) -> list[tuple[float, float]]:
        """From when to when, in seconds since 1970, no scheduler kept the time, by its own log."""
        kept = [
            datetime.fromisoformat(line["timestamp"]).timestamp()
            for line in self.lines()
            if line.get("event") == "keeps the time"
        ]
        return [
            (silent, min((begun for begun in kept if begun > silent), default=time.time()))
            for silent in self._silent
        ]

    def redis(self) -> redis.Redis:
        """A connection to the server, which may be about to come back."""
        again = Retry(ConstantBackoff(0.1), 200)
        if self._own_redis:
            return redis.Redis.from_url(
                self._own_redis.url, retry=again, retry_on_error=[redis.ConnectionError]
            )
        return self._embedded.connect(
            self._await_address(), retry=again, retry_on_error=[redis.ConnectionError]
        )

    def stop(self) -> int:
        """End it all as Ctrl-C would; the exit status."""
        self.supervisor.send_signal(signal.SIGINT)
        return self.supervisor.wait(STOP_SECONDS)

    def leftovers(self) -> list[int]:
        """Which processes of this installation are still there once it was stopped."""
        data = str(self._embedded.folder.parent).encode()
        running = [
            int(place.name)
            for place in Path("/proc").iterdir()
            if place.name.isdigit() and int(place.name) != os.getpid()
        ]
        # The server rewrites its title, and with it what the kernel tells of its environment.
        return [
            pid
            for pid in running
            if b"DATA_DIR=" + data + b"\0" in _environment_of(pid) or data + b"/redis" in _command_of(pid)
        ]

    def find(self, victim: str) -> int | None:
        """The process of this part; None where there is none at this moment."""
        if victim == SUPERVISOR:
            return self.supervisor.pid
        if victim == REDIS:
            try:
                with self._embedded.connect(self._await_address(), socket_timeout=2) as connection:
                    return int(connection.info("server")["process_id"])
            except redis.RedisError:
                return None
        everybody = descendants(self.supervisor.pid)
        schedulers = [pid for pid in everybody if _command_of(pid).endswith(b"worker\0schedule\0")]
        workers = [pid for pid in everybody if b"worker\0run\0" in _command_of(pid)]
        horses = [child for pid in workers for child in descendants(pid)]
        wanted = {
            SCHEDULER: schedulers,
            HORSE: horses,
            WORKER: [pid for pid in workers if pid not in horses],
        }[victim]
        return wanted[0] if wanted else None

    def _await_address(self) -> str:
        deadline = time.monotonic() + 60
        while (address := self._embedded.address()) is None:
            assert time.monotonic() < deadline, "the embedded server did not come back"
            time.sleep(0.05)
        return address

    def _start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            command = [
                sys.executable,
                "-m",
                "worker",
                "all",
                "--no-dashboard",
                "--workers",
                str(self._workers),
            ]
            return subprocess.Popen(
                tied(command),
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


@contextmanager
def standing(
    sandbox: RunningSandbox,
    folder: Path,
    interval: int,
    *,
    prepare: Callable[[Installation], None],
    own_redis: bool = False,
    postgres: Server | None = None,
    workers: int = 1,
    **environment: str,
) -> Iterator[Stand]:
    """An installation at work with a tick every ``interval`` seconds; ``prepare`` is called before the first.
    All of it is ended with the block."""
    with ExitStack() as stack:
        more = environment | {
            "SYNC_INTERVAL_SECONDS": str(interval),
            "SYNC_SECRET_KEY": Fernet.generate_key().decode(),
        }
        if postgres:
            more["DATABASE_URL"] = stack.enter_context(Databases(folder, postgres).url())
        server = OwnRedis(folder / "redis") if own_redis else None
        if server:
            stack.callback(server.stop)
            more["REDIS_URL"] = server.url
        installation = Installation(sandbox, folder / "data", **more)
        stack.callback(installation.application.close)
        prepare(installation)
        stand = Stand(installation, folder, server, postgres, workers)
        try:
            yield stand
        finally:
            if stand.supervisor.poll() is None:
                stand.stop()


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _environment_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
