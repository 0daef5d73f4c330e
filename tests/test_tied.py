"""What a test starts does not outlive it, even where the test is killed."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import tied
from tests.support.sandbox import ROOT
from tests.worker.installation import eventually, is_alive

STARTER = """
import subprocess, sys
from tests.support.tied import tied
print(subprocess.Popen(tied(["sleep", "600"]), stdout=subprocess.DEVNULL).pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(tied._SETPRIV is None, reason="this machine has no setpriv")
def test_a_process_ends_with_whoever_started_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout
        started = int(starter.stdout.readline())
        command = Path(f"/proc/{started}/cmdline")
        eventually(
            lambda: command.read_bytes().startswith(b"sleep"), 20
        )  # else nobody has told the kernel yet
        starter.send_signal(signal.SIGKILL)
    eventually(lambda: not is_alive(started), 20)
