"""Commands of the product in processes of their own, as an installation runs them: with their environment and
nothing else."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tests.deploy.compose import ROOT


class Ran(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


def run(arguments: Sequence[str], environment: Mapping[str, str], *, largest_file: int | None = None) -> Ran:
    """Run ``python ARGUMENTS``. ``largest_file``: files cannot grow beyond so many bytes."""
    limit: Callable[[], None] | None = None
    if largest_file is not None:
        bytes_allowed = largest_file

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_allowed, bytes_allowed))

    whole = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment}
    process = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=whole,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=limit,
    )
    return Ran(process.returncode, process.stdout, process.stderr)
