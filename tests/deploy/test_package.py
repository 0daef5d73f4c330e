"""The package: it builds without a network, holds what the product needs and nothing else, and its commands
work from any folder."""

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.deploy.compose import ROOT
from tests.support.dashboard import free_port
from tests.test_repository import tracked

ROOMS = ("syncer", "worker", "dashboard")
Command = Callable[..., "subprocess.Popen[str]"]

pytestmark = pytest.mark.long


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built from a copy of the tree: building leaves files beside the code."""
    folder = tmp_path_factory.mktemp("package")
    for path in tracked():
        place = folder / "tree" / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    pip("wheel", "--no-index", "--no-deps", "--no-build-isolation", "-w", folder, folder / "tree")
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """A folder with the package alone; what it depends on is where these tests have it from."""
    folder = wheel.parent / "installed"
    pip("install", "--no-index", "--no-deps", "--target", folder, wheel)
    return folder


@pytest.fixture
def command(installed: Path, tmp_path: Path) -> Command:
    """Starts an installed command in an empty folder, with nothing in the environment that helps it."""

    def start(name: str, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [installed / "bin" / name, *arguments],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(installed), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start


def test_the_package_holds_every_file_of_the_product_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    of_the_product = {path.relative_to(ROOT) for path in tracked()}
    assert held == {path.as_posix() for path in of_the_product if path.parts[0] in ROOMS}


def test_status_works_in_an_empty_folder(command: Command, tmp_path: Path) -> None:
    process = command("syncer", "status")
    said, _ = process.communicate(timeout=100)
    assert process.returncode == 0, said
    assert "Element451: not connected" in said
    assert (tmp_path / "data" / "sync.sqlite3").exists()


def test_everything_runs_in_an_empty_folder(command: Command, installed: Path, tmp_path: Path) -> None:
    port = str(free_port())
    process = command("worker", "all", DASHBOARD_PORT=port, PUBLIC_URL=f"http://localhost:{port}")
    try:
        await_answer(process, f"http://127.0.0.1:{port}/healthz")
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert not (installed / "data").exists()


def await_answer(process: "subprocess.Popen[str]", address: str) -> None:
    deadline = time.monotonic() + 100
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if requests.get(address, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer; exit status {process.poll()}")
