"""``python -m demo``: the whole story, from two systems that know nothing of the sync to two that are in
step."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import requests
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.text import Text

from demo import tables
from demo.children import ROOT, stopped_by_signals
from demo.edits import Edit, make_edits, mistake, moved_person, name_of
from demo.imitation import Imitation, sandbox_process
from demo.program import DONE, WAITING, CommandFailed, Program, free_callback
from demo.stay import stay
from demo.tables import Teller

PARTLY = 1
"""The exit status of a run in which single records failed; the school has some that must."""
DASHBOARD_PORT = 8501
"""Where the dashboard is if that port is free."""
MAPPING = ROOT / "demo" / "school.yaml"


class Story:
    """The steps, in order. Each prints what it does and what comes of it; one that goes wrong raises
    CommandFailed."""

    def __init__(self, console: Console, teller: Teller, sandbox: Imitation, program: Program) -> None:
        self._console, self._teller, self._sandbox, self._program = console, teller, sandbox, program

    def connect(self) -> None:
        """Connect both systems."""
        self._teller.step("Connect both systems")
        with self._console.status("connecting ..."):
            self._program.connect_element451(self._sandbox)
            address = self._program.connect_salesforce(self._sandbox)
        self._teller.show("Element451: the feature token was accepted.")
        self._teller.show(
            f"Salesforce: OAuth 2.0 with PKCE. Sign-in at [dim]{address.split('?')[0]}[/], allowed there, and"
            " back at the callback."
        )

    def configure(self) -> None:
        """Import the mapping and check it."""
        self._teller.step("Say what belongs together, and who owns it")
        with self._console.status("checking ..."):
            self._program.run("config", "import", str(MAPPING))
            found = self._program.run("config", "check")
        warnings = [item["message"] for item in found]
        self._teller.show(
            f"{MAPPING.relative_to(ROOT)} is in force; checked against the fields of both systems:"
            f" {len(warnings)} warnings."
        )
        self._teller.show(
            tables.points("[yellow]![/]", [*map(Text, warnings[:2]), f"and {len(warnings) - 2} more"])
        )

    def preview(self) -> None:
        """Show what the sync would do to one contact."""
        self._teller.step("Preview one contact: nothing is written")
        contact = moved_person(self._sandbox)
        with self._console.status("reading both systems ..."):
            (plan,) = self._program.run("preview", "export", "--element-id", contact["user-elementid"])
        self._teller.show(
            f"{escape(name_of(contact))} would be [bold]{plan['status']}[/] in Salesforce:",
            tables.changes(plan),
        )

    def first_sync(self) -> None:
        """The first run: the guard stops it, it is approved, and it goes on."""
        self._teller.step("First sync: it would change a lot, so it asks")
        with self._console.status("reading both systems, planning ..."):
            waiting = self._program.run("sync", expect=(WAITING,))
        self._teller.show(waiting["reason"], tables.numbers(waiting["numbers"]), tables.used(waiting))
        self._teller.step(f"Approve it: sync --approve {waiting['run']}")
        with self._console.status("writing ..."):
            summary = self._program.run("sync", "--approve", str(waiting["run"]), expect=(DONE, PARTLY))
        self._teller.show(tables.counts(summary))
        self._failures(summary["run"])

    def edit(self) -> list[Edit]:
        """Let people work in both systems."""
        self._teller.step("Meanwhile, people work in both systems")
        edits = make_edits(self._sandbox)
        self._teller.show(
            tables.points("", [f"[bold]{edit.where}[/]: {escape(edit.what)}" for edit in edits])
        )
        return edits

    def second_sync(self, edits: list[Edit]) -> None:
        """The next run carries what changed; the log shows it value by value."""
        self._teller.step("Second sync: only what changed")
        with self._console.status("syncing ..."):
            summary = self._program.run("sync", expect=(DONE, PARTLY))
        self._teller.show(tables.counts(summary), "", "What the log says of each edit:")
        self._teller.show(tables.points("", [self._told(edit, summary["run"]) for edit in edits]))

    def _told(self, edit: Edit, run: int) -> RenderableType:
        entries = self._program.run("logs", "--record", edit.record, "--run", str(run))
        if not entries:
            raise CommandFailed(f"The log of run {run} knows nothing of {edit.record}, though: {edit.what}.")
        return Group(f"{escape(edit.what)}: [bold]{edit.then}[/]", *map(tables.entry, entries))

    def _failures(self, run: int) -> None:
        failed = self._program.run("logs", "--status", "failed", "--run", str(run), "--limit", "1000")
        reasons = Counter(entry["reason"] for entry in failed)
        if reasons:
            self._teller.show(f"{reasons.total()} records failed, and the log says why:")
            self._teller.show(
                tables.points(
                    "[red]•[/]", [Text(f"{reason} ({times}×)") for reason, times in reasons.most_common(3)]
                )
            )


def tell(console: Console, options: argparse.Namespace) -> None:
    """Run the story in a data folder that is removed afterwards; unless it is to be told once, stay with the
    dashboard then."""
    teller, began = Teller(console), time.monotonic()
    teller.open(
        "Element451 ⇄ Salesforce",
        f"A school of {options.contacts:,} contacts and {options.conversations:,} conversations, in"
        " an\nimitation of both systems on this machine. The product's own command line does everything"
        " below, as you would.",
    )
    public_url, callback = free_callback(DASHBOARD_PORT)
    school = (
        "--port",
        "0",
        "--contacts",
        str(options.contacts),
        "--conversations",
        str(options.conversations),
        "--callback",
        callback,
    )
    with (
        tempfile.TemporaryDirectory(prefix="element451-salesforce-demo-") as data,
        sandbox_process("sandbox", *school) as sandbox,
    ):
        program = Program(Path(data), public_url, sandbox.url.removeprefix("http://"))
        story = Story(console, teller, sandbox, program)
        story.connect()
        story.configure()
        if options.once:
            story.preview()
            story.first_sync()
            story.second_sync(story.edit())
        else:
            wrong = mistake(sandbox)
            story.first_sync()
            stay(console, sandbox, program, Path(data), wrong, options.quiet)
    teller.close(
        f"Done in {time.monotonic() - began:.0f} s. Nothing is left running. README.md tells how to connect"
        " your own systems."
    )


def main() -> int:
    """Returns the exit status: 0 when every step succeeded and Ctrl-C ended what lasts until then, 1 when a
    step failed, 130 when Ctrl-C cut the story short that was to be told once."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument(
        "--contacts", type=int, default=2000, help="how many contacts the school has (default %(default)s)"
    )
    parser.add_argument(
        "--conversations", type=int, default=300, help="how many conversations (default %(default)s)"
    )
    parser.add_argument("--once", action="store_true", help="tell the whole story on the terminal, and end")
    parser.add_argument(
        "--quiet", action="store_true", help="nobody but you changes anything while the dashboard runs"
    )
    options, console = parser.parse_args(), Console(highlight=False)
    errors: tuple[type[Exception], ...] = (CommandFailed, RuntimeError, OSError, requests.RequestException)
    try:
        with stopped_by_signals():
            tell(console, options)
    except errors as error:
        Console(stderr=True).print(f"The demo stopped: {error}", style="red", markup=False, highlight=False)
        return 1
    except KeyboardInterrupt:
        console.print("\nStopped; nothing is left running.")
        return 130 if options.once else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
