"""``failing`` and ``remedy``: what fails, in groups, and what can be done about a whole group."""

import argparse
from dataclasses import asdict
from typing import Any

from syncer.application.commands import Commands
from syncer.application.container import Application
from syncer.application.decisions import problems
from syncer.application.decisions.problems import NoSuchProblem
from syncer.cli.output import EXIT_DONE, EXIT_USAGE, CommandError, print_result, register
from syncer.cli.render import print_plans, print_problems
from syncer.cli.sync import print_outcomes, run_for_record
from syncer.journal.log import outcome_json
from syncer.sync.match.linking import CannotLink
from syncer.sync.planning.forecast import forecast


def add(subparsers: Any) -> None:
    """Add the commands."""
    register(subparsers.add_parser("failing", help="what fails now, by cause, field and value"), _failing)
    remedy = subparsers.add_parser(
        "remedy", help="add a group's value to the value map, or set a default; then retry the group"
    )
    remedy.add_argument("group", metavar="GROUP", help="as “failing” names it")
    how = remedy.add_mutually_exclusive_group(required=True)
    how.add_argument(
        "value", metavar="VALUE", nargs="?", help="what the value is translated to, or the default"
    )
    how.add_argument(
        "--suspend", action="store_true", help="let the field stand still until somebody resumes it"
    )
    remedy.add_argument("--dry-run", action="store_true", help="only say what the new version would do")
    register(remedy, _remedy)
    link = subparsers.add_parser("link", help="say that two contacts are the same: they become one pair")
    link.add_argument("element_id", metavar="ELEMENT_ID")
    link.add_argument("salesforce_id", metavar="SALESFORCE_ID")
    link.add_argument("--dry-run", action="store_true", help="only say what the next run would do")
    register(link, _link)


def _failing(options: argparse.Namespace, application: Application) -> int:
    current = application.configuration.current()
    found = problems.groups(application.database, current[1]) if current else []
    if options.json:
        print_result(True, found)
    elif found:
        print_problems(found)
    else:
        print("Nothing fails.")
    return EXIT_DONE


def _link(options: argparse.Namespace, application: Application) -> int:
    try:
        plans = Commands(application).link(options.element_id, options.salesforce_id, dry_run=options.dry_run)
    except CannotLink as why:
        raise CommandError(str(why), EXIT_USAGE) from None
    if options.json:
        print_result(True, plans)
    else:
        print_plans(plans)
        print("Nothing was linked." if options.dry_run else "They are one pair. The next run does this.")
    return EXIT_DONE


def _remedy(options: argparse.Namespace, application: Application) -> int:
    current = application.configuration.current()
    if current is None:
        raise CommandError("Nothing is mapped yet, so that nothing fails.", EXIT_USAGE)
    document = current[1]
    try:
        if not options.dry_run:
            group = problems.remedy(application, options.group, options.value)
        else:
            group = problems.find(application.database, document, options.group)
            edited = problems.remedied(document, group, options.value)
    except NoSuchProblem as nothing:
        raise CommandError(str(nothing), EXIT_USAGE) from None
    if options.dry_run:
        found = forecast(application.database, application.catalogues, document, edited)
        told = f"{found.written:,} of {found.known:,} records written, {found.failing.count:,} failing."
        print_result(options.json, asdict(found), told)
        return EXIT_DONE
    run, outcomes = run_for_record(lambda: Commands(application).retry_failed(problems.which(group)))
    return print_outcomes(options, run, [outcome_json(outcome) for outcome in outcomes])
