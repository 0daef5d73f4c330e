"""Production, without the engine: the compose file's own commands and environments, on a real PostgreSQL, a
real Redis server, and the sandbox over TLS under its own authority."""

import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.compose import ROOT
from tests.deploy.installation import LEAVES_WITHIN, Installation, connect, rehearsal, stop
from tests.support.dashboard import free_port
from tests.support.postgres import Server
from tests.support.tls_sandbox import TlsSandbox

pytestmark = pytest.mark.long

PATIENCE = 90.0
EVERY = 1.0
"""Seconds between two looks, each of which may start a process."""


@pytest.fixture
def production(postgres: Server) -> Iterator[tuple[Installation, TlsSandbox]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        callback = f"http://127.0.0.1:{free.getsockname()[1]}"
    with (
        tempfile.TemporaryDirectory() as folder,
        rehearsal(Path(folder), postgres, callback) as (installation, sandbox),
    ):
        yield installation, sandbox


def awaited(found: Callable[[], Any], what: str, installation: Installation, *services: str) -> Any:
    """What ``found`` gives, once that is something."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := found()):
        if time.monotonic() > deadline:
            logs = "\n".join(
                f"{name}:\n{installation.log(name)[-3000:]}" for name in services or ("scheduler", "worker")
            )
            pytest.fail(f"{what} did not come within {PATIENCE} s\n{logs}")
        time.sleep(EVERY)
    return answer


@pytest.mark.timeout(400)
def test_it_is_migrated_connected_kept_in_step_scaled_and_stopped(
    production: tuple[Installation, TlsSandbox], tmp_path: Path
) -> None:
    installation, sandbox = production

    early = installation.run("worker")
    assert early.status == 2
    assert "run: python -m syncer database migrate" in early.err
    migrated = installation.run("migrate")
    assert migrated.status == 0, migrated
    assert installation.run("migrate").status == 0

    guessed = tmp_path / "redis_url"
    guessed.write_text(re.sub(r":[^:@]+@", ":hunter2@", installation.secret("redis_url").read_text()))
    refused = installation.run("scheduler", REDIS_URL_FILE=str(guessed))
    assert refused.status == 2
    assert refused.err.startswith("REDIS_URL: The Redis server refuses the password")
    assert "hunter2" not in refused.err

    connect(installation)
    installation.ask("config", "import", str(school(tmp_path)))

    scheduler, first, second = (
        installation.start("scheduler"),
        installation.start("worker"),
        installation.start("worker"),
    )
    awaited(lambda: installation.is_healthy("scheduler"), "health of the scheduler", installation)
    awaited(lambda: installation.is_healthy("worker"), "health of the worker", installation)
    dashboard = _dashboard(installation)
    done = awaited(lambda: _done(installation), "the first run by the clock", installation)
    assert done["trigger"] == "schedule"
    contact, person = _somebody(sandbox)

    stopped = stop(first)
    assert (first.returncode, stopped < LEAVES_WITHIN) == (0, True)
    sandbox.edit_element451("contact", {person: {"user-first-name": "Zenobia"}})
    awaited(
        lambda: _first_name(sandbox, contact) == "Zenobia",
        "the edit, by the worker that stood by",
        installation,
    )
    assert installation.is_healthy("worker")

    for process in (second, scheduler):
        stop(process)
        assert process.returncode == 0
    assert stop(dashboard) < LEAVES_WITHIN
    assert not installation.is_healthy("worker")
    assert not installation.is_healthy("scheduler")
    for service in ("scheduler", "worker", "dashboard"):
        assert "Traceback" not in installation.log(service)
        assert "sandbox-secret" not in installation.log(service)
        assert "hunter2" not in installation.log(service)
        assert installation.secret("sync_secret_key").read_text().strip() not in installation.log(service)


def _dashboard(installation: Installation) -> "subprocess.Popen[bytes]":
    """The dashboard, once it serves people who sign in; on a free port of this machine, in place of the
    container's own."""
    open_to_all = installation.run(
        "dashboard", LOGIN_ISSUER="", LOGIN_CLIENT_ID="", LOGIN_ADMINS="", LOGIN_CLIENT_SECRET_FILE=""
    )
    assert open_to_all.status == 2
    assert open_to_all.err.startswith("DASHBOARD_HOST: ")
    port = str(free_port())
    process = installation.start("dashboard", DASHBOARD_HOST="127.0.0.1", DASHBOARD_PORT=port)
    awaited(
        lambda: installation.is_healthy("dashboard", "8501", port),
        "health of the dashboard",
        installation,
        "dashboard",
    )
    return process


def school(folder: Path) -> Path:
    """The demo's configuration, with a guard that lets a first run pass."""
    document = yaml.safe_load((ROOT / "demo" / "school.yaml").read_text("utf-8"))
    document["preferences"]["guard"] = {"records": 500, "percent": 100, "at_least": 500}
    path = folder / "school.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return path


def _done(installation: Installation) -> Any:
    run = installation.ask("status")["last_run"]
    return run if run and run["state"] == "done" else None


def _somebody(sandbox: TlsSandbox) -> tuple[str, str]:
    """The IDs of a contact whom both systems have."""
    rows = sandbox.records("Contact", fields=["Id", "Element451_ID__c"])
    return next((str(row["Id"]), str(row["Element451_ID__c"])) for row in rows if row["Element451_ID__c"])


def _first_name(sandbox: TlsSandbox, contact: str) -> str:
    rows = sandbox.records("Contact", fields=["Id", "FirstName"])
    return next(str(row["FirstName"]) for row in rows if row["Id"] == contact)
