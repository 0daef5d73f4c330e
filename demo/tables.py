"""How the demo draws what the command line answered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

DIRECTIONS = {
    "import_contact": "contacts\n→ Element451",
    "export_contact": "contacts\n→ Salesforce",
    "export_conversation": "conversations\n→ Salesforce",
}
STATUSES = ("inserted", "updated", "upserted", "unchanged", "ignored", "deactivated", "failed")
COLOURS = {
    "inserted": "green",
    "updated": "cyan",
    "upserted": "cyan",
    "unchanged": "dim",
    "ignored": "dim",
    "deactivated": "yellow",
    "failed": "red",
}
LONGEST = 36
OWNERS = {"element451": "Element451", "salesforce": "Salesforce"}


def shown(value: object) -> Text:
    """A value as a person reads it: empty is said, lists are joined, long texts lose their middle."""
    if value is None or value == []:
        return Text("empty", style="dim italic")
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    text = " ".join((", ".join(map(str, value)) if isinstance(value, list) else str(value)).split())
    return Text(text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[3 - LONGEST // 2 :]}")


def points(sign: str, items: Iterable[RenderableType]) -> RenderableType:
    """A list; ``sign`` stands before each item, or its number where that is empty."""
    grid = Table.grid(padding=(0, 1))
    for number, item in enumerate(items, 1):
        grid.add_row(Text.from_markup(f"  {sign or f'{number}.'}"), item)
    return grid


def changes(plan: Mapping[str, Any]) -> RenderableType:
    """One plan: each field's value before and after."""
    table = Table()
    for heading in ("field in Salesforce", "owner", "before", "after"):
        table.add_column(heading)
    for change in plan["changes"]:
        after = shown(change["after"])
        after.stylize("bold green")
        table.add_row(change["salesforce"], OWNERS[change["owner"]], shown(change["before"]), after)
    return table


def entry(found: Mapping[str, Any]) -> RenderableType:
    """One log entry: what was done to which side, and each value there before and after."""
    direction = DIRECTIONS[f"{found['direction']}_{found['kind']}"].replace("\n", " ")
    lines = [Text.assemble((found["status"], COLOURS[found["status"]]), (f"  {direction}", "dim"))]
    side = "element451" if found["direction"] == "import" else "salesforce"
    for change in found["changes"]:
        lines.append(
            Text.assemble(f"  {change[side]}: ", shown(change["before"]), " → ", shown(change["after"]))
        )
    return Group(*lines)


def counts(summary: Mapping[str, Any]) -> RenderableType:
    """A run: how many records per direction and status, and the calls that it used."""
    table = Table()
    table.add_column("")
    for title in DIRECTIONS.values():
        table.add_column(title, justify="right")
    for status in STATUSES:
        found = [summary["counts"].get(name, {}).get(status, 0) for name in DIRECTIONS]
        table.add_row(
            Text(status, style=COLOURS[status]),
            *(Text(f"{n:,}" if n else "–", style=COLOURS[status] if n else "dim") for n in found),
        )
    return Group(table, used(summary))


def used(summary: Mapping[str, Any]) -> Text:
    """The calls and the seconds of a run."""
    calls = summary["api_calls"]
    text = (
        f"{calls['salesforce']:,} calls to Salesforce, {calls['element451']:,} to Element451,"
        f" {summary['seconds']:.1f} s"
    )
    return Text(text, style="dim")


def numbers(found: Mapping[str, Any]) -> RenderableType:
    """What a run that waits for approval would do: records per kind of change, then the fields."""
    table = Table()
    table.add_column("kind of change")
    table.add_column("records", justify="right")
    table.add_column("in which fields")
    for kind, count in found["kinds"].items():
        fields: Sequence[tuple[str, int]] = sorted(
            found["fields"].get(kind, {}).items(), key=lambda item: -item[1]
        )
        named = "\n".join(f"{name} ({times:,})" for name, times in fields[:4])
        more = f"\nand {len(fields) - 4} more" if len(fields) > 4 else ""
        table.add_row(kind, f"{count:,}", named + more)
    return Group(
        table, Text(f"{found['touched']:,} of {found['known']:,} known records would be touched", style="dim")
    )


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
            self._console.print(item)

    def close(self, text: str) -> None:
        """The end."""
        self._console.print()
        self._console.print(Text(text, style="bold green"))
