"""A run's counts by direction and status, as a small table with the statuses' own colours."""

import streamlit as st

from dashboard.parts import status
from dashboard.parts.run_words import DIRECTIONS
from syncer.runs import Run


def draw(run: Run) -> None:
    """The counts of ``run``; only the statuses and directions that there are any of."""
    shown = [name for name in status.RECORD if any(counts.get(name) for counts in run.counts.values())]
    if not shown:
        st.caption(_nothing(run.state))
        return
    rows = [
        {"": words} | {status.words(name): f"{times:,}" if (times := run.counts[key].get(name, 0)) else ":gray[–]" for name in shown}
        for key, words in DIRECTIONS.items()
        if any(run.counts.get(key, {}).values())
    ]
    st.table(rows, border="horizontal", hide_index=True)


def _nothing(state: str) -> str:
    if state == "done":
        return "Nothing was due: both systems agreed already."
    return "No record was done yet." if state in ("running", "waiting") else "No record was done."
