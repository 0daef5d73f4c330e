"""``tools/python tools/environment.py LOCK``: make sure that ``.venv`` holds what ``requirements/LOCK.txt``
pins. Standard library only.

A stamp inside ``.venv`` says which Python it was made with and which lock files were installed completely. An
environment without a stamp (a set-up that was interrupted), with an older lock file, or whose interpreter is
gone, is rebuilt. Several commands may start at once: the first one does the work, the others wait for it.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COVERS = {"runtime": ("runtime", "demo", "dev"), "demo": ("demo", "dev"), "dev": ("dev",)}
"""Which installed locks make which lock needless: each is a part of the next one, with the same pins."""


class SetupError(Exception):
    """The environment could not be made. The message is for whoever ran make."""


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    with (root / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(root: Path, lock: str) -> str:
    """The sha256 of a lock file."""
    return hashlib.sha256((root / "requirements" / f"{lock}.txt").read_bytes()).hexdigest()


def python_of(venv: Path) -> str | None:
    """The environment's Python, such as ``cpython-311``; None when it does not run."""
    code = "import sys; print(sys.implementation.cache_tag)"
    try:
        done = subprocess.run(
            [venv / "bin" / "python", "-c", code], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def installed(root: Path, venv: Path) -> dict[str, str]:
    """The lock files that the environment holds, with their digests; empty when it must be rebuilt."""
    try:
        stamp = json.loads((venv / "stamp.json").read_text())
        locks = {str(lock): str(sha) for lock, sha in stamp["locks"].items()}
    except (OSError, ValueError, KeyError, AttributeError):
        return {}
    current = all(lock in COVERS and sha == digest(root, lock) for lock, sha in locks.items())
    asked_for = not os.environ.get("PYTHON") or stamp["python"] == sys.implementation.cache_tag
    return locks if current and asked_for and stamp["python"] == python_of(venv) else {}


def _run(command: list[str | Path], failure: str) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise SetupError(f"{failure}\n{done.stdout.strip()}")


def _create(venv: Path) -> None:
    if venv.is_symlink():
        venv.unlink()
    shutil.rmtree(venv, ignore_errors=True)
    hint = (
        "The virtual environment could not be made. On Debian and Ubuntu, `apt-get install python3-venv`"
        " helps."
    )
    base: str = getattr(
        sys, "_base_executable", sys.executable
    )  # not the interpreter inside .venv, where that one runs this
    _run([base, "-m", "venv", venv], hint)


def _install(root: Path, venv: Path, lock: str) -> None:
    requirements = root / "requirements" / f"{lock}.txt"
    if uv := shutil.which("uv"):
        try:
            _run(
                [
                    uv,
                    "pip",
                    "install",
                    "-q",
                    "--python",
                    venv / "bin" / "python",
                    "--require-hashes",
                    "-r",
                    requirements,
                ],
                "uv failed",
            )
            return
        except SetupError:
            pass  # its package index may be configured otherwise than pip's
    pip: list[str | Path] = [
        venv / "bin" / "python",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "install",
        "-q",
        "--no-compile",
    ]
    _run([*pip, "--require-hashes", "-r", requirements], "The packages could not be installed.")


def ensure(root: Path, lock: str) -> bool:
    """Make or mend ``.venv`` until it holds ``lock``. Returns whether there was anything to do; raises
    SetupError."""
    venv = root / ".venv"
    with _alone(root):
        locks = installed(root, venv)
        if any(larger in locks for larger in COVERS[lock]):
            return False
        print(
            f"Setting up .venv ({lock} packages); this happens once and takes about a minute.",
            file=sys.stderr,
            flush=True,
        )
        if not locks:
            _create(venv)
        stamp = venv / "stamp.json"
        stamp.unlink(missing_ok=True)
        _install(root, venv, lock)
        unfinished = venv / "stamp.new"
        unfinished.write_text(
            json.dumps({"python": python_of(venv), "locks": {**locks, lock: digest(root, lock)}}) + "\n"
        )
        unfinished.replace(stamp)
        return True


def main(arguments: list[str]) -> int:
    """Returns the exit status: 0 when ``.venv`` is ready, 1 when it cannot be made, 2 when used wrongly."""
    if len(arguments) != 1 or arguments[0] not in COVERS:
        print(f"usage: tools/environment.py {'|'.join(COVERS)}", file=sys.stderr)
        return 2
    try:
        ensure(ROOT, arguments[0])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; the next start rebuilds .venv.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
