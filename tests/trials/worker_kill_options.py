"""The options of the trial that kills the worker."""

import argparse
from pathlib import Path


def parser(description: str | None = None) -> argparse.ArgumentParser:
    """The options, under what the trial says of itself."""
    as_written = argparse.RawDescriptionHelpFormatter
    made = argparse.ArgumentParser(
        prog="python -m tests.trials.worker_kill", description=description, formatter_class=as_written
    )
    made.add_argument("--count", type=int, default=40, help="how many kills (default %(default)s)")
    made.add_argument(
        "--seed", type=int, default=1, help="of the school, the edits and the moments (default %(default)s)"
    )
    made.add_argument(
        "--pause",
        type=_from_to,
        default=(1.5, 4.0),
        help="seconds between two kills, from and to (default 1.5,4)",
    )
    made.add_argument(
        "--contacts", type=int, default=300, help="the size of the school (default %(default)s)"
    )
    made.add_argument(
        "--interval", type=int, default=5, help="seconds from tick to tick (default %(default)s)"
    )
    made.add_argument(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="postgresql: a server of its own, restarted too",
    )
    made.add_argument(
        "--redis",
        choices=["embedded", "own"],
        default="embedded",
        help="own: a server started by the script, flushed too",
    )
    made.add_argument(
        "--keep", type=Path, help="a folder, not there yet, to keep the database and the worker's log in"
    )
    return made


def _from_to(text: str) -> tuple[float, float]:
    first, _, second = text.partition(",")
    return float(first), float(second)
