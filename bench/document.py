"""The results in docs/performance.md: a table between two marks, and a picture beside it, both drawn from
what was measured."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

from bench import report
from bench.trial import Measurement

BEGIN, END = "<!-- measured by make bench -->", "<!-- end of what was measured -->"
PICTURE = "performance.svg"
_COLOURS = ("#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#9c755f")
_WIDTH, _LEFT, _BAR, _GAP = 900, 210, 26, 14
_STYLE = "font-family: sans-serif; font-size: 13px; fill: #222"


def write(found: Sequence[Measurement], page: Path, day: datetime, busy: float) -> None:
    """Put the table into ``page`` and the picture beside it. Where the machine was ``busy`` with more
    programs (the load average) than it has cores, what the clock said is left out: it says little. Raises
    ValueError where the page has no place for it."""
    before, begins, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, ends, after = rest.partition(END)
    if not begins or not ends:
        raise ValueError(f"{page.name} has no place for what was measured: {BEGIN} … {END}")
    machine = report.machine()
    told = (
        f"Measured on {day:%Y-%m-%d} with Python {machine['python']} on {machine['system']},"
        f" {machine['cores']} cores, SQLite. “CPU” is that of the product's process alone."
    )
    clock = busy <= (machine["cores"] or 1)
    if not clock:
        told += " The machine was busy with other programs, so that what the clock said is left out."
    parts = [
        BEGIN,
        told,
        report.markdown(found, clock=clock),
        f"![CPU time of a record, by step]({PICTURE})",
        END,
    ]
    page.write_text(before + "\n\n".join(parts) + after, encoding="utf-8")
    page.with_name(PICTURE).write_text(picture(found), encoding="utf-8")


def picture(found: Sequence[Measurement]) -> str:
    """Bars of CPU time for each record (SVG), one for each sync, in parts by step."""
    steps = list(dict.fromkeys(step for one in found for step in one.stages))
    colours = {step: _COLOURS[number % len(_COLOURS)] for number, step in enumerate(steps)}
    longest = max((_micros(one, one.cpu_seconds) for one in found), default=1.0)
    lines: list[str] = []
    for row, one in enumerate(found):
        top = row * (_BAR + _GAP) + _GAP
        name = f"{one.sync}, {one.contacts:,}, {one.delay_ms} ms a call"
        lines.append(_text(_LEFT - 8, top + 18, name, anchor="end"))
        left = float(_LEFT)
        for step, seconds in one.stages.items():
            width = _micros(one, seconds) / longest * (_WIDTH - _LEFT - 90)
            lines.append(
                f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_BAR}" fill="{colours[step]}">'
                f"<title>{escape(step)}: {_micros(one, seconds):,.0f} µs</title></rect>"
            )
            left += width
        lines.append(_text(left + 6, top + 18, f"{_micros(one, one.cpu_seconds):,.0f} µs"))
    top = len(found) * (_BAR + _GAP) + 2 * _GAP
    for number, step in enumerate(steps):
        left, line = _LEFT + number % 3 * 225, top + number // 3 * 22
        lines.append(f'<rect x="{left}" y="{line}" width="13" height="13" fill="{colours[step]}"/>')
        lines.append(_text(left + 19, line + 12, step))
    height = top + (len(steps) + 2) // 3 * 22 + _GAP
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" role="img">'
    title = "<title>CPU time of the product for each record, by step</title>"
    return (
        "\n".join([head, title, '<rect width="100%" height="100%" fill="white"/>', *lines, "</svg>"]) + "\n"
    )


def _micros(one: Measurement, seconds: float) -> float:
    return seconds / one.records * 1_000_000


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" style="{_STYLE}">{escape(text)}</text>'
