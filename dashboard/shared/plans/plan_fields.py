"""The fields of a plan as a table: what either system holds, and what becomes of it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.shared.plans import field_changes
from dashboard.shared.plans.field_changes import EMPTY
from syncer.configuration.catalogue import Labels
from syncer.core.plan import Direction
from syncer.core.records import System
from syncer.sync.planning.side_by_side import ComparedField, FieldOutcome, MaybeValue, UnknownValue


def draw(lines: Sequence[ComparedField], labels: Labels, direction: Direction) -> None:
    """Draw the table, and below it the long values in full."""
    rows = [
        {
            "Field": field_changes.field_label(_keys(line), labels),
            **{
                system.label: _cell(line.incoming) if system is direction.source else _written(line)
                for system in System
            },
            "Result": _result(line, direction.target),
        }
        for line in lines
    ]
    st.table(rows, border="horizontal", hide_index=True)
    values = [_keys(line) | _values(line) for line in lines]
    field_changes.draw_long_values(values, labels, ("incoming", "before", "outgoing"))


def _written(line: ComparedField) -> str:
    """What the record that is written holds, and what it will hold if that is another value."""
    if line.outcome is not FieldOutcome.CHANGED:
        return _cell(line.after)
    if line.before is UnknownValue.NO_RECORD:
        return f"**{_cell(line.after)}**"
    return f"{_cell(line.before)} → **{_cell(line.after)}**"


def _result(line: ComparedField, target: System) -> str:
    """What becomes of the field, or why nothing is sent."""
    results = {
        FieldOutcome.CHANGED: f":blue-badge[changed] in {target.label}",
        FieldOutcome.SAME: ":gray-badge[unchanged]",
        FieldOutcome.OWNED_BY_TARGET: f"stays: {target.label} owns it",
        FieldOutcome.UNREAD: "stays: what comes in is not known yet",
        FieldOutcome.LEFT_OUT: f"{field_changes.LEFT_OUT} stays: the other value does not fit",
        FieldOutcome.HELD: f"{field_changes.HELD} stays as it is",
        FieldOutcome.NOT_SENT: "stays as it is",
    }
    if line.outcome is not FieldOutcome.CHANGED or line.before is UnknownValue.NO_RECORD:
        return results[line.outcome]
    return f":red-badge[emptied] in {target.label}" if line.after is None else results[line.outcome]


def _cell(value: MaybeValue) -> str:
    """A value as Markdown."""
    if value is None:
        return EMPTY
    return f":gray[{value.value}]" if isinstance(value, UnknownValue) else field_changes.format_value(value)


def _keys(line: ComparedField) -> dict[str, object]:
    return {"element451": line.element451, "salesforce": line.salesforce, "owner": line.owner.value}


def _values(line: ComparedField) -> dict[str, object]:
    sent = line.after if line.outcome in (FieldOutcome.CHANGED, FieldOutcome.SAME) else None
    values = {"incoming": line.incoming, "before": line.before, "outgoing": sent}
    return {name: None if isinstance(value, UnknownValue) else value for name, value in values.items()}
