"""``logs`` and ``retry``: the Integration Logs, and doing a failed entry again."""

import argparse
from typing import Any

from syncer import history
from syncer.bootstrap import Application
from syncer.cli.output import DONE, USED_WRONGLY, Refused, finish, say
from syncer.cli.road import single, tested
from syncer.cli.show import print_entries
from syncer.control import Control
from syncer.logbook import outcome_json
from syncer.plan import Status


def add(subparsers: Any) -> None:
    """Add the commands."""
    logs = subparsers.add_parser("logs", help="what was done, newest first")
    logs.add_argument("--status", choices=[status.value for status in Status])
    logs.add_argument("--record", metavar="ID", help="an Element ID, a conversation ID or a Salesforce ID")
    logs.add_argument("--run", type=int, metavar="RUN", dest="of_run")
    logs.add_argument("--before", type=int, metavar="ENTRY", help="older ones than this entry")
    logs.add_argument("--limit", type=int, default=100)
    finish(logs, _logs)
    retry = subparsers.add_parser("retry", help="read a logged record again on both sides, plan it anew and do it")
    which = retry.add_mutually_exclusive_group(required=True)
    which.add_argument("entry", type=int, nargs="?")
    which.add_argument("--all-failed", action="store_true", help="every record that is failing now")
    finish(retry, _retry)


def _logs(options: argparse.Namespace, application: Application) -> int:
    if options.limit < 1:
        raise Refused("--limit takes a number from 1 on.", USED_WRONGLY)
    chosen = history.Chosen(options.status, options.record, options.of_run, options.before)
    entries = history.entries(application.engine, chosen, options.limit)
    if options.json:
        say(True, entries)
    elif entries:
        print_entries(entries)
    else:
        print("No entries.")
    return DONE


def _retry(options: argparse.Namespace, application: Application) -> int:
    control = Control(application)
    if not options.all_failed:
        run, done = single(lambda: control.retry(options.entry))
        return tested(options, run, [outcome_json(made) for made in done])
    run, done = single(lambda: control.retry_failed())
    return tested(options, run, [outcome_json(made) for made in done])
