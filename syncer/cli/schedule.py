"""``go-live``, ``pause`` and ``resume``: whether runs are started by the clock."""

import argparse
from datetime import UTC, datetime, timedelta
from typing import Any

from syncer.application.container import Application
from syncer.application.decisions import schedule
from syncer.application.decisions.schedule import BadPause
from syncer.application.engine_factory import NotReady
from syncer.cli.output import EXIT_DONE, EXIT_USAGE, CommandError, print_result, register


def add(subparsers: Any) -> None:
    """Add the commands."""
    register(
        subparsers.add_parser("go-live", help="begin the schedule of a school that was set up on the screen"),
        _go_live,
    )
    pause = subparsers.add_parser("pause", help="start no run by the clock for some hours, 24 at most")
    until = pause.add_mutually_exclusive_group(required=True)
    until.add_argument("--hours", type=float, metavar="N", help="for so many hours from now")
    until.add_argument(
        "--until", type=_moment, metavar="WHEN", help="such as 2027-01-31T14:30, by this machine's clock"
    )
    register(pause, _pause)
    register(subparsers.add_parser("resume", help="let the schedule go on, whatever paused it"), _resume)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment; write 2027-01-31T14:30") from None


def _go_live(options: argparse.Namespace, application: Application) -> int:
    try:
        schedule.go_live(application)
    except NotReady as cannot:
        raise CommandError(str(cannot), EXIT_USAGE) from None
    print_result(options.json, {"live": True}, "The schedule is live: runs are started by the clock.")
    return EXIT_DONE


def _pause(options: argparse.Namespace, application: Application) -> int:
    try:
        until = options.until or datetime.now(UTC) + timedelta(hours=options.hours)
        asked = schedule.pause(application, until)
    except (BadPause, OverflowError) as cannot:
        raise CommandError(str(cannot), EXIT_USAGE) from None
    print_result(
        options.json,
        {"paused_until": asked.until, "by": asked.by},
        f"Paused until {asked.until:%Y-%m-%d %H:%M} UTC: until then no run is started by the clock. One that"
        " goes on already is finished.",
    )
    return EXIT_DONE


def _resume(options: argparse.Namespace, application: Application) -> int:
    schedule.resume(application)
    current = application.configuration.current()
    stands = schedule.standstill(application.database, current[0] if current else 0)
    line = stands.sentence if stands else "The schedule goes on."
    print_result(options.json, {"resumed": stands is None}, line)
    return EXIT_DONE
