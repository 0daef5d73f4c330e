"""Configuration files that are given to a command."""

import sys
from pathlib import Path

from syncer.cli.output import EXIT_USAGE, CommandError, problems_as_json, problems_as_lines
from syncer.configuration import config_file
from syncer.configuration.document import Document
from syncer.configuration.promotion import Described

STANDARD_STREAM = "-"


def read_document(file: str) -> Document:
    """The document in a file; - for standard input. Raises `CommandError`."""
    try:
        return config_file.parse(text_of(file))
    except config_file.BadConfiguration as bad:
        raise refused(file, bad) from None


def read_described(file: str) -> Described:
    """What the file says of its fields where it comes from; empty where it does not. Raises
    `CommandError`."""
    return config_file.described(text_of(file))


def refused(file: str, bad: config_file.BadConfiguration) -> CommandError:
    """The error of a file that is not taken over."""
    listed = problems_as_lines(bad.problems)
    sentence = f"{file} is not taken over; the configuration in force stays. {len(listed)} to mend:"
    return CommandError("\n".join([sentence, *listed]), problems=problems_as_json(bad.problems))


def text_of(file: str) -> str:
    """The text of a file; - for standard input. Raises `CommandError`."""
    try:
        if file == STANDARD_STREAM:
            return sys.stdin.buffer.read().decode("utf-8")
        return Path(file).read_text("utf-8")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.", EXIT_USAGE) from None
    except UnicodeDecodeError:
        raise CommandError(
            f"{file} is not a text file in UTF-8. Save it so, and try again.", EXIT_USAGE
        ) from None
