"""An installation of the product beside a sandbox, with its worker's processes, and a way to wait for what
they do."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

import yaml
from sqlalchemy import Table, select

from syncer.application.container import Application
from syncer.configuration.config_file import validate
from syncer.infra.database.tables import EntryRow, table
from syncer.infra.settings.environment import Settings
from syncer.journal.runs import RUNS
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, ROOT, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN, answer_of
from tests.support.tied import tied

T = TypeVar("T")
Process = subprocess.Popen[str]
NO_GUARD = {"records": 10**6, "percent": 100, "at_least": 10**6}
OURS = ("DATABASE_URL", "REDIS_URL", "SYNC_SECRET_KEY", "DATA_DIR", "SYNC_INTERVAL_SECONDS", "REDIS_SERVER")


def eventually(look: Callable[[], T | None], seconds: float = 60) -> T:
    """What ``look`` gives once it gives something true. Fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited in vain for {seconds} seconds"
        time.sleep(0.02)
    return found


def is_alive(pid: int) -> bool:
    """Whether this process runs; one that is only waiting to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int) -> list[int]:
    """The children of a process, and theirs."""
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []
    return children + [further for child in children for further in descendants(child)]


class Processes:
    """Starts commands of the worker with one environment, and ends what is left of them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = {name: value for name, value in os.environ.items() if name not in OURS} | dict(
            environment
        )
        self._started: list[tuple[Process, IO[str]]] = []

    def start(self, *arguments: str, **environment: str) -> Process:
        """Start ``python -m worker ARGUMENTS``."""
        said = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed with the process; a pipe that nobody reads would fill up
        process = subprocess.Popen(
            tied([sys.executable, "-m", "worker", *arguments]),
            cwd=ROOT,
            env=self.environment | environment,
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._started.append((process, said))
        return process

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run a command to its end; its exit status and what it said."""
        process = self.start(*arguments, **environment)
        process.wait(60)
        said = self._started[-1][1]
        said.seek(0)
        return process.returncode, said.read()

    def close(self) -> None:
        """End all of them, and show what they said, for whoever looks at a failure."""
        for process, _ in self._started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process, said in self._started:
            try:
                process.wait(35)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            with said:
                said.seek(0)
                print(said.read()[-20_000:])


class Installation:
    """Connected to a sandbox, with a configuration in force and an SQLite database under its folder."""

    def __init__(self, sandbox: RunningSandbox, folder: Path, **environment: str) -> None:
        self.sandbox = sandbox
        self.environment = {
            "DATA_DIR": str(folder),
            "ALLOWED_SALESFORCE_HOSTS": sandbox.url.removeprefix("http://"),
        } | environment
        self.application = Application(Settings.from_environment(self.environment))
        connections = self.application.connections
        connections.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
        connections.finish_salesforce(
            answer_of(connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET).authorize_url)
        )
        self.configure()

    def configure(self, **preferences: object) -> None:
        """Put the demo's mapping into force, with these preferences over its own, small batches, and by
        default without a guard."""
        document = yaml.safe_load((ROOT / "demo" / "school.yaml").read_text(encoding="utf-8"))
        document["preferences"] |= {"guard": NO_GUARD, "batch_size": 10} | preferences
        self.application.configuration.store(validate(document))

    def runs(self, **equal: Any) -> list[dict[str, Any]]:
        """The runs whose columns have these values, oldest first."""
        return self._rows(RUNS, equal)

    def entries(self, **equal: Any) -> list[dict[str, Any]]:
        """The log entries whose columns have these values, oldest first."""
        return self._rows(table(EntryRow), equal)

    def _rows(self, of: Table, equal: dict[str, Any]) -> list[dict[str, Any]]:
        asked = select(of).where(*(of.c[name] == value for name, value in equal.items())).order_by(of.c.id)
        with self.application.database.connect() as connection:
            return [dict(row) for row in connection.execute(asked).mappings()]


@contextmanager
def processes(environment: Mapping[str, str]) -> Iterator[Processes]:
    """Commands of the worker, ended with the block."""
    started = Processes(environment)
    try:
        yield started
    finally:
        started.close()
