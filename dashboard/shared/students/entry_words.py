"""What a log entry did, in words: "GPA 3.1 → 3.4", and not the rule by which it did."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.shared.plans import field_changes
from syncer.configuration.catalogue import Labels
from syncer.core.plan import Direction, Status
from syncer.core.trust.written import created_record

_SHOWN = 3
_LONGEST = 40
Json = Mapping[str, Any]


def summary(entry: Json, labels: Labels) -> str:
    """What happened, in a line: the values that were written, else the reason. Not Markdown."""
    target = Direction(entry["direction"]).target
    written = _written(entry)
    if not written:
        return str(entry["reason"])
    if created_record(entry):
        return f"Created in {target.label} with {_counted(len(written))}"
    told = [f"{labels.of(target, str(one[target.value]))} {change(one)}" for one in written[:_SHOWN]]
    if len(written) > _SHOWN:
        told.append(f"and {len(written) - _SHOWN} more")
    return ", ".join(told)


def change(one: Json) -> str:
    """What a field held, and what it got: "3.1 → 3.4"; what was there before may not be known."""
    before = "not known" if one.get("known") is False else short(one["before"])
    return f"{before} → {short(one['after'])}"


def short(value: object) -> str:
    """A value in a few words, as text."""
    text = field_changes.plain_text(value) or "empty"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _written(entry: Json) -> Sequence[Json]:
    if not Status(entry["status"]).writes:
        return ()
    return [one for one in entry["changes"] if not (one.get("left_out") or one.get("held"))]


def _counted(values: int) -> str:
    return "one value" if values == 1 else f"{values} values"
