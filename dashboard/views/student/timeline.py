"""Everything that happened to a student, newest first; the last check that found nothing to do, too."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import navigation
from dashboard.shared import badges, page_switch
from dashboard.shared.flow_labels import flow_label
from dashboard.shared.record_names import RecordNames
from dashboard.shared.times import local
from syncer.application.students import Student
from syncer.infra import csv_export

_ROW_HEIGHT, _MOST_HEIGHT = 35, 460
_CHECK = "Check"


def draw(student: Student, names: RecordNames) -> None:
    """Draw the table."""
    if not student.history:
        return
    st.subheader("What happened", anchor=False)
    entries = [entry["entry"] for entry in student.history]
    key = f"timeline {student.identity} {entries[0]}-{entries[-1]}-{len(entries)}"
    rows = [_row(entry, names) for entry in student.history]
    st.dataframe(
        rows,
        hide_index=True,
        key=key,
        height=min(_ROW_HEIGHT * (len(rows) + 1) + 3, _MOST_HEIGHT),
        column_config={
            "What happened": st.column_config.ButtonColumn(
                width=470,
                type="tertiary",
                alignment="left",
                key=f"open {key}",
                on_click=_open,
                args=(f"open {key}", entries),
            ),
            "When": st.column_config.DatetimeColumn(format="MMM D, YYYY, HH:mm", width=140),
            "Status": badges.column(width=105),
            "What": st.column_config.TextColumn(width=120),
            "Run": st.column_config.NumberColumn(width=60, format="%d"),
        },
    )


def _row(entry: Mapping[str, Any], names: RecordNames) -> dict[str, Any]:
    check = entry["entry"] is None
    return {
        "When": local(entry["time"]).replace(tzinfo=None),
        "Status": badges.cell(entry["status"]),
        "What happened": csv_export.escape(entry["reason"] if check else names.summary(entry)),
        "What": _CHECK if check else flow_label(entry),
        "Run": entry["run"],
    }


def _open(key: str, entries: list[int | None]) -> None:
    row = st.session_state[key]["row"]
    if row < len(entries) and (number := entries[row]):
        page_switch.ask(navigation.LOGS, entry=str(number))
