"""The progress of a run in words: what it is doing, how far it is, and how fast."""

from collections.abc import Mapping

from dashboard.shared import times

Progress = Mapping[str, object] | None
"""As `runs.Run.progress` has it: the phase, the records done and in all, and the seconds that it took so
far."""


def phase(progress: Progress) -> str:
    """What the run is doing."""
    name = str((progress or {}).get("phase") or "beginning")
    return name[:1].upper() + name[1:]


def position(progress: Progress) -> str:
    """How far the phase is, its speed, and how long it will still take; empty if nothing is known."""
    done, total, seconds = (_number(progress, name) for name in ("done", "total", "seconds"))
    if not done and not total:
        return ""
    parts = [f"{done:,.0f} of {total:,.0f}" if total else f"{done:,.0f} so far"]
    if done and seconds >= 1:
        rate = done / seconds
        parts.append(f"{rate:,.0f} a second" if rate >= 1 else f"{rate * 60:,.0f} a minute")
        if total > done:
            parts.append(f"about {times.duration(max((total - done) / rate, 1))} left")
    return " · ".join(parts)


def fraction(progress: Progress) -> float | None:
    """How much of the phase is done, from 0 to 1; None if the total is not known."""
    total = _number(progress, "total")
    return min(_number(progress, "done") / total, 1.0) if total else None


def _number(progress: Progress, name: str) -> float:
    found = (progress or {}).get(name)
    return float(found) if isinstance(found, int | float) else 0.0
