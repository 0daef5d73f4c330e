"""Whatever happens to the demo, nothing is left running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demo.children import ROOT, child

LASTING = "import time; print('up', flush=True); time.sleep(600)"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True);"
    " time.sleep(600)"
)
PARENT = """
import os, sys
from demo.children import child, stopped_by_signals
with stopped_by_signals(), child(["-c", {code!r}], os.environ) as process:
    process.stdout.readline()
    print(process.pid, flush=True)
    process.wait()
"""


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def gone_within(pid: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return not is_running(pid)


linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_a_child_ends_with_its_block() -> None:
    with child(["-c", LASTING], os.environ) as process:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
    assert process.returncode == -signal.SIGTERM


def test_a_child_ends_when_a_step_fails() -> None:
    with pytest.raises(RuntimeError, match="a step"), child(["-c", LASTING], os.environ) as process:
        raise RuntimeError("a step")
    assert process.poll() is not None


@linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_child_ends_with_its_parent(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.format(code=LASTING)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.send_signal(number)
        assert gone_within(pid, 10)


@linux
def test_a_child_that_will_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo.children.PATIENCE", 0.1)
    with child(["-c", DEAF], os.environ) as process:
        assert process.stdout
        process.stdout.readline()
    assert process.returncode == -signal.SIGKILL
