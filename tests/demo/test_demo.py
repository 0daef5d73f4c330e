"""The demo itself, with a smaller school."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from demo.children import ROOT
from demo.imitation import Imitation
from demo.program import CommandFailed, Program, free_callback
from tests.support.sandbox import running_sandbox
from tests.worker.installation import descendants, is_alive

pytestmark = pytest.mark.long


def test_the_demo_tells_its_story_and_leaves_nothing_behind(tmp_path: Path) -> None:
    surroundings = {**os.environ, "TMPDIR": str(tmp_path), "COLUMNS": "140"}
    command = [sys.executable, "-m", "demo", "--once", "--contacts", "80", "--conversations", "10"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for sign in (
        "Preview one contact",
        "before",
        "Approve it",
        "inserted",
        "upserted",
        "deactivated",
        "Second sync",
        "Nothing is left running",
    ):
        assert sign in done.stdout, done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_sign_in_that_comes_back_to_another_program_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, callback = free_callback()
    monkeypatch.setattr("demo.program.BACK_SECONDS", 1.0)
    with running_sandbox(callbacks=[callback]) as running:
        sandbox = Imitation(running.url)
        monkeypatch.setattr(sandbox, "return_to", lambda address: "")
        program = Program(tmp_path, public, running.url.removeprefix("http://"))
        with pytest.raises(CommandFailed, match="Another program may have taken its port; start again"):
            program.connect_salesforce(sandbox)


@pytest.mark.variation
def test_the_demo_stays_with_its_dashboard_until_ctrl_c_and_then_leaves_nothing(tmp_path: Path) -> None:
    surroundings = {**os.environ, "TMPDIR": str(tmp_path), "COLUMNS": "140", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "demo", "--quiet", "--contacts", "60", "--conversations", "6"]
    with subprocess.Popen(
        command, cwd=ROOT, env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout
        said = ""
        while "Ctrl-C ends everything" not in said and (line := demo.stdout.readline()):
            said += line
        dashboard, sandbox = (
            re.findall(rf"{title}: +(http://\S+)", said)[0] for title in ("The dashboard", "Both systems")
        )
        assert requests.get(f"{dashboard}/healthz", timeout=10).json() == {"status": "ok", "schedule": "live"}
        (broken,) = re.findall(r"(http://\S+/people/\w+)", said)
        assert requests.get(broken, timeout=10).ok
        there = [demo.pid, *descendants(demo.pid)]
        demo.send_signal(signal.SIGINT)
        assert "nothing is left running" in demo.stdout.read()
    assert demo.returncode == 0
    assert [pid for pid in there if is_alive(pid)] == []
    for address in (dashboard, sandbox):
        with pytest.raises(requests.ConnectionError):
            requests.get(address, timeout=10)
    assert list(tmp_path.iterdir()) == []
