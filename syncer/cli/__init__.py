"""The command line (docs/architecture.md, "Surfaces"). Each module of `COMMANDS` adds its commands; here is
what all have in common: options, errors, exit codes."""

import argparse
import getpass
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from sqlalchemy.exc import OperationalError

from syncer.application.container import Application
from syncer.cli import (
    alerts,
    configuration,
    database,
    holds,
    logs,
    problems,
    schedule,
    setup,
    status,
    sync,
    undo,
    waiting,
    why,
)
from syncer.cli.configuring import forecast
from syncer.cli.connecting import connect, doctor
from syncer.cli.output import EXIT_FAILED, EXIT_NOT_DONE, EXIT_USAGE, CommandError, print_error
from syncer.connectors.errors import Fault
from syncer.core.permissions import OPERATOR, Actor, Role
from syncer.infra import disk
from syncer.infra import logs as log_lines
from syncer.infra.database.lease import LeaseBusy, LeaseLost
from syncer.infra.private_files import keep_private
from syncer.infra.settings.environment import BadSettings
from syncer.infra.terminal import replace_what_cannot_be_shown

COMMANDS = [
    connect,
    status,
    configuration,
    forecast,
    sync,
    waiting,
    logs,
    problems,
    undo,
    why,
    holds,
    schedule,
    doctor,
    database,
    alerts,
    setup,
]
"""Modules with ``add(subparsers)``, which adds commands; their handlers take (options, application) and
return an exit code."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code: 0 done, 1 a record or the run failed, 2 used wrongly, 3
    waiting, cancelled or skipped."""
    replace_what_cannot_be_shown()
    if arguments is None:
        keep_private()
    given = sys.argv[1:] if arguments is None else arguments
    parser = _parser("--json" in given)(
        prog="python -m syncer",
        description="Keeps contacts and conversations of Element451 and Salesforce in step.",
    )
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add(subparsers)
    options = parser.parse_args(given)
    log_lines.configure()
    return _run(options.json, lambda application: int(options.run(options, application)))


def _parser(as_json: bool) -> type[argparse.ArgumentParser]:
    class Parser(argparse.ArgumentParser):
        """Prints usage errors as JSON if JSON was asked for. Subparsers get the same class."""

        def error(self, message: str) -> NoReturn:
            if as_json:
                print_error(True, f"{message[0].upper()}{message[1:]}.")
            else:
                self.print_usage(sys.stderr)
                print_error(False, f"{self.prog}: {message}")
            raise SystemExit(EXIT_USAGE)

    return Parser


def _run(as_json: bool, command: Callable[[Application], int]) -> int:
    """Run a command. Whatever goes wrong is printed as a sentence. Returns the exit code."""
    application = None
    try:
        application = Application.from_environment(person=_operator())
        with application:
            return command(application)
    except BadSettings as bad:
        print_error(as_json, str(bad))
        return EXIT_USAGE
    except CommandError as error:
        print_error(as_json, str(error), **error.details)
        return error.exit_code
    except Fault as fault:
        print_error(as_json, fault.sentence, code=fault.code, detail=fault.detail)
    except (LeaseBusy, LeaseLost) as busy:
        print_error(as_json, str(busy))
        return EXIT_NOT_DONE
    except KeyboardInterrupt:
        print_error(as_json, "Stopped. Nothing is lost: the next run goes on with what is still due.")
        return EXIT_NOT_DONE
    except BrokenPipeError:
        # whoever read the output went away; the interpreter must not complain when it flushes at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OperationalError as error:
        name = application.settings.database_setting if application else "DATABASE_URL"
        sentences = [
            f"{name}: The database failed ({_first_line(error.orig)}).",
            disk.advice(error),
            "Nothing is lost; try again when it works.",
        ]
        print_error(as_json, " ".join(filter(None, sentences)))
    except Exception as error:  # a bug: a sentence for the terminal, the traceback in a file
        print_error(
            as_json,
            f"Something went wrong that should not ({type(error).__name__}:"
            f" {_first_line(error)}).{_write_details(application)}",
        )
    return EXIT_FAILED


def _operator() -> Actor:
    """The person at the terminal, by the name of the operating system's user."""
    try:
        return Actor(f"{getpass.getuser()} (command line)", Role.ADMIN, operator=True)
    except (KeyError, OSError, ImportError):  # a user number without a name
        return OPERATOR


def _first_line(error: object) -> str:
    return (str(error).strip().splitlines() or ["it gave no reason"])[0]


def _write_details(application: Application | None) -> str:
    """Write the traceback to a file, for whoever fixes the bug. Returns a sentence that says where, if that
    worked."""
    if application is None:
        return ""
    path: Path = application.settings.data_dir / "last-error.txt"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            traceback.print_exc(file=file)
    except OSError:
        return ""
    return f" The details are in {path}."
