"""Setting up ``.venv``: made when missing, left alone when right, rebuilt when it is stale, broken or half
done."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tools import environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with lock files that ask for nothing, so that nothing is fetched."""
    monkeypatch.delenv("PYTHON", raising=False)
    (tmp_path / "requirements").mkdir()
    for lock in environment.COVERS:
        (tmp_path / "requirements" / f"{lock}.txt").write_text("# nothing\n")
    return tmp_path


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A virtual environment without pip: quick to make, enough where nothing is installed."""
    place = tmp_path_factory.mktemp("bare") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    yield place
    shutil.rmtree(place)


@pytest.fixture
def ready(root: Path, bare: Path) -> Path:
    """The folder with an environment that holds the tests' packages."""
    shutil.copytree(bare, root / ".venv", symlinks=True)
    stamp = {
        "python": environment.python_of(root / ".venv"),
        "locks": {"dev": environment.digest(root, "dev")},
    }
    (root / ".venv" / "stamp.json").write_text(json.dumps(stamp))
    return root


def test_a_missing_environment_is_made_once_however_many_ask_for_it(root: Path) -> None:
    with ThreadPoolExecutor(3) as threads:
        made = list(threads.map(lambda lock: environment.ensure(root, lock), ["dev", "dev", "dev"]))
    assert sorted(made) == [False, False, True]
    assert environment.installed(root, root / ".venv") == {"dev": environment.digest(root, "dev")}
    assert environment.ensure(root, "demo") is False, "what the tests need covers what the demo needs"


def test_a_ready_environment_is_left_alone(ready: Path) -> None:
    assert environment.ensure(ready, "dev") is False
    assert environment.ensure(ready, "runtime") is False


def test_an_environment_with_an_older_lock_is_stale(ready: Path) -> None:
    (ready / "requirements" / "dev.txt").write_text("# another nothing\n")
    assert environment.installed(ready, ready / ".venv") == {}


def test_an_environment_whose_setup_was_interrupted_is_stale(ready: Path) -> None:
    (ready / ".venv" / "stamp.json").unlink()
    assert environment.installed(ready, ready / ".venv") == {}
    (ready / ".venv" / "stamp.json").write_text('{"python": ')
    assert environment.installed(ready, ready / ".venv") == {}


@pytest.mark.variation
def test_an_environment_whose_interpreter_is_gone_is_made_anew(ready: Path) -> None:
    for name in ("python", "python3"):
        (ready / ".venv" / "bin" / name).unlink()
        (ready / ".venv" / "bin" / name).symlink_to(ready / "removed")
    assert environment.ensure(ready, "dev") is True
    assert environment.python_of(ready / ".venv") == sys.implementation.cache_tag


def test_an_environment_of_another_python_is_stale_when_one_is_asked_for(
    ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = ready / ".venv" / "stamp.json"
    stamp.write_text(stamp.read_text().replace(sys.implementation.cache_tag or "", "cpython-399"))
    monkeypatch.setenv("PYTHON", sys.executable)
    assert environment.installed(ready, ready / ".venv") == {}


@pytest.mark.variation
def test_packages_that_cannot_be_installed_leave_a_sentence_and_no_stamp(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "requirements" / "dev.txt").write_text(
        "nothing-of-this-name==1\n"
    )  # no hash: pip refuses before it looks anywhere
    with pytest.raises(environment.SetupError, match="could not be installed"):
        environment.ensure(root, "dev")
    assert not (root / ".venv" / "stamp.json").exists()


def test_a_python_that_cannot_run_is_passed_over(tmp_path: Path) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    (tmp_path / "python3").symlink_to(sys.executable)
    shell = shutil.which("sh") or "/bin/sh"
    surroundings = {"PATH": str(tmp_path)}
    done = subprocess.run(
        [shell, ROOT / "tools" / "python", "-c", "print(1)"], env=surroundings, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "1\n")


def test_a_machine_without_a_fitting_python_is_told_so(tmp_path: Path) -> None:
    shell = shutil.which("sh") or "/bin/sh"
    done = subprocess.run(
        [shell, ROOT / "tools" / "python", "-V"], env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "No working Python 3.11 or newer" in done.stderr
