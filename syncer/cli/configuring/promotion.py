"""``config plan`` and ``config apply``: a configuration that comes from another installation."""

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from syncer.application.container import Application
from syncer.application.decisions import promotion
from syncer.cli.configuring.documents import read_described, read_document
from syncer.cli.configuring.forecast import as_lines
from syncer.cli.output import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_NOT_DONE,
    CommandError,
    print_result,
    register,
)


def add_to(group: Any) -> None:
    """Add the commands to those of ``config``."""
    plan = group.add_parser(
        "plan", help="what a file of another installation takes and does here; nothing is written"
    )
    plan.add_argument("file", metavar="FILE.yaml")
    register(plan, _plan)
    apply = group.add_parser("apply", help="bring a file into force as it was planned, or not at all")
    apply.add_argument("file", metavar="FILE.yaml")
    register(apply, _apply)


def _plan(options: argparse.Namespace, application: Application) -> int:
    document, there = read_document(options.file), read_described(options.file)
    found = promotion.plan(application, document, there)
    print_result(options.json, found, *_lines(found, described=bool(there)))
    return EXIT_DONE if found["fits"] else EXIT_FAILED


def _apply(options: argparse.Namespace, application: Application) -> int:
    try:
        version = promotion.apply(application, read_document(options.file))
    except promotion.NotAsPlanned as refused:
        raise CommandError(str(refused), EXIT_NOT_DONE) from None
    sentence = (
        f"Version {version} is in force. The next run does what was planned, and asks where it is much."
    )
    print_result(options.json, {"version": version}, sentence)
    return EXIT_DONE


def _lines(found: Mapping[str, Any], *, described: bool) -> Iterator[str]:
    if not described:
        yield (
            "The file does not say what its fields are like where it comes from, so that types, lengths and"
            " lists are not compared. Export it there with config export --described."
        )
    yield from (f"{number}. {step}" for number, step in enumerate(found["steps"], 1))
    yield from (f"{one['severity']:7}  {one['where']}: {one['message']}" for one in found["problems"])
    if found["changes"]:
        yield "What differs from the configuration in force:"
        yield from (f"  {line}" for line in found["changes"])
    if found["forecast"] is None:
        yield "What it would do can be said once the errors are corrected."
    else:
        yield from as_lines(found["forecast"])
        yield "If that is right: config apply"
