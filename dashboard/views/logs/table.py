"""Entries of the Integration Logs as a table: each can be opened, several chosen at once."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import streamlit as st
from streamlit.typing import DataframeState

from dashboard.shared import badges, csv_export
from dashboard.shared.flow_labels import flow_label
from dashboard.shared.record_names import Entry, RecordNames
from dashboard.shared.times import local

ROWS = 50
"""Entries of a page."""
OPEN = "Open"
"""The column of buttons that open an entry."""


def draw(
    entries: Sequence[Entry], called: RecordNames, opened: Callable[[int], None], *, choose: bool = True
) -> list[Entry]:
    """The table; gives the entries that are chosen. ``opened`` is called with the number of one that is to be
    opened."""
    numbers = [int(entry["entry"]) for entry in entries]
    # A table of other entries is another table: what was chosen in one is never taken for what stands in the
    # same place of the next.
    key = f"entries {numbers[0]}-{numbers[-1]}-{len(numbers)}{'' if choose else ' history'}"
    rows = [_row(entry, called) for entry in entries]
    this_year = {row["Time"].year for row in rows} == {local(datetime.now(UTC)).year}
    drawn = st.dataframe(
        rows,
        hide_index=True,
        key=key,
        on_select="rerun" if choose else "ignore",
        selection_mode="multi-row",
        height=min(35 * (len(rows) + 1) + 3, 640),
        column_order=[name for name in rows[0] if choose or name != "Name"],
        column_config={
            OPEN: st.column_config.ButtonColumn(
                "",
                width=55,
                type="tertiary",
                key=f"open {key}",
                on_click=_open,
                args=(f"open {key}", numbers, opened),
                pinned=True,
            ),
            "Time": st.column_config.DatetimeColumn(
                format="MMM D, HH:mm:ss" if this_year else "MMM D, YYYY, HH:mm:ss",
                width=115 if this_year else 150,
            ),
            "Name": st.column_config.TextColumn(width=110),
            "Status": badges.column(width=105),
            "What": st.column_config.TextColumn(width=135),
            "What happened": st.column_config.TextColumn(
                width=520, help="A double click on a cell shows all of it; Open shows the whole entry."
            ),
            "Run": st.column_config.NumberColumn(width=70, format="%d"),
        },
    )
    return (
        [entries[row] for row in cast(DataframeState, drawn)["selection"]["rows"] if row < len(entries)]
        if choose
        else []
    )


def _row(entry: Entry, called: RecordNames) -> dict[str, Any]:
    """What is shown of an entry. The table's own download writes cells as they stand: a formula must be none
    here already."""
    return {
        OPEN: "Open",
        "Status": badges.cell(entry["status"]),
        "Name": csv_export.escape(called.name(entry)),
        "Time": local(entry["time"]).replace(tzinfo=None),
        "What": flow_label(entry),
        "What happened": csv_export.escape(called.summary(entry)),
        "Run": entry["run"],
    }


def _open(key: str, numbers: Sequence[int], opened: Callable[[int], None]) -> None:
    row = st.session_state[key]["row"]
    if row < len(numbers):
        opened(numbers[row])
