"""``python -m worker all``: one command for one machine. It restarts what dies, and leaves nothing when it
ends, however it ends."""

import os
import signal
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from syncer.infra.settings.environment import BadSettings
from tests.support.dashboard import free_port
from tests.support.sandbox import RunningSandbox
from tests.worker.installation import (
    Installation,
    Process,
    Processes,
    descendants,
    eventually,
    is_alive,
    processes,
)
from worker import commands
from worker.embedded_redis.server import Embedded
from worker.health import NO_SERVER, PROCESSES, health


@pytest.fixture
def alone(sandbox: RunningSandbox, tmp_path: Path) -> Iterator[Installation]:
    """An installation without any setting of a server, as a person first tries it, with ticks every two
    seconds."""
    sandbox.reset(contacts=40, conversations=4)
    installed = Installation(
        sandbox, tmp_path / "data", SYNC_INTERVAL_SECONDS="2", DASHBOARD_PORT=str(free_port())
    )
    yield installed
    installed.application.close()


@pytest.fixture
def command(alone: Installation) -> Iterator[Processes]:
    with processes(alone.environment) as started:
        yield started


def everything(alone: Installation, supervisor: Process) -> list[int]:
    """The supervisor, its children and theirs, and the embedded server with its keeper."""
    server = Embedded(Path(alone.environment["DATA_DIR"]))
    with server.connect(eventually(server.address)) as connection:
        redis = int(connection.info("server")["process_id"])
    keeper = int(Path(f"/proc/{redis}/stat").read_text().rpartition(")")[2].split()[1])
    return sorted({supervisor.pid, *descendants(supervisor.pid), keeper, redis})


def dashboard_answers(alone: Installation) -> bool:
    """Whether somebody could open the dashboard now."""
    try:
        return requests.get(f"http://127.0.0.1:{alone.environment['DASHBOARD_PORT']}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False


def ticks(alone: Installation) -> list[int]:
    """The slots that had a whole run."""
    return [row["slot"] for row in alone.runs(trigger="schedule", state="done")]


def test_three_ticks_run_one_after_the_other_and_ctrl_c_leaves_nothing(
    alone: Installation, command: Processes
) -> None:
    supervisor = command.start("all")
    eventually(lambda: ticks(alone))
    person = alone.sandbox.records("contact", "element451")[0]["user-elementid"]
    alone.sandbox.edit_element451("contact", {person: {"user-first-name": "Edited"}})
    eventually(lambda: len(ticks(alone)) >= 3)
    done = alone.runs(state="done")
    assert all(later["started_at"] >= earlier["ended_at"] for earlier, later in pairwise(done))
    assert len(set(ticks(alone))) == len(ticks(alone))
    assert any(
        row["Element451_ID__c"] == person and row["FirstName"] == "Edited"
        for row in alone.sandbox.records("Contact")
    )
    for process in PROCESSES:
        assert health(alone.application.settings, process)[0]
    eventually(lambda: dashboard_answers(alone))
    with pytest.raises(BadSettings, match="runs already"):
        commands.everything(alone.application, 1)
    there = everything(alone, supervisor)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(40) == 0
    assert [pid for pid in there if is_alive(pid)] == []
    assert not list(Path(alone.environment["DATA_DIR"]).rglob("*.sock"))
    assert health(alone.application.settings, "redis") == (False, NO_SERVER)
    assert not dashboard_answers(alone)


def test_whatever_is_killed_comes_back_and_a_killed_supervisor_leaves_no_orphan(
    alone: Installation, command: Processes
) -> None:
    supervisor = command.start("all")
    eventually(lambda: ticks(alone))
    eventually(lambda: dashboard_answers(alone))
    for victim in [pid for pid in everything(alone, supervisor) if pid != supervisor.pid]:
        if is_alive(victim):
            os.kill(victim, signal.SIGKILL)
    before = len(ticks(alone))
    eventually(lambda: len(ticks(alone)) >= before + 2)
    eventually(lambda: dashboard_answers(alone))
    there = everything(alone, supervisor)
    supervisor.kill()
    supervisor.wait()
    killed = time.monotonic()
    eventually(lambda: not [pid for pid in there if is_alive(pid)], 40)
    assert time.monotonic() - killed < 40


@pytest.mark.variation
def test_it_also_runs_without_the_dashboard(alone: Installation, command: Processes) -> None:
    supervisor = command.start("all", "--no-dashboard")
    eventually(lambda: ticks(alone))
    assert not any(
        "dashboard" in Path(f"/proc/{pid}/cmdline").read_text() for pid in descendants(supervisor.pid)
    )
