"""``doctor``: what the product assumes of the two connected systems, proved on them."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from syncer.application.container import Application
from syncer.application.doctor import examine
from syncer.application.doctor_report import report
from syncer.cli.output import EXIT_DONE, EXIT_FAILED, EXIT_USAGE, CommandError, print_result, register
from syncer.core.records import System
from syncer.core.trust.verdict import State, Verdict


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "doctor", help="prove on both connected systems what the sync assumes of them; reads only"
    )
    parser.add_argument(
        "--write",
        metavar="ELEMENT_ID",
        help="try imports and updates too, on this test contact and its Salesforce record, and put them back",
    )
    parser.add_argument(
        "--report", metavar="FILE", help="write a report for the vendors, without anybody's values"
    )
    register(parser, _doctor)


def lines_of(verdicts: Sequence[Verdict]) -> list[str]:
    """Verdicts for a person, by system."""
    lines: list[str] = []
    for system in System:
        of_system = [verdict for verdict in verdicts if verdict.system is system]
        lines += [system.label] if of_system else []
        for verdict in of_system:
            lines.append(f"  {verdict.state.value:10}  {verdict.check}: {verdict.finding.found}")
            if verdict.finding.remedy:
                lines.append(f"              {verdict.finding.remedy}")
            lines += [
                f"              It held: {key} = {value}" for key, value in verdict.finding.restore.items()
            ]
    return lines


def _doctor(options: argparse.Namespace, application: Application) -> int:
    verdicts = examine(application, test_contact=options.write)
    if options.report:
        try:
            Path(options.report).write_text(report(verdicts, datetime.now(UTC)), "utf-8")
        except OSError as error:
            raise CommandError(f"{options.report} cannot be written: {error.strerror}.", EXIT_USAGE) from None
    print_result(options.json, [verdict.to_json() for verdict in verdicts], *lines_of(verdicts))
    return EXIT_FAILED if any(verdict.state is State.DISPROVED for verdict in verdicts) else EXIT_DONE
