"""``forecast``: what a configuration would do to all records, and the calls that it takes."""

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from syncer.application.container import Application
from syncer.application.decisions import forecast
from syncer.application.engine_factory import NotReady
from syncer.cli.configuring.documents import read_document
from syncer.cli.output import EXIT_DONE, EXIT_USAGE, CommandError, print_result, problems_as_json, register
from syncer.configuration.config_file import BadConfiguration
from syncer.core.text import counted

_SHOWN = 3
"""Examples of each thing, for a person."""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "forecast", help="what a configuration would do to all records, and the calls that it takes"
    )
    parser.add_argument(
        "file", metavar="FILE.yaml", nargs="?", help="not imported yet (default: the one in force)"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--sample", type=_number, metavar="N", help="count N records of a kind, drawn at random")
    how.add_argument(
        "--whole",
        action="store_true",
        help="read fields of Element451 that were never read of everybody, too, 50 records a call",
    )
    register(parser, _forecast)


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("a number of records, at least 1")
    return int(text)


def _forecast(options: argparse.Namespace, application: Application) -> int:
    document = read_document(options.file) if options.file else None
    try:
        found = forecast.forecast(application, document, sample=options.sample, whole=options.whole)
    except BadConfiguration as bad:
        errors = problems_as_json(bad.problems)
        raise CommandError(f"Correct these first:\n{bad}", EXIT_USAGE, problems=errors) from None
    except NotReady as missing:
        raise CommandError(str(missing), EXIT_USAGE, problems=problems_as_json(missing.problems)) from None
    print_result(options.json, found, *as_lines(found))
    return EXIT_DONE


def as_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """A forecast for a person."""
    seen, known = found["counted"], found["records"]
    which = "" if seen == known else f" By {seen:,} of them, drawn at random, with the 95 % interval:"
    yield f"{counted(known, 'record')} known.{which}"
    for what, words in (
        ("create", "created"),
        ("change", "changed"),
        ("blank", "emptied in a field"),
        ("deactivate", "deactivated"),
        ("fail", "failed, as far as can be known"),
    ):
        if found[what]:
            yield f"{_amount(found, what):>16}  would be {words}"
    for name, one in found["fields"].items():
        parts = [f"{_amount(one, what)} {what}" for what in ("change", "blank", "fail") if one[what]]
        yield f"  {name}: {', '.join(parts)}"
        for what in one["examples"]:
            yield from (f"      {_example(each)}" for each in one["examples"][what][:_SHOWN])
    for what in ("create", "fail"):
        yield from (f"  {what}: {_example(each)}" for each in found["examples"][what][:_SHOWN])
    if found["unread"]:
        yield f"Of {counted(found['unread'], 'record')} some value is not known yet."
    yield from found["notes"]
    yield from calls_as_lines(found["calls"])


def calls_as_lines(calls: Mapping[str, Any]) -> Iterator[str]:
    """The calls for a person."""
    first, day = calls["first_run"], calls["per_day"]
    yield (
        f"Calls of the first run: about {first['salesforce']:,} to Salesforce,"
        f" {first['element451']:,} to Element451."
    )
    source = (
        f"by the changes of {counted(calls['days'], 'day')}" if calls["days"] else "if nothing ever changes"
    )
    yield (
        f"Calls to Salesforce a day: {day['salesforce']['median']:,}, on a busy day"
        f" {day['salesforce']['high']:,} ({source})."
    )
    if calls["limit"] is not None:
        yield (
            f"The sync's share of the daily limit is {calls['share']:,} of {calls['limit']:,};"
            f" {calls['spent']:,} are spent, {calls['reserve']:,} are kept for Test and Retry."
        )
        if not calls["fits"]:
            yield "The first run does not fit into what is left: it would pause, and end later."


def _amount(numbers: Mapping[str, Any], what: str) -> str:
    low, high = numbers["between"].get(what, (None, None))
    return f"{numbers[what]:,}" if low is None else f"{numbers[what]:,} ({low:,}–{high:,})"


def _example(one: Mapping[str, Any]) -> str:
    ids = " / ".join(filter(None, (one["element_id"], one["salesforce_id"])))
    who = f"{one['name']} ({ids})" if one["name"] else ids
    if one["reason"]:
        return f"{who}: {one['reason']}"
    return (
        f"{who}: {_value(one['before'])} → {_value(one['after'])}" if one["before"] != one["after"] else who
    )


def _value(value: object) -> str:
    return "empty" if value is None else str(value)
