"""``sync``, ``preview`` and ``test``: the road for everything that is due, or for one record."""

import argparse
from collections.abc import Callable
from typing import Any, TypeVar

import orjson

from syncer.application.commands import Busy, Control, NotReady
from syncer.application.container import Application
from syncer.cli.output import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_NOT_DONE,
    EXIT_USAGE,
    CommandError,
    print_result,
    register,
)
from syncer.cli.render import print_plans, print_run, progress
from syncer.core.plan import Direction, Plan, Status
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
    register(sync, _sync)
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
    if options.reject is not None:
        rejected = Control(application).reject(options.reject)
        return _ended(options, rejected or _not_waiting(application, options.reject))
    if options.approve is not None:
        found = runs.find(application.engine, options.approve)
        if found is None or found.state != RunState.WAITING:
            _not_waiting(application, options.approve)
    try:
        with progress(quiet=False) as bar:
            control = Control(application, bar)
            if options.dry_run:
                return _dry_run(options, control)
            approved, full = options.approve, options.full
            run = control.sync(full=full) if approved is None else control.approve(approved, full=full)
    except Busy as busy:
        return _skipped(options, str(busy))
    except NotReady as found:
        raise _not_ready(found) from None
    return _ended(options, run)


def _dry_run(options: argparse.Namespace, control: Control) -> int:
    def on_plan(plan: Plan) -> None:
        if options.json:
            print(orjson.dumps(plan_json(plan)).decode())

    return _ended(options, control.dry_run(on_plan, full=options.full))


def _preview(options: argparse.Namespace, application: Application) -> int:
    direction = Direction(options.direction)
    asked = (
        RecordRequest(direction, options.salesforce_id, options.element_id)
        if options.salesforce_id is not None or options.element_id is not None
        else None
    )
    plans = run_for_record(lambda: Control(application).preview(direction, asked))
    return _shown(options, plans, "Nothing is due.")


def _test(options: argparse.Namespace, application: Application) -> int:
    asked = RecordRequest(Direction(options.direction), options.salesforce_id, options.element_id)
    run, done = run_for_record(lambda: Control(application).test(asked))
    return print_outcomes(options, run, [outcome_json(made) for made in done])


def print_outcomes(options: argparse.Namespace, run: Run, done: list[dict[str, Any]]) -> int:
    """Answer what a Test or Retry did."""
    if run.state == RunState.FAILED:
        raise CommandError(run.reason, EXIT_FAILED, code=run.code, detail=run.detail)
    return _shown(options, done, "Nothing had to be done.")


def run_for_record(do: Callable[[], T]) -> T:
    """Do something for one record; what stands in the way is said in a sentence."""
    try:
        return do()
    except NoSuchRecord as nothing:
        raise CommandError(str(nothing), EXIT_USAGE) from None
    except Busy as busy:
        raise CommandError(str(busy), EXIT_NOT_DONE) from None
    except NotReady as found:
        raise _not_ready(found) from None


def _shown(options: argparse.Namespace, plans: list[dict[str, Any]], nothing: str) -> int:
    if options.json:
        print_result(True, plans)
    elif plans:
        print_plans(plans)
    else:
        print(nothing)
    return EXIT_FAILED if any(plan["status"] == Status.FAILED for plan in plans) else EXIT_DONE


def _ended(options: argparse.Namespace, run: Run) -> int:
    summary = run.summary()
    if options.json:
        print_result(True, summary)
    else:
        print_run(summary)
    if run.state in (RunState.WAITING, RunState.CANCELLED, RunState.SKIPPED):
        return EXIT_NOT_DONE
    failed = any(counts[Status.FAILED] for counts in run.counts.values())
    return EXIT_FAILED if run.state == RunState.FAILED or failed else EXIT_DONE


def _skipped(options: argparse.Namespace, reason: str) -> int:
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


def _not_waiting(application: Application, run: int) -> Run:
    waiting = runs.waiting(application.engine)
    instead = f"Run {waiting.id} does." if waiting else "No run does."
    raise CommandError(f"Run {run} does not wait for approval. {instead}", EXIT_USAGE)


def _not_ready(found: NotReady) -> CommandError:
    problems = [
        {"severity": problem.severity, "where": problem.where, "message": problem.message}
        for problem in found.problems
    ]
    lines = "".join(f"\n  {problem['where']}: {problem['message']}" for problem in problems)
    return CommandError(f"{found}{lines}", EXIT_FAILED if problems else EXIT_USAGE, problems=problems)
