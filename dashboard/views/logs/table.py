"""A table of log entries, each of which can be opened, and several selected."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import streamlit as st
from streamlit.typing import DataframeState

from dashboard.shared import badges
from dashboard.shared.flow_labels import flow_label
from dashboard.shared.record_names import Entry, RecordNames
from dashboard.shared.times import local
from syncer.infra import csv_export

ROWS = 50
"""Entries of a page of the list."""
OPEN = "Open"
"""The column of buttons that open an entry."""
_ROW_HEIGHT = 35
_MOST_HEIGHT = 640


def draw(
    entries: Sequence[Entry],
    names: RecordNames,
    on_open: Callable[[int], None],
    *,
    selectable: bool = True,
) -> list[Entry]:
    """Draw the table. Returns the selected entries. ``on_open`` is called with the number of the entry to be
    opened. Without ``selectable`` the entries are those of one record, and the column of names is left
    out."""
    numbers = [int(entry["entry"]) for entry in entries]
    # The key names the entries: otherwise a selection would pass to the entries in the same rows of the next
    # page.
    key = f"entries {numbers[0]}-{numbers[-1]}-{len(numbers)}{'' if selectable else ' history'}"
    rows = [_row(entry, names) for entry in entries]
    drawn = st.dataframe(
        rows,
        hide_index=True,
        key=key,
        on_select="rerun" if selectable else "ignore",
        selection_mode="multi-row",
        height=min(_ROW_HEIGHT * (len(rows) + 1) + 3, _MOST_HEIGHT),
        column_order=[name for name in rows[0] if selectable or name != "Name"],
        column_config={
            OPEN: st.column_config.ButtonColumn(
                "",
                width=55,
                type="tertiary",
                key=f"open {key}",
                on_click=_open,
                args=(f"open {key}", numbers, on_open),
                pinned=True,
            ),
            "Time": _time_column(rows),
            "Name": st.column_config.TextColumn(width=110),
            "Status": badges.column(width=105),
            "What": st.column_config.TextColumn(width=135),
            "What happened": st.column_config.TextColumn(
                width=520, help="A double click on a cell shows all of it; Open shows the whole entry."
            ),
            "Run": st.column_config.NumberColumn(width=70, format="%d"),
        },
    )
    if not selectable:
        return []
    selected = cast(DataframeState, drawn)["selection"]["rows"]
    return [entries[row] for row in selected if row < len(entries)]


def _row(entry: Entry, names: RecordNames) -> dict[str, Any]:
    """The cells of an entry. The table's own download writes them as they are, so formulas are escaped."""
    return {
        OPEN: "Open",
        "Status": badges.cell(entry["status"]),
        "Name": csv_export.escape(names.name(entry)),
        "Time": local(entry["time"]).replace(tzinfo=None),
        "What": flow_label(entry),
        "What happened": csv_export.escape(names.summary(entry)),
        "Run": entry["run"],
    }


def _time_column(rows: Sequence[dict[str, Any]]) -> Any:
    """The column of times, without the year if all are of the current one."""
    if {row["Time"].year for row in rows} == {local(datetime.now(UTC)).year}:
        return st.column_config.DatetimeColumn(format="MMM D, HH:mm:ss", width=115)
    return st.column_config.DatetimeColumn(format="MMM D, YYYY, HH:mm:ss", width=150)


def _open(key: str, numbers: Sequence[int], on_open: Callable[[int], None]) -> None:
    row = st.session_state[key]["row"]
    if row < len(numbers):
        on_open(numbers[row])
