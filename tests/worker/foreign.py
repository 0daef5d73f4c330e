"""What an intruder would like to be called: it leaves a trace."""

import os
from pathlib import Path


def leave_trace(*_: object, **__: object) -> None:
    """Leave a file where the test looks."""
    Path(os.environ["TRACE"]).touch()
