"""What a terminal cannot show must not end a command."""

import sys
from io import TextIOWrapper


def replace_what_cannot_be_shown() -> None:
    """From now on, a character that the terminal's encoding does not have is printed as another sign."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace" if stream is sys.stderr else "replace")
