"""The fields of a plan as a table: what comes in, what the record holds, what goes out, and whether that
changes it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.shared.plans import field_changes
from dashboard.shared.plans.field_changes import EMPTY
from syncer.configuration.catalogue import Labels
from syncer.core.plan import Direction
from syncer.sync.planning.side_by_side import ComparedField, FieldOutcome, MaybeValue, UnknownValue


def draw(lines: Sequence[ComparedField], labels: Labels, direction: Direction) -> None:
    """The table, with the fields that change first; long values in full beneath it."""
    source, target = direction.source.label, direction.target.label
    rows = [
        {
            "Field": field_changes.field(_keys(line), labels),
            f"Incoming from {source}": _shown(line.incoming),
            f"Outgoing to {target}": _outgoing(line, target),
        }
        for line in lines
    ]
    st.table(rows, border="horizontal", hide_index=True)
    field_changes.whole_values(
        [_keys(line) | _values(line) for line in lines], labels, ("incoming", "before", "outgoing")
    )


def _outgoing(line: ComparedField, target: str) -> str:
    """What the record will hold, and small whether that is another value than before, or why nothing is
    sent."""
    small = {
        FieldOutcome.CHANGED: f":blue-badge[changed] :gray[before: {_shown(line.before, bare=True)}]",
        FieldOutcome.SAME: ":gray-badge[unchanged]",
        FieldOutcome.KEPT: f":gray[stays: {target} owns it]",
        FieldOutcome.UNREAD: ":gray[stays: what comes in is not known yet]",
        FieldOutcome.LEFT: ":gray[stays as it is]",
    }[line.fate]
    return (
        f"{f'**{_shown(line.after)}**' if line.fate is FieldOutcome.CHANGED else _shown(line.after)} "
        f" \n:small[{small}]"
    )


def _shown(value: MaybeValue, *, bare: bool = False) -> str:
    """A value as Markdown; ``bare``: for a place that is gray already."""
    if value is None:
        return "empty" if bare else EMPTY
    if isinstance(value, UnknownValue):
        return value.value if bare else f":gray[{value.value}]"
    return field_changes.value(value)


def _keys(line: ComparedField) -> dict[str, object]:
    return {"element451": line.element451, "salesforce": line.salesforce, "owner": line.owner.value}


def _values(line: ComparedField) -> dict[str, object]:
    sent = line.after if line.fate in (FieldOutcome.CHANGED, FieldOutcome.SAME) else None
    return {
        name: None if isinstance(value, UnknownValue) else value
        for name, value in (("incoming", line.incoming), ("before", line.before), ("outgoing", sent))
    }
