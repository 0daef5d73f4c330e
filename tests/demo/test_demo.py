"""The demo itself, with a smaller school."""

import os
import subprocess
import sys
from pathlib import Path

from demo.children import ROOT


def test_the_demo_tells_its_story_and_leaves_nothing_behind(tmp_path: Path) -> None:
    surroundings = {**os.environ, "TMPDIR": str(tmp_path), "COLUMNS": "140"}
    command = [sys.executable, "-m", "demo", "--contacts", "150", "--conversations", "30"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    for sign in ("Preview one contact", "before", "Approve it", "inserted", "upserted", "deactivated", "Second sync", "Nothing is left running"):
        assert sign in done.stdout, done.stdout
    assert list(tmp_path.iterdir()) == []
