"""``logs`` and ``retry``: the Integration Logs, and another try for what failed."""

import argparse
from datetime import UTC, datetime
from typing import Any

from syncer.application.commands import Commands
from syncer.application.container import Application
from syncer.cli.output import EXIT_DONE, EXIT_USAGE, CommandError, print_result, register
from syncer.cli.render import print_entries
from syncer.cli.sync import print_outcomes, run_for_record
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind
from syncer.journal import log_queries
from syncer.journal.log import outcome_json
from syncer.sync.failures import Which


def add(subparsers: Any) -> None:
    """Add the commands."""
    logs = subparsers.add_parser("logs", help="what was done, newest first")
    logs.add_argument("--status", choices=[status.value for status in Status])
    logs.add_argument("--record", metavar="ID", help="an Element ID, a conversation ID or a Salesforce ID")
    logs.add_argument("--run", type=int, metavar="RUN", dest="of_run")
    logs.add_argument("--direction", choices=[direction.value for direction in Direction])
    logs.add_argument("--kind", choices=[kind.value for kind in Kind])
    logs.add_argument("--code", help="the code of a cause, such as REQUIRED_FIELD_MISSING")
    logs.add_argument(
        "--since",
        type=_moment,
        metavar="TIME",
        help="from then on: 2026-11-23, or 2026-11-23T14:30 (this machine's time zone)",
    )
    logs.add_argument("--until", type=_moment, metavar="TIME", help="before then")
    logs.add_argument("--before", type=int, metavar="ENTRY", help="older ones than this entry")
    logs.add_argument("--limit", type=int, default=100)
    register(logs, _logs)
    retry = subparsers.add_parser(
        "retry", help="read a logged record again on both sides, plan it again and do it"
    )
    which = retry.add_mutually_exclusive_group(required=True)
    which.add_argument("entry", type=int, nargs="?")
    which.add_argument(
        "--all-failed",
        action="store_true",
        help="every record that is failing now, ; where that is a lot at once, the run waits for approval",
    )
    which.add_argument("--code", metavar="CODE", help="every record that is failing now with this code")
    retry.add_argument("--field", metavar="F", help="with --code: for this field (slug or API name)")
    retry.add_argument("--value", metavar="V", help="with --code: with this value; “” where it is empty")
    register(retry, _retry)


def _moment(text: str) -> datetime:
    """The UTC time of a day or moment in ISO 8601; one without a time zone is in this machine's."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no day or moment; write 2026-11-23 or 2026-11-23T14:30"
        ) from None


def _logs(options: argparse.Namespace, application: Application) -> int:
    if options.limit < 1:
        raise CommandError("--limit takes a number from 1 on.", EXIT_USAGE)
    log_filter = log_queries.LogFilter(
        status=options.status,
        record=options.record,
        run=options.of_run,
        before=options.before,
        direction=options.direction,
        code=options.code,
        since=options.since,
        until=options.until,
        kind=options.kind,
    )
    entries = log_queries.entries(application.database, log_filter, options.limit)
    if options.json:
        print_result(True, entries)
    elif entries:
        print_entries(entries)
    else:
        print("No entries.")
    return EXIT_DONE


def _retry(options: argparse.Namespace, application: Application) -> int:
    commands = Commands(application)
    if options.code is None and (options.field, options.value) != (None, None):
        raise CommandError("--field and --value go with --code.", EXIT_USAGE)
    which = Which(options.code, options.field, options.value)
    several = options.all_failed or options.code is not None
    run, outcomes = run_for_record(
        (lambda: commands.retry_failed(which)) if several else (lambda: commands.retry(options.entry))
    )
    return print_outcomes(options, run, [outcome_json(outcome) for outcome in outcomes])
