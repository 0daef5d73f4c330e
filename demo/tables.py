"""How the demo draws what the command line answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

DIRECTIONS = {
    "import_contact": "Contacts, Salesforce → Element451",
    "export_contact": "Contacts, Element451 → Salesforce",
    "export_conversation": "Conversations → Salesforce",
}
STATUSES = ("inserted", "updated", "upserted", "unchanged", "ignored", "deactivated", "failed")
COLOURS = {"inserted": "green", "updated": "cyan", "upserted": "cyan", "unchanged": "dim", "ignored": "dim", "deactivated": "yellow", "failed": "red"}
OWNERS = {"element451": "Element451", "salesforce": "Salesforce"}


def shown(value: object) -> Text:
    """A value as a person reads it; empty is said, lists are joined."""
    if value is None or value == []:
        return Text("empty", style="dim italic")
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return Text(text if len(text) <= 60 else text[:57] + "...")


def changes(title: str, plan: Mapping[str, Any]) -> RenderableType:
    """One plan or log entry: each field's value before and after."""
    table = Table(title=title, title_justify="left", title_style="bold", pad_edge=False)
    for heading in ("Element451", "Salesforce", "owner", "before", "after"):
        table.add_column(heading)
    for change in plan["changes"]:
        after = shown(change["after"])
        after.stylize("bold green")
        table.add_row(change["element451"], change["salesforce"], OWNERS[change["owner"]], shown(change["before"]), after)
    return table


def entry(what: str, found: Mapping[str, Any]) -> RenderableType:
    """One log entry, in a few lines: what somebody did, and what the sync made of it."""
    lines = [Text.assemble("  ", (what, "bold"))]
    direction = DIRECTIONS[f"{found['direction']}_{found['kind']}"]
    lines.append(Text.assemble("    ", (found["status"], COLOURS[found["status"]]), f"  {direction}"))
    for change in found["changes"]:
        lines.append(Text.assemble(f"    {change['salesforce']}: ", shown(change["before"]), " → ", shown(change["after"])))
    return Group(*lines)


def counts(summary: Mapping[str, Any]) -> RenderableType:
    """A run: how many records per direction and status, and the calls that it used."""
    table = Table(pad_edge=False)
    table.add_column("")
    for status in STATUSES:
        table.add_column(status, justify="right", header_style=COLOURS[status])
    for name, title in DIRECTIONS.items():
        found = summary["counts"].get(name, {})
        table.add_row(title, *(Text(f"{n:,}", style=COLOURS[s] if n else "dim") for s in STATUSES for n in [found.get(s, 0)]))
    calls = summary["api_calls"]
    used = f"{calls['salesforce']:,} calls to Salesforce, {calls['element451']:,} to Element451, {summary['seconds']:.1f} s"
    return Group(table, Text(used, style="dim"))


def numbers(found: Mapping[str, Any]) -> RenderableType:
    """What a run that waits for approval would do: records per kind of change, then the fields."""
    table = Table(pad_edge=False)
    table.add_column("kind of change")
    table.add_column("records", justify="right")
    table.add_column("in which fields")
    for kind, count in found["kinds"].items():
        fields: Sequence[tuple[str, int]] = sorted(found["fields"].get(kind, {}).items(), key=lambda item: -item[1])
        named = "\n".join(f"{name} ({times:,})" for name, times in fields[:4])
        more = f"\n... and {len(fields) - 4} more fields" if len(fields) > 4 else ""
        table.add_row(kind, f"{count:,}", named + more)
    return Group(table, Text(f"{found['touched']:,} of {found['known']:,} known records would be touched", style="dim"))


class Teller:
    """Prints the story: numbered steps, and what each one shows."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._step = 0

    def open(self, title: str, text: str) -> None:
        """The beginning."""
        self._console.print(Panel(text, title=title, title_align="left", border_style="blue", expand=False))

    def step(self, title: str) -> None:
        """A new step begins."""
        self._step += 1
        self._console.print()
        self._console.print(Text(f"{self._step}  {title}", style="bold blue"))

    def show(self, *what: RenderableType) -> None:
        """Something to see within a step."""
        for item in what:
            self._console.print(item if not isinstance(item, str) else Text.from_markup(item), highlight=False, soft_wrap=False)

    def close(self, text: str) -> None:
        """The end."""
        self._console.print()
        self._console.print(Text(text, style="bold green"))
