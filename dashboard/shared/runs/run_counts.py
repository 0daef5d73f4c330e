"""A run's counts by direction and status, each in its status's own colour and with what it means."""

import streamlit as st

from dashboard.shared import badges
from dashboard.shared.record_names import WHAT
from syncer.journal.run_state import OPEN_STATES, RunState
from syncer.journal.runs import Run


def draw(run: Run) -> None:
    """The counts of ``run``; only the statuses and directions that there are any of."""
    if not any(any(counts.values()) for counts in run.counts.values()):
        st.caption(_nothing(run.state))
        return
    for key, words in WHAT.items():
        counts = run.counts.get(key, {})
        if any(counts.values()):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(words, width=190)
                for name in badges.RECORD:
                    if counts.get(name):
                        badges.chip(name, counts[name])


def _nothing(state: RunState) -> str:
    if state == RunState.DONE:
        return "Nothing was due."
    return "No record was done yet." if state in OPEN_STATES else "No record was done."
