"""The demo goes on: the worker and the dashboard run, people work in both systems, until Ctrl-C."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import requests
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel

from demo import tables
from demo.children import child
from demo.edits import Edit, life
from demo.imitation import Imitation
from demo.program import CommandFailed, Program

INTERVAL_SECONDS = 60
"""Between two scheduled runs; in earnest it is fifteen minutes."""
EDIT_EVERY = 20.0
STARTS_WITHIN, STOPS_WITHIN = 60.0, 40.0


@contextmanager
def running(program: Program, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """``python -m worker all`` on the program's data, dashboard included, once somebody can open it. Raises
    CommandFailed where it ends."""
    environment = program.environment | {"SYNC_INTERVAL_SECONDS": str(INTERVAL_SECONDS)}
    with (
        (folder / "worker.log").open("w+") as log,
        child(["-m", "worker", "all"], environment, subprocess.STDOUT, log, STOPS_WITHIN) as process,
    ):
        deadline = time.monotonic() + STARTS_WITHIN
        while not _answers(environment["PUBLIC_URL"]):
            if process.poll() is not None or time.monotonic() > deadline:
                log.seek(0)
                raise CommandFailed(f"python -m worker all did not start:\n{log.read()[-3000:]}")
            time.sleep(0.1)
        yield process


def stay(
    console: Console, sandbox: Imitation, program: Program, folder: Path, mistake: Edit, quiet: bool
) -> None:
    """Say where everything is and what to try, then let people work until Ctrl-C. ``quiet``: nobody but you
    changes anything."""
    with ExitStack() as stack:
        with console.status("starting the worker and the dashboard ..."):
            process = stack.enter_context(running(program, folder))
        console.print()
        console.print(
            Panel(
                _invitation(program.environment["PUBLIC_URL"], sandbox.url, mistake, quiet),
                border_style="green",
                expand=False,
            )
        )
        for edit in _at_intervals(life(sandbox), quiet):
            if process.poll() is not None:
                raise CommandFailed(
                    f"python -m worker all ended with {process.returncode}; its log is gone with the demo's"
                    " folder"
                )
            if edit:
                console.print(
                    f"[dim]{datetime.now():%H:%M:%S}[/]  [bold]{edit.where}[/]: {escape(edit.what)} →"
                    f" {edit.then}"
                )


def _at_intervals(edits: Iterator[Edit], quiet: bool) -> Iterator[Edit | None]:
    """An edit every so many seconds, and None each second between, for ever."""
    while True:
        deadline = time.monotonic() + EDIT_EVERY
        while time.monotonic() < deadline:
            yield None
            time.sleep(1)
        yield None if quiet else next(edits)


def _answers(address: str) -> bool:
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(f"{address}/healthz", timeout=5).ok
        except requests.RequestException:
            return False


def _invitation(dashboard: str, sandbox: str, mistake: Edit, quiet: bool) -> RenderableType:
    steps = [
        (
            f"See a record fail, and mend it: {escape(mistake.what)}. Find it in Integration Logs, read why"
            f" it failed, and give a last name again at\n{sandbox}/people/{mistake.record}\nThen press Retry"
            " on the entry."
        ),
        "Change anybody in either system, press Sync now on the Overview, and see it in the logs.",
        "Preview + Test: search for somebody by name, and see field by field what a sync would do.",
    ]
    if not quiet:
        steps.append(
            "In three minutes somebody makes a mistake with many records, and the next run asks first:"
            " approve it, or reject it, in Runs."
        )
    return Group(
        f"The dashboard:   [bold]{dashboard}[/]\nBoth systems:    [bold]{sandbox}[/]\n\nTry:",
        tables.points("", steps),
        f"\nA run starts every {INTERVAL_SECONDS} seconds. Ctrl-C ends everything and leaves nothing.",
    )
