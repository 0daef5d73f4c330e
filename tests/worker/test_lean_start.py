"""A tick that finds nothing to do starts without what it does not need (docs/performance.md)."""

import json
import os
import subprocess
import sys

from tests.support.sandbox import ROOT
from tests.worker.installation import OURS, Installation

HEAVY = ("alembic", "pandas", "pydantic", "simple_salesforce", "sqlmodel")
SYNC = (
    "import json, sys; from syncer.cli import main; main(['sync', '--json']);"
    " print(json.dumps([*sys.modules]))"
)


def test_a_run_that_finds_nothing_to_do_imports_nothing_heavy(installation: Installation) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    for _ in range(2):
        ran = subprocess.run(
            [sys.executable, "-c", SYNC],
            cwd=ROOT,
            env=environment | installation.environment,
            capture_output=True,
            text=True,
            check=True,
        )
    assert "summary" in ran.stdout
    imported = {name.partition(".")[0] for name in json.loads(ran.stdout.splitlines()[-1])}
    assert "syncer" in imported
    assert imported.isdisjoint(HEAVY), imported.intersection(HEAVY)
