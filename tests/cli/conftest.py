"""The command line in this process, with an environment of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.fernet import Fernet

from syncer.cli import main
from tests.support.sandbox import RunningSandbox


class Answer(NamedTuple):
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Answer]


@pytest.fixture
def command(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """Run a command on a fresh database, and give what it answered."""
    monkeypatch.chdir(tmp_path)
    environment = {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(tmp_path / "data"),
        "SYNC_SECRET_KEY": Fernet.generate_key().decode(),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in ("PUBLIC_URL", "REDIS_URL", "ALLOWED_SALESFORCE_HOSTS"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> Answer:
        capfd.readouterr()  # what was said before is not its answer
        try:
            status = main(arguments)
        except SystemExit as exit:
            status = int(str(exit.code))
        return Answer(status, *capfd.readouterr())

    return run


@pytest.fixture
def allowed(command: Command, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox may be spoken to."""
    monkeypatch.setenv("ALLOWED_SALESFORCE_HOSTS", sandbox.url.removeprefix("http://"))
