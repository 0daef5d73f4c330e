"""``python -m tools.lock [--upgrade]``: rewrite ``requirements/*.txt`` from ``pyproject.toml``.

Pins stay as they are unless ``--upgrade`` is given or pyproject.toml rules them out. Every file works for
every supported Python and platform and holds hashes, but no address of any index. The smaller files take
their pins from the largest.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GROUPS = {"dev": ("sandbox", "dev"), "demo": ("sandbox",), "runtime": ()}
"""Lock file -> dependency groups besides the program's own dependencies."""


def find_uv() -> str:
    """The path of uv: the one on PATH, else one in the environment beside this Python, installed when
    missing."""
    beside = Path(sys.executable).parent / "uv"
    if not (found := shutil.which("uv") or shutil.which(str(beside))):
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "uv"], check=True
        )
        found = str(beside)
    return found


def compile_lock(uv: str, lock: str, root: Path, upgrade: bool) -> None:
    """Write one lock file. Raises CalledProcessError when there is no solution."""
    folder = Path("requirements")
    command = [uv, "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--upgrade"] * (upgrade and lock == "dev")
    command += ["--constraints", str(folder / "dev.txt")] * (lock != "dev")
    for group in GROUPS[lock]:
        command += ["--group", group]
    subprocess.run(
        [*command, "pyproject.toml", "-o", str(folder / f"{lock}.txt")],
        cwd=root,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def main(arguments: list[str]) -> int:
    """Returns the exit status: 0 when all files are written, 1 when a step failed (its own message is on the
    terminal)."""
    try:
        uv = find_uv()
        for lock in GROUPS:
            compile_lock(uv, lock, ROOT, "--upgrade" in arguments)
    except subprocess.CalledProcessError as error:
        return error.returncode or 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
