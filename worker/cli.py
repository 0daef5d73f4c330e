"""``python -m worker``: run, schedule, all, health. Each command imports what it needs: the embedded server's
keeper must stay small."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

DONE, FAILED, USED_WRONGLY = 0, 1, 2
_MOST_WORKERS = 32


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code: 0 done, 1 failed, 2 used wrongly, the environment included (a
    sentence says which setting)."""
    options = _parser().parse_args(arguments)
    if arguments is None:
        os.umask(0o077)  # what is kept is for our own user, as by `private_files.keep_private`
    if options.command == "redis":
        from worker.embedded_redis.keeper import Keeper

        return Keeper(options.program, options.folder).run()
    from syncer.infra.settings.environment import BadSettings
    from syncer.infra.terminal import replace_what_cannot_be_shown

    replace_what_cannot_be_shown()
    try:
        return _health(options) if options.command == "health" else _work(options)
    except BadSettings as bad:
        print(bad, file=sys.stderr, flush=True)
        return USED_WRONGLY
    except KeyboardInterrupt:
        return DONE


def _work(options: argparse.Namespace) -> int:
    from syncer.application.container import Application
    from syncer.core.permissions import MACHINE
    from syncer.infra import logs
    from worker import commands

    logs.configure()
    with Application.from_environment(person=MACHINE) as application:
        if options.command == "schedule":
            return commands.schedule(application)
        if options.command == "all":
            return commands.everything(application, options.workers, dashboard=not options.no_dashboard)
        return (
            commands.run_several(application, options.workers)
            if options.workers > 1
            else commands.run(application, options.name)
        )


def _health(options: argparse.Namespace) -> int:
    from syncer.infra.settings.environment import Settings
    from worker.health import health

    well, sentence = health(Settings.from_environment(os.environ), options.process)
    if options.json:
        print(json.dumps({"process": options.process, "healthy": well, "sentence": sentence}), flush=True)
    else:
        print(sentence, file=sys.stdout if well else sys.stderr, flush=True)
    return DONE if well else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m worker", description="Runs the sync every so many minutes."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    run = commands.add_parser("run", help="do the jobs")
    which = run.add_mutually_exclusive_group()
    which.add_argument(
        "--workers", type=_workers, default=1, metavar="N", help="how many processes (default 1)"
    )
    which.add_argument("--name", help="the worker's name; no two may have the same")
    commands.add_parser("schedule", help="keep the time; a second one stands by")
    everything = commands.add_parser("all", help="all that one machine needs, until Ctrl-C")
    everything.add_argument(
        "--workers", type=_workers, default=1, metavar="N", help="how many workers (default 1)"
    )
    everything.add_argument(
        "--no-dashboard",
        action="store_true",
        help="without the dashboard, where it runs elsewhere or nobody looks",
    )
    health = commands.add_parser("health", help="whether a process of this machine does its work")
    health.add_argument("process", choices=["worker", "scheduler", "redis"])
    health.add_argument("--json", action="store_true", help="answer in JSON")
    redis = commands.add_parser("redis")  # what `worker.embedded_redis.server` starts; not for people
    redis.add_argument("--folder", type=Path, required=True)
    redis.add_argument("--program", type=Path, required=True)
    return parser


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"give a number from 1 to {_MOST_WORKERS}")
    return int(text)
