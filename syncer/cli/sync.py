"""``sync``, ``preview`` and ``test``: a run for everything that is due, or for one record."""

import argparse
from collections.abc import Callable
from typing import Any, TypeVar

from syncer.application.commands import Busy, Commands, NotReady
from syncer.application.container import Application
from syncer.cli.output import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_NOT_DONE,
    EXIT_USAGE,
    CommandError,
    json_line,
    print_result,
    problems_as_json,
    register,
)
from syncer.cli.progress import shown_progress
from syncer.cli.render import audit_text, print_plans, print_run
from syncer.core.guard import ChangeKind
from syncer.core.plan import Direction, Plan, Status
from syncer.core.trust.leaving_out import LeaveOut
from syncer.journal import runs
from syncer.journal.log import empty_counts, outcome_json, plan_json
from syncer.journal.run_state import RunState
from syncer.journal.runs import Run
from syncer.sync.on_demand import NoSuchRecord, RecordRequest

T = TypeVar("T")


def add(subparsers: Any) -> None:
    """Add the commands."""
    sync = subparsers.add_parser("sync", help="one whole run, in this process")
    sync.add_argument("--dry-run", action="store_true", help="plan everything that is due, write nothing")
    sync.add_argument(
        "--full", action="store_true", help="read everything again, and deactivate what is missing"
    )
    answer = sync.add_mutually_exclusive_group()
    answer.add_argument("--approve", type=int, metavar="RUN", help="let the run that waits go on")
    answer.add_argument(
        "--reject", type=int, metavar="RUN", help="end the run that waits; its records stay due"
    )
    for name, what in (
        ("kind", "a kind of change: create, change, blank or deactivate"),
        ("field", "a field, as the numbers name it, or by its slug or API name"),
        ("record", "a record, by either ID"),
    ):
        sync.add_argument(
            f"--without-{name}",
            action="append",
            metavar=name.upper(),
            help=f"with --approve: leave out {what}; it is held until another value comes",
        )
    register(sync, _sync)
    audit = subparsers.add_parser("audit", help="look for changes that were missed, as every night")
    audit.add_argument("--all", action="store_true", help="read all of Element451 too")
    register(audit, _audit)
    for name, run, does in (
        ("preview", _preview, "what would happen to one record, or to some that are due"),
        ("test", _test, "really do it for one record"),
    ):
        parser = subparsers.add_parser(name, help=does)
        parser.add_argument("direction", choices=[direction.value for direction in Direction])
        which = parser.add_mutually_exclusive_group(required=name == "test")
        which.add_argument("--salesforce-id", metavar="ID")
        which.add_argument("--element-id", metavar="ID")
        register(parser, run)


def _sync(options: argparse.Namespace, application: Application) -> int:
    if _left_out(options) and options.approve is None:
        raise CommandError("What is left out is left out of an approval: add --approve RUN.", EXIT_USAGE)
    if options.reject is not None:
        rejected = Commands(application).reject(options.reject)
        if rejected is None:
            raise _not_waiting_error(application, options.reject)
        return print_run_end(options, rejected)
    if options.approve is not None:
        waiting = runs.find(application.database, options.approve)
        if waiting is None or waiting.state != RunState.WAITING:
            raise _not_waiting_error(application, options.approve)
    try:
        with shown_progress() as bar:
            return print_run_end(options, _run(options, Commands(application, bar)))
    except Busy as busy:
        return _print_skipped(options, str(busy))
    except NotReady as not_ready:
        raise _not_ready_error(not_ready) from None


def _run(options: argparse.Namespace, commands: Commands) -> Run:
    def on_plan(plan: Plan) -> None:
        if options.json:
            print(json_line(plan_json(plan)))

    if options.dry_run:
        return commands.dry_run(on_plan, full=options.full)
    if options.approve is not None:
        return commands.approve(options.approve, full=options.full, without=_left_out(options))
    return commands.sync(full=options.full)


def _left_out(options: argparse.Namespace) -> LeaveOut:
    try:
        return LeaveOut.of(options.without_kind, options.without_field, options.without_record)
    except ValueError as unknown:
        raise CommandError(f"{unknown}. Known are: {', '.join(ChangeKind)}.", EXIT_USAGE) from None


def _audit(options: argparse.Namespace, application: Application) -> int:
    with shown_progress() as bar:
        found = run_for_record(lambda: Commands(application, bar).audit(whole=options.all))
    print_result(options.json, found, audit_text(found))
    return EXIT_DONE


def _preview(options: argparse.Namespace, application: Application) -> int:
    direction = Direction(options.direction)
    sample = options.salesforce_id is None and options.element_id is None
    request = None if sample else RecordRequest(direction, options.salesforce_id, options.element_id)
    plans = run_for_record(lambda: Commands(application).preview(direction, request))
    return _print_plans(options, plans, "Nothing is due.")


def _test(options: argparse.Namespace, application: Application) -> int:
    request = RecordRequest(Direction(options.direction), options.salesforce_id, options.element_id)
    run, outcomes = run_for_record(lambda: Commands(application).test(request))
    return print_outcomes(options, run, [outcome_json(outcome) for outcome in outcomes])


def print_outcomes(options: argparse.Namespace, run: Run, outcomes: list[dict[str, Any]]) -> int:
    """Print what a Test or Retry did, and return the exit code."""
    if run.state == RunState.FAILED:
        raise CommandError(run.reason, EXIT_FAILED, code=run.code, detail=run.detail)
    if run.state == RunState.WAITING:
        raise CommandError(f"Run {run.id} waits for approval. {run.reason}", EXIT_NOT_DONE, code=run.code)
    return _print_plans(options, outcomes, "Nothing had to be done.")


def run_for_record(action: Callable[[], T]) -> T:
    """Call ``action``, which concerns one record. Raises `CommandError` with a sentence if it cannot be
    done."""
    try:
        return action()
    except NoSuchRecord as missing:
        raise CommandError(str(missing), EXIT_USAGE) from None
    except Busy as busy:
        raise CommandError(str(busy), EXIT_NOT_DONE) from None
    except NotReady as not_ready:
        raise _not_ready_error(not_ready) from None


def _print_plans(options: argparse.Namespace, plans: list[dict[str, Any]], if_empty: str) -> int:
    if options.json:
        print_result(True, plans)
    elif plans:
        print_plans(plans)
    else:
        print(if_empty)
    return EXIT_FAILED if any(plan["status"] == Status.FAILED for plan in plans) else EXIT_DONE


def print_run_end(options: argparse.Namespace, run: Run) -> int:
    """Print how a run ended, and return the exit code."""
    summary = run.summary()
    if options.json:
        print_result(True, summary)
    else:
        print_run(summary)
    if run.state in (RunState.WAITING, RunState.CANCELLED, RunState.SKIPPED):
        return EXIT_NOT_DONE
    failed = any(counts[Status.FAILED] for counts in run.counts.values())
    return EXIT_FAILED if run.state == RunState.FAILED or failed else EXIT_DONE


def _print_skipped(options: argparse.Namespace, reason: str) -> int:
    calls = {"salesforce": 0, "element451": 0}
    summary = {
        "type": "summary",
        "run": None,
        "state": RunState.SKIPPED,
        "counts": empty_counts(),
        "api_calls": calls,
        "seconds": 0.0,
        "reason": reason,
    }
    print_result(options.json, summary, reason)
    return EXIT_NOT_DONE


def _not_waiting_error(application: Application, run: int) -> CommandError:
    waiting = runs.waiting(application.database)
    instead = f"Run {waiting.id} does." if waiting else "No run does."
    return CommandError(f"Run {run} does not wait for approval. {instead}", EXIT_USAGE)


def _not_ready_error(not_ready: NotReady) -> CommandError:
    problems = not_ready.problems
    lines = "".join(f"\n  {problem.where}: {problem.message}" for problem in problems)
    return CommandError(
        f"{not_ready}{lines}",
        EXIT_FAILED if problems else EXIT_USAGE,
        problems=problems_as_json(problems),
    )
