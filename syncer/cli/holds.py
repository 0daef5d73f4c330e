"""``hold``, ``holds`` and ``release``: what is to stay as it is (rule 20)."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from syncer.application.container import Application
from syncer.application.decisions import holds
from syncer.application.decisions.holds import CannotHold, HoldRequest
from syncer.application.engine_factory import NotReady
from syncer.cli.output import EXIT_DONE, EXIT_USAGE, CommandError, print_result, register
from syncer.cli.render import print_holds, print_plans
from syncer.core.text import counted
from syncer.sync.holds.people import DAYS, end_of_day

T = TypeVar("T")


def add(subparsers: Any) -> None:
    """Add the commands."""
    hold = subparsers.add_parser("hold", help="keep a record, or a field of it, as it is in both systems")
    hold.add_argument("id", metavar="ID", help="an Element ID, a conversation ID or a Salesforce ID")
    hold.add_argument("--field", metavar="F", help="only this mapped field: its slug or its API name")
    hold.add_argument("--reason", required=True, metavar="TEXT", help="why, for whoever comes upon it later")
    hold.add_argument(
        "--until",
        type=_end,
        metavar="DATE",
        help=f"the last day (UTC), such as 2027-01-31, or the moment when it ends; default: in {DAYS} days",
    )
    register(hold, _hold)
    register(subparsers.add_parser("holds", help="what is held, newest first"), _holds)
    release = subparsers.add_parser("release", help="end a hold: what it kept out is due again")
    release.add_argument("hold", type=int, metavar="HOLD")
    release.add_argument("--dry-run", action="store_true", help="only say what would be done")
    register(release, _release)


def _end(text: str) -> datetime:
    """The last second of a day in UTC, or the moment that is given (one without a time zone is in this
    machine's)."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no day or moment; write 2027-01-31 or 2027-01-31T14:30"
        ) from None
    return end_of_day(when.replace(tzinfo=UTC)) if len(text) == len("2027-01-31") else when.astimezone(UTC)


def _hold(options: argparse.Namespace, application: Application) -> int:
    asked = HoldRequest(options.id, options.reason, options.field, options.until)
    held = _done(lambda: holds.hold(application, asked))
    what = f"{options.field} of {options.id}" if options.field else options.id
    told = f"Hold {held['hold']}: {what} stays as it is until {held['until'][:10]}."
    print_result(options.json, held, told)
    return EXIT_DONE


def _holds(options: argparse.Namespace, application: Application) -> int:
    found = holds.holds(application)
    if options.json:
        print_result(True, found)
    elif found:
        print_holds(found)
    else:
        print("Nothing is held.")
    return EXIT_DONE


def _release(options: argparse.Namespace, application: Application) -> int:
    act = holds.preview_release if options.dry_run else holds.release
    done = _done(lambda: act(application, options.hold))
    if options.json:
        print_result(True, done)
        return EXIT_DONE
    if done["plans"]:
        print_plans(done["plans"])
    what = counted(done["records"], "record")
    print(f"Hold {options.hold} {'would free' if options.dry_run else 'no longer holds'} {what}.")
    return EXIT_DONE


def _done(action: Callable[[], T]) -> T:
    try:
        return action()
    except (CannotHold, NotReady) as cannot:
        raise CommandError(str(cannot), EXIT_USAGE) from None
