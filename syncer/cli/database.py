"""``database migrate`` and ``database check``, for installations on PostgreSQL."""

import argparse
from typing import Any

from syncer.application.container import Application
from syncer.cli.output import EXIT_DONE, print_result, register
from syncer.infra.database.migrate import require_current


def add(subparsers: Any) -> None:
    """Add the commands."""
    group = subparsers.add_parser(
        "database", help="bring the database up to date, or check it"
    ).add_subparsers(metavar="COMMAND", required=True)
    register(
        group.add_parser("migrate", help="bring the database to the shape that this program needs"), _migrate
    )
    register(
        group.add_parser(
            "check", help="whether the database, the folder and the keys are as they must be; changes nothing"
        ),
        _check,
    )


def _migrate(options: argparse.Namespace, application: Application) -> int:
    changed = application.migrate()
    revision = require_current(application.database)
    line = (
        f"The database is at revision {revision} now."
        if changed
        else f"The database is at revision {revision} already; nothing was to do."
    )
    print_result(options.json, {"revision": revision, "changed": changed}, line)
    return EXIT_DONE


def _check(options: argparse.Namespace, application: Application) -> int:
    application.check()
    revision, dialect = require_current(application.database), application.database.dialect.name
    line = (
        f"All is well: {dialect}, revision {revision}; DATA_DIR takes files, and the keys open every stored"
        " secret."
    )
    print_result(options.json, {"revision": revision, "dialect": dialect}, line)
    return EXIT_DONE
