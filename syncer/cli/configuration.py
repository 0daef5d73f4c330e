"""``config export``, ``config import`` and ``config check``."""

import argparse
from pathlib import Path
from typing import Any

from syncer.application import value_report
from syncer.application.container import Application
from syncer.application.decisions.promotion import described
from syncer.cli.configuring import promotion
from syncer.cli.configuring.documents import STANDARD_STREAM, read_document, refused, text_of
from syncer.cli.output import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_USAGE,
    CommandError,
    print_result,
    problems_as_json,
    problems_as_lines,
    register,
)
from syncer.configuration import config_file
from syncer.configuration.catalogue import last_read_labels
from syncer.configuration.document import Document, entity_name
from syncer.configuration.problems import Problem, errors_in
from syncer.core.records import Kind
from syncer.sync.planning.forecast import rules_of
from syncer.sync.planning.value_check import check_values


def add(subparsers: Any) -> None:
    """Add the commands."""
    group = subparsers.add_parser(
        "config", help="read, write and check preferences and mappings"
    ).add_subparsers(metavar="COMMAND", required=True)
    export = group.add_parser("export", help="write the configuration in force to a file")
    export.add_argument("file", metavar="FILE.yaml", help="- for standard output")
    export.add_argument(
        "--described",
        action="store_true",
        help="with what both systems say of the mapped fields, for config plan on another installation",
    )
    register(export, _export)
    importing = group.add_parser("import", help="replace the whole configuration by a file")
    importing.add_argument("file", metavar="FILE.yaml", help="- for standard input")
    register(importing, _import)
    check = group.add_parser("check", help="compare the configuration with the fields that both systems have")
    check.add_argument(
        "file",
        metavar="FILE.yaml",
        nargs="?",
        help="a file that is not imported yet (default: the configuration in force)",
    )
    check.add_argument(
        "--values", action="store_true", help="check the values that both systems hold, too, record by record"
    )
    register(check, _check)
    promotion.add_to(group)


def _export(options: argparse.Namespace, application: Application) -> int:
    current = application.configuration.current()
    version, document = current or (None, config_file.default_document())
    there = described(application, document) if options.described else None
    text = config_file.dump(document, there)
    if options.file == STANDARD_STREAM:
        print_result(options.json, document, text.rstrip("\n"))
        return EXIT_DONE
    try:
        Path(options.file).write_text(text, "utf-8")
    except OSError as error:
        raise CommandError(f"{options.file} cannot be written: {error.strerror}.", EXIT_USAGE) from None
    written = (
        f"Version {version} is written to {options.file}."
        if version
        else f"A configuration to begin with is written to {options.file}."
    )
    print_result(options.json, {"file": options.file, "version": version}, written)
    return EXIT_DONE


def _import(options: argparse.Namespace, application: Application) -> int:
    document = read_document(options.file)
    try:
        version = application.configuration.store(document)
    except config_file.BadConfiguration as bad:
        raise refused(options.file, bad) from None
    counts = {kind: len(rows) for kind, rows in document["mappings"].items()}
    line = (
        f"Version {version} is in force: {counts['contact']} mapped fields of contacts,"
        f" {counts['conversation']} of conversations."
    )
    print_result(
        options.json,
        {"version": version, "mapped": counts},
        line,
        "See what both systems say to it: python -m syncer config check",
    )
    return EXIT_DONE


def _check(options: argparse.Namespace, application: Application) -> int:
    document, problems = _checked(options, application)
    as_json, lines = problems_as_json(problems), problems_as_lines(problems)
    if options.values and document and not errors_in(problems):
        found = check_values(application.database, rules_of(application.catalogues, document))
        labels = last_read_labels(application.database, entity_name(document, Kind.CONTACT))
        as_json += value_report.as_json(found)
        lines += value_report.as_lines(found, labels)
    print_result(options.json, as_json, *(lines or ["Everything fits."]))
    return EXIT_FAILED if errors_in(problems) else EXIT_DONE


def _checked(options: argparse.Namespace, application: Application) -> tuple[Document | None, list[Problem]]:
    """The document to be checked, if it can be read, and its problems."""
    if options.file:
        try:
            document = config_file.parse(text_of(options.file))
        except config_file.BadConfiguration as bad:
            return None, bad.problems
        return document, application.catalogues.check(document)
    current = application.configuration.current()
    if current is None:
        sentence = (
            "There is no configuration yet. Write one with config export, edit it, and take it over with"
            " config import."
        )
        return None, [Problem("error", "", sentence)]
    return current[1], application.catalogues.check(current[1])
