"""The fields of a person as a table: what either system holds, and what becomes of it. Both directions are in
one table."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from dashboard.shared.plans import field_changes
from dashboard.shared.plans.field_changes import EMPTY
from syncer.configuration.catalogue import Labels
from syncer.core.plan import Direction
from syncer.core.records import System
from syncer.sync.planning.side_by_side import ComparedField, FieldOutcome, MaybeValue, UnknownValue

_TELLING = (
    *(FieldOutcome.CHANGED, FieldOutcome.LEFT_OUT, FieldOutcome.HELD, FieldOutcome.SAME),
    *(FieldOutcome.UNREAD, FieldOutcome.NOT_SENT, FieldOutcome.OWNED_BY_TARGET),
)
"""What is told of a field where the directions differ: the first of these."""
HAPPENS = _TELLING[:3]
"""Where something happens to a field, or would but for a hindrance."""


class Line(NamedTuple):
    """A field in the direction in which it is carried."""

    field: ComparedField
    direction: Direction


def together(lines: Sequence[Line]) -> list[Line]:
    """Each field once, in the direction that says most of it; those to which something happens first."""
    found: dict[tuple[str, str], Line] = {}
    for line in sorted(lines, key=lambda line: _TELLING.index(line.field.outcome)):
        found.setdefault((line.field.element451, line.field.salesforce), line)
    return sorted(found.values(), key=_order)


def _order(line: Line) -> tuple[bool, bool]:
    """What is not written first, then what is emptied."""
    happens = line.field.outcome in HAPPENS
    return not happens, line.field.outcome is FieldOutcome.CHANGED and not _is_emptied(line.field)


def draw(lines: Sequence[Line], labels: Labels) -> None:
    """Draw the table, and below it the long values in full."""
    rows = [
        {
            "Field": field_changes.field_label(_keys(line.field), labels),
            # Before the values: on a narrow screen these are out of sight, and what happens must not be.
            "Result": _result(line.field, line.direction.target),
            **{
                system.label: _cell(line.field.incoming)
                if system is line.direction.source
                else _written(line.field)
                for system in System
            },
        }
        for line in lines
    ]
    st.table(rows, border="horizontal", hide_index=True)
    values = [_keys(line.field) | _values(line.field) for line in lines]
    field_changes.draw_long_values(values, labels, ("incoming", "before", "outgoing"))


def _written(field: ComparedField) -> str:
    """What the record that is written holds, and what it will hold if that is another value."""
    if field.outcome is not FieldOutcome.CHANGED:
        return _cell(field.after)
    if field.before is UnknownValue.NO_RECORD:
        return f"**{_cell(field.after)}**"
    return f"{_cell(field.before)} → **{_cell(field.after)}**"


def _result(field: ComparedField, target: System) -> str:
    """What becomes of the field, or why nothing is sent."""
    results = {
        FieldOutcome.CHANGED: f":blue-badge[changed] in {target.label}",
        FieldOutcome.SAME: ":gray-badge[unchanged]",
        FieldOutcome.OWNED_BY_TARGET: f"stays: {target.label} owns it",
        FieldOutcome.UNREAD: "stays: what comes in is not known yet",
        FieldOutcome.LEFT_OUT: f"{field_changes.LEFT_OUT} stays as it is, for the reason above",
        FieldOutcome.HELD: f"{field_changes.HELD} stays as it is",
        FieldOutcome.NOT_SENT: "stays as it is",
    }
    if field.outcome is not FieldOutcome.CHANGED or field.before is UnknownValue.NO_RECORD:
        new = field.outcome is FieldOutcome.CHANGED
        return f":green-badge[new] in {target.label}" if new else results[field.outcome]
    return f":red-badge[emptied] in {target.label}" if _is_emptied(field) else results[field.outcome]


def _is_emptied(field: ComparedField) -> bool:
    return field.after is None and field.before is not None


def _cell(value: MaybeValue) -> str:
    """A value as Markdown."""
    if value is None:
        return EMPTY
    return f":gray[{value.value}]" if isinstance(value, UnknownValue) else field_changes.format_value(value)


def _keys(field: ComparedField) -> dict[str, object]:
    return {"element451": field.element451, "salesforce": field.salesforce, "owner": field.owner.value}


def _values(field: ComparedField) -> dict[str, object]:
    sent = field.after if field.outcome in (FieldOutcome.CHANGED, FieldOutcome.SAME) else None
    values = {"incoming": field.incoming, "before": field.before, "outgoing": sent}
    return {name: None if isinstance(value, UnknownValue) else value for name, value in values.items()}
