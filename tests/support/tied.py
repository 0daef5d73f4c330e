"""Processes that do not outlive the tests that started them, even where these are killed."""

import shutil
from collections.abc import Sequence

_SETPRIV = shutil.which("setpriv")


def tied(command: Sequence[str]) -> list[str]:
    """The command, told to end (SIGTERM) when whoever starts it dies: by the kernel, where util-linux's
    ``setpriv`` is there. It must be started from a thread that lives as long (prctl(2),
    PR_SET_PDEATHSIG)."""
    return [_SETPRIV, "--pdeathsig", "TERM", "--", *command] if _SETPRIV else list(command)
