"""The counts of a run by flow and status, as badges."""

import streamlit as st

from dashboard.shared import badges
from dashboard.shared.flow_labels import FLOW_LABELS
from syncer.journal.run_state import OPEN_STATES, RunState
from syncer.journal.runs import Run


def draw(run: Run) -> None:
    """Draw the counts that are not zero; without any, a sentence."""
    if not any(any(counts.values()) for counts in run.counts.values()):
        st.caption(_nothing(run.state))
        return
    for flow, label in FLOW_LABELS.items():
        counts = run.counts.get(flow, {})
        if any(counts.values()):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(label, width=190)
                for status in badges.RECORD_STATUSES:
                    if counts.get(status):
                        badges.badge(status, counts[status])


def _nothing(state: RunState) -> str:
    if state == RunState.DONE:
        return "Nothing was due."
    return "No record was done yet." if state in OPEN_STATES else "No record was done."
