"""What the benchmark prints and keeps: a Markdown table, the aims, and a JSON file."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.trial import Measurement

AIM_LOOP, AIM_BARE, AIM_GROWTH = 300, 1.0, 1.1
"""At 100 ms a call: so many times the loop, no slower than the bare transfer; memory from the smallest to the
largest school."""
HEADINGS = (
    "contacts",
    "ms a call",
    "sync",
    "records",
    "seconds",
    "CPU s",
    "CPU µs a record",
    "records/s",
    "Salesforce calls",
    "Element451 calls",
    "calls per 1,000",
    "peak MiB",
    "× loop",
    "× bare, 1 connection",
    "× bare, 12",
    "compiled",
)
BY_THE_CLOCK = ("seconds", "records/s", "× loop", "× bare, 1 connection", "× bare, 12")


def markdown(found: Sequence[Measurement], *, clock: bool = True) -> str:
    """The table; without ``clock`` nothing in it that other programs on the machine change."""
    shown = [number for number, heading in enumerate(HEADINGS) if clock or heading not in BY_THE_CLOCK]
    lines = [f"| {' | '.join(HEADINGS[number] for number in shown)} |", f"|{'---:|' * len(shown)}"]
    for one in found:
        cells = (
            f"{one.contacts:,}",
            str(one.delay_ms),
            one.sync,
            f"{one.records:,}",
            f"{one.seconds:.1f}",
            f"{one.cpu_seconds:.1f}",
            f"{one.cpu_seconds / one.records * 1e6:,.0f}",
            f"{one.per_second:,.0f}",
            f"{one.calls.get('salesforce', 0):,}",
            f"{one.calls.get('element451', 0):,}",
            f"{one.calls_per_thousand:.1f}",
            f"{one.peak_mib:.0f}",
            f"{one.times_loop:,.0f}",
            f"{one.times_bare:.2f}",
            f"{one.times_bare_at_once:.2f}",
            f"{one.compiled:.0%}",
        )
        lines.append(f"| {' | '.join(cells[number] for number in shown)} |")
    return "\n".join(lines)


def aims(found: Sequence[Measurement]) -> list[str]:
    """A sentence for each aim, saying whether it was reached."""
    sentences = []
    slow = [one for one in found if one.delay_ms >= 100]
    if slow:
        worst_loop, worst_bare = min(one.times_loop for one in slow), min(one.times_bare for one in slow)
        sentences.append(
            _said(
                worst_loop >= AIM_LOOP,
                f"at 100 ms a call, at least {worst_loop:,.0f} times the loop (aim {AIM_LOOP})",
            )
        )
        sentences.append(
            _said(
                worst_bare >= AIM_BARE,
                f"at 100 ms a call, at least {worst_bare:.2f} times the bare transfer (aim {AIM_BARE:.0f})",
            )
        )
    sizes = sorted({one.contacts for one in found})
    if len(sizes) > 1:
        peaks = {(one.sync, one.delay_ms, one.contacts): one.peak_mib for one in found}
        growths = [
            peaks[sync, delay, sizes[-1]] / peak
            for (sync, delay, size), peak in peaks.items()
            if size == sizes[0]
        ]
        text = (
            f"peak memory grows by {max(growths) * 100 - 100:.0f} % at most from {sizes[0]:,} to"
            f" {sizes[-1]:,} contacts (aim: 10 %)"
        )
        sentences.append(_said(max(growths) <= AIM_GROWTH, text))
    return sentences


def keep(found: Sequence[Measurement], folder: Path, name: str) -> Path:
    """Write everything measured to a JSON file; gives its path."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        asdict(one)
        | {
            "per_second": one.per_second,
            "times_loop": one.times_loop,
            "times_bare": one.times_bare,
            "calls_per_thousand": one.calls_per_thousand,
        }
        for one in found
    ]
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"machine": machine(), "measurements": rows}, indent=2) + "\n")
    return path


def machine() -> dict[str, Any]:
    """What it was measured on, in general words."""
    return {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()}


def _said(reached: bool, text: str) -> str:
    return f"{'reached' if reached else 'MISSED '}  {text}"
