"""What the commands print, as JSON or for a person, and their exit codes (docs/architecture.md,
"Surfaces")."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

import orjson

from syncer.application.container import Application
from syncer.configuration.problems import Problem
from syncer.core.text import escaped_json, visible_lines

EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_NOT_DONE = 0, 1, 2, 3
Handler = Callable[[argparse.Namespace, Application], int]


class CommandError(Exception):
    """A command that cannot be done: a sentence for the person, further details for programs, and the exit
    code."""

    def __init__(self, sentence: str, exit_code: int = EXIT_FAILED, **details: object) -> None:
        super().__init__(sentence)
        self.exit_code, self.details = exit_code, details


def register(parser: argparse.ArgumentParser, handler: Handler) -> None:
    """Complete a command's parser: with ``--json``, and the handler that runs it."""
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.set_defaults(run=handler)


def print_result(as_json: bool, document: object, *lines: str) -> None:
    """Print ``document`` on one line of JSON, or ``lines`` for a person."""
    print(json_line(document) if as_json else visible_lines("\n".join(lines)), flush=True)


def json_line(document: object) -> str:
    """``document`` as one line of JSON: what the terminal would obey, or cannot show, is in it by its
    number."""
    text = escaped_json(orjson.dumps(document, default=str).decode())
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(json.loads(text))
    return text


def print_error(as_json: bool, sentence: str, **details: object) -> None:
    """Print an error: ``{"error": …}`` on standard output, or the sentence on standard error."""
    if as_json:
        print_result(True, {"error": sentence, **{name: value for name, value in details.items() if value}})
    else:
        print(visible_lines(sentence), file=sys.stderr, flush=True)


def problems_as_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as the command line prints them."""
    return [
        {"severity": problem.severity, "where": problem.where, "message": problem.message}
        for problem in problems
    ]


def problems_as_lines(problems: Iterable[Problem]) -> list[str]:
    """Problems for a person, one a line."""
    return [f"{problem.severity:7}  {problem.where or 'file'}: {problem.message}" for problem in problems]
