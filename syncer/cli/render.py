"""Plans, counts and log entries as tables for a person, and the progress of a run as a bar or as log
lines."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from syncer.core.plan import Status
from syncer.journal.run_state import RunState
from syncer.sync.progress import Progress as Hears
from syncer.sync.progress import Silent

COLOURS: dict[str, str] = {
    Status.INSERTED: "green",
    Status.UPDATED: "blue",
    Status.UPSERTED: "blue",
    Status.UNCHANGED: "dim",
    Status.IGNORED: "dim",
    Status.DEACTIVATED: "yellow",
    Status.FAILED: "bold red",  # and of a run that failed
    RunState.WAITING: "yellow",
    RunState.DONE: "green",
}
log = structlog.get_logger(__name__)


def print_plans(plans: Iterable[Mapping[str, Any]]) -> None:
    """Each plan or outcome (as JSON documents) with its fields before and after."""
    console = _console()
    for plan in plans:
        head = Text.assemble(
            (f"{plan['direction']} {plan['kind']}  ", "bold"),
            status(plan["status"]),
            f"  Element451 {plan['element_id'] or '–'}  Salesforce {plan['salesforce_id'] or '–'}",
        )
        console.print(head)
        if plan["reason"]:
            console.print(Text(f"  {plan['reason']}"))
        if plan["changes"]:
            table = Table(box=None, pad_edge=False, padding=(0, 2), show_header=True, header_style="dim")
            for name in ("  Element451", "Salesforce", "Owner", "Before", "After"):
                table.add_column(name, overflow="fold")
            for change in plan["changes"]:
                cells = [
                    f"  {change['element451']}",
                    change["salesforce"],
                    change["owner"],
                    value(change["before"]),
                    value(change["after"]),
                ]
                table.add_row(*(Text(cell) for cell in cells))
            console.print(table)
        console.print()


def print_run(summary: Mapping[str, Any]) -> None:
    """A run's counts per direction and status, its calls, and why it ended as it did."""
    console = _console()
    table = Table(box=None, pad_edge=False, padding=(0, 2), header_style="dim")
    table.add_column("")
    names = [
        name
        for name in next(iter(summary["counts"].values()))
        if any(counts[name] for counts in summary["counts"].values())
    ]
    for name in names:
        table.add_column(status(name), justify="right", no_wrap=True)
    for direction, counts in summary["counts"].items():
        table.add_row(
            Text(direction.replace("_", " ")),
            *(Text(f"{counts[name]:,}" if counts[name] else "·") for name in names),
        )
    calls = summary["api_calls"]
    made = (
        f"{calls['salesforce']:,} Salesforce and {calls['element451']:,} Element451 calls,"
        f" {summary['seconds']:.1f} s"
    )
    console.print(
        Text.assemble(
            (f"Run {summary['run']} ({summary['trigger']}): ", "bold"), status(summary["state"]), f"  {made}"
        )
    )
    if names:
        console.print(table)
    if summary.get("reason"):
        console.print(Text(summary["reason"]))
    if numbers := summary.get("numbers"):
        _print_numbers(console, numbers, summary["run"])


def print_entries(entries: Iterable[Mapping[str, Any]]) -> None:
    """Log entries, one a line."""
    console = _console()
    table = Table(box=None, pad_edge=False, padding=(0, 2), header_style="dim")
    for name in (
        "Entry",
        "Run",
        "Time (UTC)",
        "Direction",
        "Kind",
        "Status",
        "Element451",
        "Salesforce",
        "What happened",
    ):
        table.add_column(name, overflow="fold")
    for entry in entries:
        when = str(entry["time"])[:19].replace("T", " ")
        said = entry["reason"] + (f" [{entry['code']}]" if entry["code"] else "")
        cells = [str(entry["entry"]), str(entry["run"]), when, entry["direction"], entry["kind"]]
        ids = [entry["element_id"] or "–", entry["salesforce_id"] or "–"]
        table.add_row(
            *(Text(cell) for cell in cells),
            status(entry["status"]),
            *(Text(cell) for cell in ids),
            Text(said),
        )
    console.print(table)


def status(name: str) -> Text:
    """A status, always in the same colour and word."""
    return Text(name, style=COLOURS.get(name, ""))


def value(raw: object) -> str:
    """A value as a person reads it."""
    if raw is None:
        return "(empty)"
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    text = "; ".join(map(str, raw)) if isinstance(raw, list) else str(raw)
    return text if len(text) <= 200 else text[:197] + "…"


def _console() -> Console:
    # Where nobody's window limits it, a line may be long: what reads our output can fold it itself.
    return Console() if sys.stdout.isatty() else Console(width=200)


@contextmanager
def progress(quiet: bool) -> Iterator[Hears]:
    """A bar on a terminal, log lines elsewhere; nothing at all when ``quiet``."""
    if quiet:
        yield Silent()
    elif sys.stderr.isatty():
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
        )
        with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
            yield _Bar(bar)
    else:
        yield _Lines()


class _Bar:
    def __init__(self, bar: Progress) -> None:
        self._bar, self._task = bar, None or TaskID(-1)

    def phase(self, name: str, total: int | None = None) -> None:
        if self._task >= 0:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(name, total=total, rate="")

    def advance(self, records: int) -> None:
        self._bar.advance(self._task, records)
        speed = next(task.speed for task in self._bar.tasks if task.id == self._task)
        self._bar.update(self._task, rate=f"{speed:,.0f}/s" if speed else "")


class _Lines:
    def __init__(self) -> None:
        self._phase, self._done, self._total = "", 0, 0

    def phase(self, name: str, total: int | None = None) -> None:
        self._end()
        self._phase, self._done, self._total = name, 0, total or 0
        log.info("phase", phase=name, **({"total": total} if total is not None else {}))

    def advance(self, records: int) -> None:
        self._done += records

    def _end(self) -> None:
        if self._done:
            log.info("phase done", phase=self._phase, records=self._done)


def _print_numbers(console: Console, numbers: Mapping[str, Any], run: int) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2), header_style="dim")
    for name in ("Kind of change", "Records", "Fields"):
        table.add_column(name, justify="right" if name == "Records" else "left", overflow="fold")
    for kind, records in numbers["kinds"].items():
        fields = ", ".join(f"{name} ({times:,})" for name, times in numbers["fields"].get(kind, {}).items())
        table.add_row(Text(kind), Text(f"{records:,}"), Text(fields))
    console.print(table)
    console.print(
        f"Nothing was written. Go on: python -m syncer sync --approve {run}   Give up: python -m syncer sync"
        f" --reject {run}",
        markup=False,
    )
