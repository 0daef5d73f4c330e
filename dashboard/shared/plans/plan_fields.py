"""The fields of a plan as a table: what comes in, what the record will hold, and whether that changes it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.shared.plans import field_changes
from dashboard.shared.plans.field_changes import EMPTY
from syncer.configuration.catalogue import Labels
from syncer.core.plan import Direction
from syncer.sync.planning.side_by_side import ComparedField, FieldOutcome, MaybeValue, UnknownValue


def draw(lines: Sequence[ComparedField], labels: Labels, direction: Direction) -> None:
    """Draw the table, and below it the long values in full."""
    source, target = direction.source.label, direction.target.label
    rows = [
        {
            "Field": field_changes.field_label(_keys(line), labels),
            f"Incoming from {source}": _cell(line.incoming),
            f"Outgoing to {target}": _outgoing(line, target),
        }
        for line in lines
    ]
    st.table(rows, border="horizontal", hide_index=True)
    values = [_keys(line) | _values(line) for line in lines]
    field_changes.draw_long_values(values, labels, ("incoming", "before", "outgoing"))


def _outgoing(line: ComparedField, target: str) -> str:
    """What the record will hold, and below it whether that is another value than before, or why nothing is
    sent."""
    notes = {
        FieldOutcome.CHANGED: f":blue-badge[changed] :gray[before: {_bare(line.before)}]",
        FieldOutcome.SAME: ":gray-badge[unchanged]",
        FieldOutcome.OWNED_BY_TARGET: f":gray[stays: {target} owns it]",
        FieldOutcome.UNREAD: ":gray[stays: what comes in is not known yet]",
        FieldOutcome.LEFT_OUT: f"{field_changes.LEFT_OUT} :gray[stays: the other value does not fit]",
        FieldOutcome.HELD: f"{field_changes.HELD} :gray[stays as it is]",
        FieldOutcome.NOT_SENT: ":gray[stays as it is]",
    }
    after = _cell(line.after)
    if line.outcome is FieldOutcome.CHANGED:
        after = f"**{after}**"
    return f"{after}  \n:small[{notes[line.outcome]}]"


def _cell(value: MaybeValue) -> str:
    """A value as Markdown."""
    if value is None:
        return EMPTY
    return f":gray[{value.value}]" if isinstance(value, UnknownValue) else field_changes.format_value(value)


def _bare(value: MaybeValue) -> str:
    """A value as Markdown, for a place that is gray already."""
    if value is None:
        return "empty"
    return value.value if isinstance(value, UnknownValue) else field_changes.format_value(value)


def _keys(line: ComparedField) -> dict[str, object]:
    return {"element451": line.element451, "salesforce": line.salesforce, "owner": line.owner.value}


def _values(line: ComparedField) -> dict[str, object]:
    sent = line.after if line.outcome in (FieldOutcome.CHANGED, FieldOutcome.SAME) else None
    values = {"incoming": line.incoming, "before": line.before, "outgoing": sent}
    return {name: None if isinstance(value, UnknownValue) else value for name, value in values.items()}
