"""``waiting``: everything that the run which waits for approval would do."""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from syncer.application.container import Application
from syncer.application.decisions import waiting_run
from syncer.application.engine_factory import NotReady
from syncer.cli.output import EXIT_DONE, EXIT_USAGE, CommandError, print_result, register
from syncer.cli.render import print_plans
from syncer.core.guard import ChangeKind
from syncer.infra import csv_export
from syncer.journal.approvals import NotWaiting

T = TypeVar("T")


def add(subparsers: Any) -> None:
    """Add the command."""
    waiting = subparsers.add_parser("waiting", help="everything that a waiting run would do")
    waiting.add_argument("number", type=int, metavar="RUN")
    waiting.add_argument("--kind", type=ChangeKind, choices=list(ChangeKind), help="only this kind of change")
    waiting.add_argument(
        "--field", metavar="F", help="only this field: as the numbers name it, slug or API name"
    )
    waiting.add_argument(
        "--after", type=int, default=0, metavar="NUMBER", help="the next page: “next” of this one"
    )
    waiting.add_argument("--limit", type=int, default=100)
    waiting.add_argument("--csv", action="store_true", help="all of it, a field a line, for a spreadsheet")
    register(waiting, _waiting)


def _waiting(options: argparse.Namespace, application: Application) -> int:
    chosen = {"kind": options.kind, "field": options.field}
    if options.csv:
        _done(lambda: _print_csv(waiting_run.rows(application, options.number, **chosen)))
        return EXIT_DONE
    if options.limit < 1:
        raise CommandError("--limit takes a number from 1 on.", EXIT_USAGE)
    found = _done(
        lambda: waiting_run.page(
            application, options.number, after=options.after, limit=options.limit, **chosen
        )
    )
    if options.json:
        print_result(True, found)
        return EXIT_DONE
    print_plans(found["changes"])
    print(f"More: --after {found['next']}" if found["next"] else "That is all.")
    return EXIT_DONE


def _print_csv(rows: Iterable[Mapping[str, object]]) -> None:
    for line in csv_export.lines(waiting_run.COLUMNS, rows):
        sys.stdout.buffer.write(line)


def _done(action: Callable[[], T]) -> T:
    try:
        return action()
    except (NotWaiting, NotReady) as cannot:
        raise CommandError(str(cannot), EXIT_USAGE) from None
