"""The worker's command line: what is used or set wrongly is said in a sentence that names it."""

from pathlib import Path

import pytest

from tests.worker.installation import OURS
from worker.cli import main


@pytest.mark.parametrize(
    ("command", "name", "value"),
    [
        ("run", "REDIS_URL", "unix:///nothing/there"),
        ("schedule", "SYNC_INTERVAL_SECONDS", "soon"),
        ("all", "SYNC_INTERVAL_SECONDS", "0"),
        ("all", "DATABASE_URL", "mysql://somewhere/db"),
        ("all", "SYNC_SECRET_KEY", "too short"),
        ("health redis", "REDIS_URL", "http://nowhere"),
    ],
)
def test_a_wrong_setting_is_a_sentence_that_names_it(
    command: str,
    name: str,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for other in OURS:
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv(name, value)
    assert main(command.split()) == 2
    assert capsys.readouterr().err.startswith(f"{name}: ")
    assert not (tmp_path / "redis").exists(), "nothing was started"


@pytest.mark.parametrize(
    "arguments",
    [["run", "--workers", "0"], ["run", "--workers", "two"], ["run", "--workers", "2", "--name", "x"], []],
)
def test_wrong_use_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(arguments)
    assert refused.value.code == 2
