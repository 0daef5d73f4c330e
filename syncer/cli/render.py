"""Plans, runs and log entries as tables for a person."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from syncer.core.plan import Status
from syncer.core.records import System
from syncer.core.text import visible, visible_lines
from syncer.journal.run_state import RunState

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
_MAX_LENGTH = 200
"""Characters of a value that are shown, and of a line where nothing is known of the window."""


def print_plans(plans: Iterable[Mapping[str, Any]]) -> None:
    """Each plan or outcome (as JSON documents) with its fields before and after."""
    console = _console()
    for plan in plans:
        title = (f"{plan['direction']} {plan['kind']}  ", "bold")
        ids = f"  Element451 {plan['element_id'] or '–'}  Salesforce {plan['salesforce_id'] or '–'}"
        console.print(Text.assemble(title, _status(plan["status"]), _text(ids)))
        if plan["reason"]:
            console.print(_text(f"  {plan['reason']}"))
        if plan["changes"]:
            console.print(_changes_table(plan["changes"]))
        console.print()


def print_run(summary: Mapping[str, Any]) -> None:
    """The counts of a run per direction and status, its calls, and why it ended as it did."""
    console, calls = _console(), summary["api_calls"]
    title = (f"Run {summary['run']} ({summary['trigger']}): ", "bold")
    cost = (
        f"  {calls['salesforce']:,} Salesforce and {calls['element451']:,} Element451 calls,"
        f" {summary['seconds']:.1f} s"
    )
    console.print(Text.assemble(title, _status(summary["state"]), cost))
    counts = summary["counts"]
    statuses = [
        status
        for status in next(iter(counts.values()))
        if any(of_flow[status] for of_flow in counts.values())
    ]
    if statuses:
        console.print(_counts_table(counts, statuses))
    if summary.get("reason"):
        console.print(_text(summary["reason"]))
    if numbers := summary.get("numbers"):
        _print_guard_numbers(console, numbers, summary["run"])


def audit_text(found: Mapping[str, Any]) -> str:
    """What a check for missed changes found."""
    sides = (
        f"{system.label}: looked at {found[system.value]['seen']:,} records,"
        f" {found[system.value]['differed']:,} differed."
        for system in System
    )
    fields = ", ".join(f"{key} ({times:,})" for key, times in found["fields"].items())
    due = "What differs is due." if any(found[system.value]["differed"] for system in System) else ""
    return " ".join(filter(None, (*sides, f"Fields: {fields}." if fields else "", due)))


def print_entries(entries: Iterable[Mapping[str, Any]]) -> None:
    """Log entries, one a line."""
    table = _table(
        *(
            ("Entry"),
            "Run",
            "Time (UTC)",
            "Direction",
            "Kind",
            "Status",
            "Element451",
            "Salesforce",
            "What happened",
        )
    )
    for entry in entries:
        code = f" [{entry['code']}]" if entry["code"] else ""
        table.add_row(
            _text(str(entry["entry"])),
            _text(str(entry["run"])),
            _text(str(entry["time"])[:19].replace("T", " ")),
            _text(entry["direction"]),
            _text(entry["kind"]),
            _status(entry["status"]),
            _text(entry["element_id"] or "–"),
            _text(entry["salesforce_id"] or "–"),
            _text(f"{entry['reason']}{code}"),
        )
    _console().print(table)


def print_piles(summary: Mapping[str, Any]) -> None:
    """How many values an undo put back, and how many it left, and why; nothing where it ended before it was
    through."""
    if not (piles := summary.get("piles")):
        return
    told = {
        "restored": "put back" if summary["state"] == RunState.DONE else "to be put back",
        "already": "back already",
        "moved_since": "changed since, and left",
        "cannot": "cannot be put back",
    }
    values = ", ".join(f"{piles[pile]:,} {words}" for pile, words in told.items())
    _console().print(Text(f"Values: {values}. Each is listed: python -m syncer logs --run {summary['run']}"))


def print_reasons(fields: Iterable[Mapping[str, Any]]) -> None:
    """Where the value of each field of a record comes from, as `syncer.application.why` tells it."""
    console = _console()
    for field in fields:
        owner = System(field["owner"])
        since = field.get("owned_since")
        told = f", since version {since['version']} ({since['person']})" if since else ""
        title = _text(f"{field['element451']} ↔ {field['salesforce']}", "bold")
        console.print(Text.assemble(title, _text(f"  owned by {owner.label}{told}")))
        for system in System:
            side = field["values"][system.value]
            held = _format(side["value"]) if side["known"] else "(not read yet)"
            read = f", read {str(side['read_at'])[:16]} UTC" if side["read_at"] else ""
            console.print(_text(f"  {system.label}: {held}  {side['origin']}{read}"))
            if wrote := side["written_by"]:
                console.print(_text(f"    {_told(wrote)}"))
        if held_by := field["held"]:
            console.print(_text(f"  Held by {held_by['by']}: {held_by['reason']}"))


def _told(wrote: Mapping[str, Any]) -> str:
    """Who wrote a value last, and what it overwrote."""
    before = _format(wrote["before"]) if wrote["before_known"] else "a value that had not been read"
    over = "creating the record" if wrote["created"] else f"over {before}"
    by = f" saved by {wrote['person']}" if wrote["person"] else ""
    return (
        f"Run {wrote['run']} (entry {wrote['entry']}, {str(wrote['time'])[:16]} UTC) wrote"
        f" {_format(wrote['after'])}, {over}, under version {wrote['version']}{by}."
    )


def _changes_table(changes: Iterable[Mapping[str, Any]]) -> Table:
    table = _table("  Element451", "Salesforce", "Owner", "Before", "After")
    for change in changes:
        table.add_row(
            _text(f"  {change['element451']}"),
            _text(change["salesforce"]),
            _text(change["owner"]),
            _text(_format(change["before"])),
            _text(_format(change["after"]) + not_written(change)),
        )
    return table


def not_written(change: Mapping[str, Any]) -> str:
    """Why a change that is listed is not made; empty where it is."""
    if change.get("held"):
        return " (held)"
    return " (not written)" if change.get("left_out") else ""


def print_holds(holds: Iterable[Mapping[str, Any]]) -> None:
    """Print the holds in force as a table."""
    table = _table("Hold", "Element451", "Salesforce", "Field", "Until", "By", "Reason")
    for hold in holds:
        many = f"{hold['records']:,} records" if hold["records"] > 1 else ""
        table.add_row(
            _text(str(hold["hold"])),
            _text(hold["element_id"] or many or "–"),
            _text(hold["salesforce_id"] or "–"),
            _text(hold["field"] or "–"),
            _text((hold["until"] or "another value comes")[:19].replace("T", " ")),
            _text(hold["by"]),
            _text(hold["reason"]),
        )
    _console().print(table)


def print_problems(groups: Iterable[Mapping[str, Any]]) -> None:
    """Print what fails, a group a line."""
    table = _table("Group", "Records", "Code", "Field", "Value", "What to do")
    for one in groups:
        many = "(many)" if one["values"] is None else "–" if one["field"] is None else "(empty)"
        table.add_row(
            Text(one["group"]),
            Text(f"{one['records']:,}"),
            Text(one["code"] or "–"),
            Text(one["field"] or "–"),
            Text(one["value"] or many),
            Text(one["remedy"]),
        )
    _console().print(table)


def _counts_table(counts: Mapping[str, Mapping[str, int]], statuses: Sequence[str]) -> Table:
    table = _table("")
    for status in statuses:
        table.add_column(_status(status), justify="right", no_wrap=True)
    for flow, of_flow in counts.items():
        numbers = (f"{of_flow[status]:,}" if of_flow[status] else "·" for status in statuses)
        table.add_row(_text(flow.replace("_", " ")), *(_text(number) for number in numbers))
    return table


def _print_guard_numbers(console: Console, numbers: Mapping[str, Any], run: int) -> None:
    """What a waiting run would do, by kind of change, and how to decide."""
    table = _table("Kind of change", "Records", "Fields")
    table.columns[1].justify = "right"
    for kind, records in numbers["kinds"].items():
        fields = ", ".join(f"{name} ({times:,})" for name, times in numbers["fields"].get(kind, {}).items())
        table.add_row(_text(kind), _text(f"{records:,}"), _text(fields))
    console.print(table)
    console.print(
        f"This was not written. Go on: python -m syncer sync --approve {run}   Give up: python -m syncer sync"
        f" --reject {run}",
        markup=False,
    )


def _text(value: str, style: str = "") -> Text:
    """A text in which no value is obeyed by the terminal."""
    return Text(visible_lines(value), style=style)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2), header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _status(name: str) -> Text:
    """A status, always in the same colour."""
    return _text(name, COLOURS.get(name, ""))


def _format(value: object) -> str:
    """A value for people."""
    if value is None:
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = visible("; ".join(map(str, value)) if isinstance(value, list) else value)
    return text if len(text) <= _MAX_LENGTH else f"{text[: _MAX_LENGTH - 3]}…"


def _console() -> Console:
    # whatever reads the output of a pipe can fold long lines itself
    return Console() if sys.stdout.isatty() else Console(width=_MAX_LENGTH)
