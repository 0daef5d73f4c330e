"""``database migrate`` and ``check``, for installations on PostgreSQL; ``backup`` and ``restore``."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from syncer.application.container import Application
from syncer.cli.output import EXIT_DONE, CommandError, print_result, register
from syncer.infra.database.backup import BackupFailed, back_up, restore
from syncer.infra.database.lease import RUN, hold
from syncer.infra.database.migrate import require_current


def add(subparsers: Any) -> None:
    """Add the commands."""
    group = subparsers.add_parser(
        "database", help="bring the database up to date, check it, back it up"
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
    backup = group.add_parser(
        "backup", help="write the whole database into a file, also while a sync goes on"
    )
    backup.add_argument("file", type=Path, help="a new file")
    register(backup, _backup)
    back = group.add_parser("restore", help="make the database what it was when a backup was written")
    back.add_argument("file", type=Path, help="a file that “database backup” wrote")
    register(back, _restore)


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


def _backup(options: argparse.Namespace, application: Application) -> int:
    require_current(application.database)
    _done(lambda: back_up(make_url(application.settings.database_url), options.file))
    size = options.file.stat().st_size
    lines = [
        f"Written: {options.file} ({size / 1e6:.1f} MB). It holds students' data: keep it closed to others."
    ]
    if not application.settings.secret_keys:
        lines.append(
            f"Keep {application.settings.key_file} with it: the stored credentials are sealed with it."
        )
    print_result(options.json, {"file": str(options.file), "bytes": size}, *lines)
    return EXIT_DONE


def _restore(options: argparse.Namespace, application: Application) -> int:
    address, kept = make_url(application.settings.database_url), None
    now = datetime.now(UTC)
    if not application.settings.shared_database:
        kept = application.settings.data_dir / f"before-restore-{now:%Y%m%d-%H%M%S-%f}.sqlite3"
    with hold(
        application.database, RUN, wait_seconds=0
    ):  # nobody syncs; who begins meanwhile loses the lease
        if kept:
            _done(lambda: back_up(address, kept))
        _done(lambda: restore(address, options.file))
    application.close()
    application.migrate()
    lines = [
        "Restored. What both systems hold is read again from where the backup stood; nothing is made twice."
    ]
    if kept:
        lines.append(f"What was there before is kept in {kept}.")
    lines.append("Where Salesforce asks for it, connect again: its sign-in may have been renewed since.")
    print_result(options.json, {"restored": str(options.file), "kept": str(kept or "")}, *lines)
    return EXIT_DONE


def _done(step: Callable[[], None]) -> None:
    try:
        step()
    except BackupFailed as failed:
        raise CommandError(str(failed)) from None
