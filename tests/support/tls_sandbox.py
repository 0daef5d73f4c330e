"""The sandbox over TLS, as its own process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.sandbox import ROOT, RunningSandbox


class TlsSandbox(RunningSandbox):
    """A running sandbox whose controls are used over TLS, trusting ``authority``."""

    def __init__(self, url: str, process: "subprocess.Popen[str]", authority: Path) -> None:
        super().__init__(url, process)
        self._http.verify = str(authority)


@contextmanager
def running_tls_sandbox(
    folder: Path, arguments: Sequence[str] = ("--contacts", "0", "--conversations", "0")
) -> Iterator[TlsSandbox]:
    """A sandbox that serves the certificates of ``folder``, on a free loopback port, until the end. Raises
    RuntimeError when it does not start."""
    command = [sys.executable, "-m", "sandbox", *arguments, "--port", "0", "--tls", str(folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PATH": os.environ["PATH"]}
    )
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        process.stdout.close()
        raise RuntimeError(f"the sandbox did not start: exit status {process.wait()}")
    sandbox = TlsSandbox(json.loads(line)["url"], process, folder / "ca.pem")
    try:
        yield sandbox
    finally:
        sandbox.close()
