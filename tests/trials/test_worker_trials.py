"""The worker under hardship: the short forms of ``make kills``, ``make backlog`` and ``python -m
tests.trials.worker_stopped``."""

import argparse
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.support.databases import Databases
from tests.support.postgres import NoServer, running_postgres
from tests.support.sandbox import ROOT, running_sandbox
from tests.trials import day, worker_backlog, worker_kill, worker_kill_options, worker_stopped
from tests.worker.installation import Installation

pytestmark = pytest.mark.long

ON_ONE_MACHINE: list[str] = []
IN_PRODUCTION = ["--database", "postgresql", "--redis", "own"]


def options(*given: str) -> argparse.Namespace:
    """A short trial."""
    return worker_kill_options.parser().parse_args(
        ["--contacts", "60", "--interval", "3", "--pause", "0.3,1.2", *given]
    )


@pytest.mark.parametrize(
    ("where", "kills"),
    [pytest.param(ON_ONE_MACHINE, 2, marks=pytest.mark.variation), (IN_PRODUCTION, 2)],
    ids=["on one machine", "in production"],
)
def test_whatever_part_is_killed_no_edit_is_lost_none_is_done_twice_and_every_slot_is_served(
    tmp_path: Path, where: list[str], kills: int
) -> None:
    said: list[str] = []
    try:
        violations = worker_kill.trial(
            tmp_path, options("--count", str(kills), "--seed", "3", *where), said.append
        )
    except NoServer as reason:
        pytest.skip(f"no PostgreSQL: {reason}")
    assert not violations, "\n".join([*said, *violations[:20]])
    assert sum(line.startswith("kill ") for line in said) == kills


def test_after_the_faults_of_a_day_and_a_wrong_clock_both_systems_agree_and_no_tick_is_lost(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    given = ["--count", "7", "--seed", "33", "--contacts", "60"]
    violations = day.trial(tmp_path, day.parser().parse_args(given), said.append)
    assert not violations, "\n".join([*said, *violations[:20]])


def test_a_backlog_is_exported_once_by_four_threads_and_by_one_while_tests_are_answered(
    tmp_path: Path,
) -> None:
    with running_sandbox() as sandbox:
        done = worker_backlog.trial(tmp_path, sandbox, 400, 100, [4, 1], lambda line: None)
    assert [(export.threads, export.written_wrongly) for export in done] == [(4, []), (1, [])]
    assert all(export.tests for export in done), "what was asked for in the middle is answered"


def test_a_work_horse_that_was_stopped_for_longer_than_its_lease_lives_writes_nothing_when_it_goes_on(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    with running_sandbox() as sandbox:
        violations = worker_stopped.trial(tmp_path, sandbox, said.append)
    assert not violations, "\n".join([*said, *violations])


def test_a_tick_that_finds_its_database_being_restarted_waits_for_it_and_is_served(tmp_path: Path) -> None:
    slot = int(time.time())
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgres())
        except NoServer as reason:
            pytest.skip(f"no PostgreSQL: {reason}")
        sandbox = stack.enter_context(running_sandbox(contacts=20))
        url = stack.enter_context(Databases(tmp_path, server).url())
        key = Fernet.generate_key().decode()
        installation = Installation(sandbox, tmp_path / "data", DATABASE_URL=url, SYNC_SECRET_KEY=key)
        stack.callback(installation.application.close)
        server.stop()
        command = [sys.executable, "-c", f"from worker.jobs import tick; tick({slot})"]
        tick = stack.enter_context(
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | installation.environment,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        assert tick.stdout
        assert "will be tried again" in tick.stdout.readline()
        server.restart()
        assert tick.wait(60) == 0
        (run,) = installation.runs()
    assert (run["slot"], run["state"]) == (slot, "done")
