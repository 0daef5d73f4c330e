"""An installation as docker-compose.yml describes it, without the engine: its commands and environments, on
servers of this machine.

What the engine would do is done here: paths of volumes and secrets become folders, names of hosts are led to
servers of this machine.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import redis
import requests

from tests.deploy.commands import Ran
from tests.deploy.compose import ROOT, compose
from tests.deploy.proxy import names_led_to
from tests.support.postgres import Server
from tests.support.tls_sandbox import TlsSandbox, running_tls_sandbox
from worker.embedded_redis.server import server_program
from worker.settings import Options

SALESFORCE, ELEMENT451 = "sandbox.localhost:8451", "sandbox.api.451.io:8451"
Lead = Callable[[Mapping[str, int]], AbstractContextManager[str]]
"""Leads each ``host:port`` to a port of this machine, by a proxy whose address it gives."""
LEAVES_WITHIN = 30.0
"""Seconds that a process may take to leave (the compose file gives it more)."""


class Installation:
    """Services of the compose file, one process each. All of them are stopped at the end of a ``with``
    block."""

    def __init__(self, folder: Path, proxy: str, variables: dict[str, str]) -> None:
        self._folder, self._proxy = folder, proxy
        self._services = compose(variables)["services"]
        self._running = ExitStack()

    def secret(self, name: str) -> Path:
        """The file of a secret."""
        return self._folder / "secrets" / name

    def environment(self, service: str) -> dict[str, str]:
        """What the containers of a service find in their environment."""
        given = {
            name: self._here(service, str(value))
            for name, value in self._services[service].get("environment", {}).items()
        }
        return {
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            **given,
            "HTTPS_PROXY": self._proxy,
            "NO_PROXY": "127.0.0.1",  # “localhost” would hold for sandbox.localhost too
        }

    def run(self, service: str, command: Sequence[str] | None = None, **settings: str) -> Ran:
        """Run a service's command, or another one in its place, to the end; ``settings`` replace some of its
        environment."""
        environment = {**self.environment(service), **settings}
        done = subprocess.run(
            self._command(service, command),
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def ask(self, *arguments: str) -> Any:
        """What ``python -m syncer ARGUMENTS --json`` answers inside of a worker's container."""
        done = self.run("worker", ["python", "-m", "syncer", *arguments, "--json"])
        assert done.status in (0, 1), done
        return json.loads(done.out)

    def talk(self, *arguments: str) -> "subprocess.Popen[str]":
        """``python -m syncer ARGUMENTS --json`` inside of a worker's container, for somebody who answers
        it."""
        command = self._command("worker", ["python", "-m", "syncer", *arguments, "--json"])
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment("worker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, service: str, **settings: str) -> "subprocess.Popen[bytes]":
        """Start a service's process in the background; ``settings`` replace some of its environment."""
        log = self._running.enter_context((self._folder / f"{service}.log").open("ab"))
        process = subprocess.Popen(
            self._command(service),
            cwd=ROOT,
            env={**self.environment(service), **settings},
            stdout=log,
            stderr=log,
        )
        self._running.callback(stop, process)
        return process

    def is_healthy(self, service: str, port: str = "", here: str = "") -> bool:
        """What a service's health check says; ``here`` is the port that stands for the container's
        ``port``."""
        test = [
            word.replace(port, here) if port else word
            for word in self._services[service]["healthcheck"]["test"]
        ]
        assert test[0] == "CMD"
        return self.run(service, test[1:]).status == 0

    def log(self, service: str) -> str:
        """What a service's processes said so far."""
        return (self._folder / f"{service}.log").read_text("utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def _command(self, service: str, command: Sequence[str] | None = None) -> list[str]:
        words = [self._here(service, word) for word in command or self._services[service]["command"]]
        return [sys.executable if word == "python" and not at else word for at, word in enumerate(words)]

    def _here(self, service: str, text: str) -> str:
        """``text`` with the paths of the service's volumes and secrets as they are on this machine."""
        for volume in self._services[service].get("volumes", []):
            name, inside = volume.split(":")[:2]
            if text == inside or text.startswith(f"{inside}/"):
                return str(self._folder / name) + text.removeprefix(inside)
        inside, name = "/run/secrets/", text.removeprefix("/run/secrets/")
        if text.startswith(inside):
            assert name in self._services[service]["secrets"], f"{service} does not get the secret {name}"
            return str(self.secret(name))
        return text


def stop(process: "subprocess.Popen[bytes]") -> float:
    """Send SIGTERM, and give the seconds that the process took to end; it is killed when it takes too
    long."""
    began = time.monotonic()
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(LEAVES_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return time.monotonic() - began


@contextmanager
def rehearsal(
    folder: Path, server: Server, callback: str, proxy: Lead = names_led_to, **settings: str
) -> Iterator[tuple[Installation, TlsSandbox]]:
    """An installation with the profile ``sandbox``: PostgreSQL, Redis and the sandbox run; nothing of the
    product does yet. ``proxy`` leads the names of hosts to this machine; ``settings`` go into .env."""
    variables = {
        "PUBLIC_URL": callback,
        "ALLOWED_SALESFORCE_HOSTS": SALESFORCE,
        "REQUESTS_CA_BUNDLE": "/tls/ca.pem",
        "SYNC_INTERVAL_SECONDS": "2",
        "LOGIN_ISSUER": "https://login.school.edu",
        "LOGIN_CLIENT_ID": "sync",
        "LOGIN_ADMINS": "registrar@school.edu",
        **settings,
    }
    services = compose(variables)["services"]
    for name in compose()["volumes"]:
        (folder / name).mkdir()
    subprocess.run([ROOT / "deploy" / "make-secrets", folder / "secrets"], check=True, capture_output=True)
    (folder / "secrets" / "login_client_secret").write_text("login-hunter2\n")
    name = server.create()
    (folder / "secrets" / "database_url").write_text(server.url(name))
    words: list[str] = services["sandbox"]["command"]
    options = words[words.index("--database") :]
    given = [
        word.replace("/data", str(folder / "sandbox-data")).replace("/tls", str(folder / "sandbox-tls"))
        for word in options
    ]
    with (
        _redis(folder, services["redis"]["command"]),
        running_tls_sandbox(
            folder / "sandbox-tls", [*given, "--contacts", "12", "--conversations", "6"]
        ) as sandbox,
    ):
        port = int(sandbox.url.rpartition(":")[2])
        with (
            proxy({SALESFORCE: port, ELEMENT451: port}) as address,
            Installation(folder, address, variables) as installation,
        ):
            yield installation, sandbox
    server.drop(name)


@contextmanager
def _redis(folder: Path, command: Sequence[str]) -> Iterator[None]:
    """The compose file's server, on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = str(server_program(Options()))
    here = {
        "redis-server": program,
        "/run/secrets/redis_conf": str(folder / "secrets" / "redis_conf"),
        "/data": str(folder / "redis"),
    }
    words = [here.get(word, word) for word in command]
    address = folder / "secrets" / "redis_url"
    address.write_text(address.read_text().replace("@redis:6379", f"@127.0.0.1:{port}"))
    process = subprocess.Popen(
        [*words, "--port", str(port), "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL, cwd=folder
    )
    try:
        _await_redis(address.read_text().strip())
        yield
    finally:
        stop(process)


def _await_redis(address: str) -> None:
    deadline = time.monotonic() + 20
    with redis.Redis.from_url(address) as connection:
        while True:
            try:
                connection.ping()
            except redis.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return


def allow(authorize_url: str, installation: Installation) -> str:
    """Allow a sign-in as a person would; gives the address that the browser is sent back to."""
    with requests.Session() as browser:
        browser.trust_env = False
        browser.verify = installation.environment("worker")["REQUESTS_CA_BUNDLE"]
        browser.proxies = {"https": installation.environment("worker")["HTTPS_PROXY"]}
        reply = browser.get(f"{authorize_url}&approve=1", allow_redirects=False, timeout=30)
    reply.raise_for_status()
    return reply.headers["Location"]


def connect(installation: Installation) -> None:
    """Connect both systems as docs/production.md says: by commands in a worker's container, the browser's
    last address pasted."""
    address = f"https://{ELEMENT451}/v2"
    installation.ask("connect", "element451", "--api-url", address, "--feature-token", "sandbox-feature")
    with installation.talk(
        "connect",
        "salesforce",
        "--url",
        f"https://{SALESFORCE}",
        "--client-id",
        "sandbox-client",
        "--client-secret",
        "sandbox-secret",
    ) as talk:
        assert talk.stdin
        assert talk.stdout
        authorize_url = json.loads(talk.stdout.readline())["authorize_url"]
        answered, _ = talk.communicate(allow(authorize_url, installation) + "\n", timeout=60)
    assert talk.returncode == 0, answered
