"""Copies of the database in a file, and back. SQLite is copied while others work with it; PostgreSQL by its
own tools (``pg_dump``, ``pg_restore``), which must be on PATH."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from syncer.infra.database.migrate import known_revisions


class BackupFailed(Exception):
    """Nothing was changed; ``str()`` says why and what to do."""


def back_up(address: URL, file: Path) -> None:
    """Write the database at ``address`` into ``file``, as it is at one moment, whatever goes on meanwhile.
    The file appears whole or not at all, and only its owner may read it: it holds students' data. Raises
    `BackupFailed`."""
    if file.exists():
        raise BackupFailed(f"{file} is there already. Give the name of a new file.")
    draft = file.with_name(f".{file.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if address.get_backend_name() == "sqlite":
            with closing(_opened(Path(str(address.database)))) as here:
                here.execute("VACUUM INTO ?", [str(draft)])
            _revision_of_file(draft)
        else:
            _postgres_tool(address, "pg_dump", "--format=custom", "--no-owner", f"--file={draft}")
        draft.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(f"The backup could not be written ({_said(error)}). Give another place.") from None
    finally:
        draft.unlink(missing_ok=True)


def restore(address: URL, file: Path) -> None:
    """Make the database at ``address`` what it was when ``file`` was written, all or nothing. Whoever works
    with it meanwhile loses the lease at its next commit. Raises `BackupFailed`."""
    if not file.is_file():
        raise BackupFailed(f"{file} is not a file.")
    sqlite = address.get_backend_name() == "sqlite"
    try:
        revision = _revision_of_file(file) if sqlite else _revision_of_dump(address, file)
        if revision not in known_revisions():
            raise BackupFailed(
                f"{file} was written by a newer version of this program (its revision is {revision})."
                " Install that version first."
            )
        if sqlite:
            with closing(_opened(file)) as there, closing(sqlite3.connect(str(address.database))) as here:
                here.execute("PRAGMA busy_timeout=30000")
                there.backup(here)
        else:
            options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
            _postgres_tool(address, "pg_restore", *options, _DATABASE, str(file))
    except sqlite3.Error as error:
        raise BackupFailed(f"{file} could not be restored ({_said(error)}).") from None


_DATABASE = "--dbname"
"""Stands for the address among a tool's options."""


def _opened(file: Path) -> sqlite3.Connection:
    """A connection that only reads."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _revision_of_file(file: Path) -> str:
    try:
        with closing(_opened(file)) as there:
            if there.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise BackupFailed(f"{file} is damaged.")
            (revision,) = there.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(revision)
    except (sqlite3.Error, TypeError):
        raise BackupFailed(f"{file} is no backup of this program's SQLite database.") from None


def _revision_of_dump(address: URL, file: Path) -> str:
    said = _postgres_tool(
        address, "pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)
    )
    lines = said.splitlines()
    begins = [at for at, line in enumerate(lines, 1) if line.startswith("COPY ")]
    if not begins or len(lines) <= begins[0]:
        raise BackupFailed(f"{file} is no backup of this program's PostgreSQL database.")
    return lines[begins[0]]


def _postgres_tool(address: URL, tool: str, *options: str) -> str:
    """What a tool of PostgreSQL prints. The password goes by the environment: no list of processes shows
    it."""
    program = shutil.which(tool)
    if program is None:
        raise BackupFailed(
            f"{tool} is not on this machine. Install PostgreSQL's client programs, or run it where the server"
            " is (docs/production.md)."
        )
    open_address = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = dict(os.environ) | ({"PGPASSWORD": str(address.password)} if address.password else {})
    done = subprocess.run(
        [program, *_with_address(options, tool, open_address)],
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["it gave no reason"])[0]
        raise BackupFailed(f"{tool} failed ({why}).")
    return done.stdout


def _with_address(options: Sequence[str], tool: str, address: str) -> list[str]:
    if tool == "pg_dump":
        return [*options, f"{_DATABASE}={address}"]
    return [f"{_DATABASE}={address}" if option == _DATABASE else option for option in options]


def _said(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
