"""Secrets for a command: typed when it asks for them, or from a file. A list of processes and a shell's
history show what is given as an argument."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from syncer.cli.output import EXIT_USAGE, CommandError

ASKED = "-"
_LONGEST = 4096


def add(parser: argparse.ArgumentParser, name: str, what: str, *, required: bool) -> None:
    """Add ``--NAME`` and ``--NAME-file`` for a secret; ``what`` it is, in words."""
    one = parser.add_mutually_exclusive_group(required=required)
    one.add_argument(
        f"--{name}", metavar="SECRET", help=f"{what}; “-” asks for it, or reads it from standard input"
    )
    one.add_argument(f"--{name}-file", metavar="FILE", help="a file that holds it")


def read(options: argparse.Namespace, name: str, what: str) -> str | None:
    """The secret that was given; None where none was. Raises `CommandError`."""
    option = name.replace("-", "_")
    if path := getattr(options, f"{option}_file"):
        try:
            return Path(path).expanduser().read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise CommandError(f"--{name}-file: {path} cannot be read as text.", EXIT_USAGE) from None
    given: str | None = getattr(options, option)
    if given != ASKED:
        return given
    if sys.stdin.isatty():
        return getpass.getpass(f"{what}: ").strip()
    return _line()


def _line() -> str:
    """One line of standard input, and not a byte more: what follows may be for somebody else."""
    line = b""
    while len(line) < _LONGEST and (byte := os.read(sys.stdin.fileno(), 1)) not in (b"", b"\n"):
        line += byte
    return line.decode("utf-8", "replace").strip()
