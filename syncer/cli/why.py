"""``why``: what explains each value of a record, and what became of the record."""

import argparse
from collections.abc import Iterable, Mapping
from typing import Any

from syncer.application.container import Application
from syncer.application.why import open_why
from syncer.cli.output import EXIT_DONE, print_result, register
from syncer.cli.render import print_entries, print_reasons
from syncer.cli.sync import run_for_record


def add(subparsers: Any) -> None:
    """Add the command."""
    why = subparsers.add_parser("why", help="where each value of a record comes from")
    why.add_argument("record", metavar="ID", help="an Element ID, a conversation ID or a Salesforce ID")
    why.add_argument("field", metavar="FIELD", nargs="?", help="only this one: a slug, or an API name")
    why.add_argument("--history", action="store_true", help="instead, all that became of the record")
    register(why, _why)


def _why(options: argparse.Namespace, application: Application) -> int:
    def told() -> list[dict[str, Any]]:
        why = open_why(application)
        return why.history(options.record) if options.history else why.fields(options.record, options.field)

    found = run_for_record(told)
    if options.json:
        print_result(True, found)
    elif options.history:
        print_entries(_numbered(found))
    else:
        print_reasons(found)
    return EXIT_DONE


def _numbered(history: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The history as a table has it: a check has no entry, and no direction."""
    return [
        {**each, "entry": each["entry"] or "–", "direction": each["direction"] or "both"} for each in history
    ]
