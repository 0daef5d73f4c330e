"""What a command prints: nothing in a value is obeyed by the terminal, and nothing ends the command because
it cannot be shown."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import insert

from syncer.application.container import Application
from syncer.journal.log import ENTRIES
from tests.cli.conftest import Command
from tests.support.sandbox import ROOT

HOSTILE = "王\x1b[2J\x1b]0;taken\x07 \x9b31m\u202egpj \x08x"
OBEYED = ("\x1b", "\x07", "\x9b", "\x08", "\u202e")


@pytest.fixture
def named(command: Command) -> Command:
    """An installation with one entry, of somebody with such a name."""
    from bench.entries import entries

    (entry,) = entries(1)
    change = {"element451": "user-last-name", "salesforce": "LastName", "owner": "element451"}
    entry |= {"reason": f"refused: {HOSTILE}", "changes": [change | {"before": None, "after": HOSTILE}]}
    with Application.from_environment() as application, application.database.begin() as connection:
        connection.execute(insert(ENTRIES), [entry])
    return command


def test_a_name_cannot_speak_to_the_terminal(named: Command) -> None:
    for arguments in (("logs",), ("logs", "--json")):
        out = named(*arguments).out
        assert "王" in out
        assert not [letter for letter in OBEYED if letter in out]
    assert named("logs", "--json").json[0]["changes"][0]["after"] == HOSTILE


def test_a_sentence_and_an_error_cannot_either(command: Command) -> None:
    answer = command("retry", "1\x1b[2J")
    assert answer.status == 2
    assert "\x1b" not in answer.out + answer.err
    answer = command("config", "import", "no\x1b[2J.yaml")
    assert answer.status != 0
    assert "\x1b" not in answer.out + answer.err


@pytest.mark.parametrize("encoding", [pytest.param("cp1252", marks=pytest.mark.variation), "ascii"])
def test_a_terminal_that_knows_no_chinese_shows_the_rest(
    named: Command, encoding: str, tmp_path: Path
) -> None:
    for arguments in (["logs"], ["logs", "--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "syncer", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONIOENCODING": encoding, "DATA_DIR": str(tmp_path / "data")},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert b"refused" in done.stdout
    assert json.loads(done.stdout)[0]["changes"][0]["after"] == HOSTILE, "JSON names it by its number"
