"""Secrets of a command need not stand on the command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.support.sandbox import ROOT, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN


def test_a_secret_comes_from_a_file_or_from_standard_input(
    command: Command, sandbox: RunningSandbox, tmp_path: Path, allowed: None
) -> None:
    where = ("connect", "element451", "--api-url", f"{sandbox.url}/v2")
    (tmp_path / "token").write_text(f"{FEATURE_TOKEN}\n")
    assert command(*where, "--feature-token-file", str(tmp_path / "token")).status == 0
    done = subprocess.run(
        [sys.executable, "-m", "syncer", *where, "--feature-token", "-", "--api-key", "-"],
        cwd=ROOT,
        env=os.environ.copy(),
        input=f"{FEATURE_TOKEN}\n\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "given",
    [(), ("--feature-token-file", "/no/such/file"), ("--feature-token", "a", "--feature-token-file", "b")],
)
def test_a_secret_that_is_missing_or_given_twice_is_a_wrong_use(
    command: Command, given: tuple[str, ...]
) -> None:
    answer = command("connect", "element451", "--api-url", "https://x.api.451.io/v2", *given)
    assert answer.status == 2
    assert "--feature-token" in answer.err
