"""``undo``: what runs overwrote is put back."""

import argparse
from typing import Any

import orjson

from syncer.application.commands import Commands
from syncer.application.container import Application
from syncer.application.undo import document_before, which
from syncer.cli.output import EXIT_USAGE, CommandError, register
from syncer.cli.progress import shown_progress
from syncer.cli.render import print_piles, print_plans
from syncer.cli.sync import print_run_end, run_for_record
from syncer.configuration.config_file import BadConfiguration
from syncer.core.plan import Plan
from syncer.journal.log import plan_json
from syncer.journal.runs import Run
from syncer.journal.undoable import Undoing


def add(subparsers: Any) -> None:
    """Add the command."""
    undo = subparsers.add_parser("undo", help="put back what was overwritten; it waits for an approval")
    what = undo.add_mutually_exclusive_group(required=True)
    what.add_argument("--run", type=int, metavar="RUN", dest="of_run", help="everything that a run overwrote")
    what.add_argument(
        "--version",
        type=int,
        metavar="VERSION",
        help="all runs under a version; where it is in force, the one before it is restored first",
    )
    what.add_argument("--entry", type=int, metavar="ENTRY", help="one entry of the log")
    what.add_argument("--record", metavar="ID", help="the last write to a record, by an ID of either system")
    undo.add_argument("--field", metavar="FIELD", help="only this one: a slug, or an API name")
    undo.add_argument("--dry-run", action="store_true", help="show every record, write nothing")
    undo.add_argument("--confirm", action="store_true", help="do it at once: you have seen what it does")
    register(undo, _undo)


def _undo(options: argparse.Namespace, application: Application) -> int:
    asked = run_for_record(
        lambda: which(
            application,
            run=options.of_run,
            version=options.version,
            entry=options.entry,
            record=options.record,
            field=options.field,
        )
    )
    if document_before(application, asked) and not options.json:
        print(f"Version {asked.version} is in force: the version before it is restored first.")
    try:
        with shown_progress() as bar:
            commands = Commands(application, bar)
            run = run_for_record(lambda: _run(options, commands, asked))
    except BadConfiguration as bad:
        raise CommandError(f"The version before cannot be restored: {bad}", EXIT_USAGE) from None
    if not options.json:
        print_piles(run.summary())
    return print_run_end(options, run)


def _run(options: argparse.Namespace, commands: Commands, asked: Undoing) -> Run:
    def on_plan(plan: Plan) -> None:
        if options.json:
            print(orjson.dumps(plan_json(plan)).decode())
        else:
            print_plans([plan_json(plan)])

    if options.dry_run:
        return commands.preview_undo(asked, on_plan)
    return commands.undo(asked, confirmed=options.confirm)
