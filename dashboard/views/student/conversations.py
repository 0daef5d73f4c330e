"""The conversations with a student, by subject and date."""

import streamlit as st

from dashboard.shared.times import local
from syncer.application.students import CONVERSATIONS, Student, date_of
from syncer.core.text import counted, visible
from syncer.infra import csv_export


def draw(student: Student) -> None:
    """Draw them, folded in."""
    found = student.conversations
    if not found:
        return
    st.subheader("Conversations", anchor=False)
    all_of_them = len(found) < CONVERSATIONS
    st.caption(counted(len(found), "conversation") if all_of_them else f"The newest {CONVERSATIONS}.")
    rows = [
        {
            "Subject": csv_export.escape(visible(one.subject)) or "without a subject",
            "Date": local(moment).replace(tzinfo=None) if (moment := date_of(one)) else None,
            "Conversation ID": one.element_id,
            "Salesforce ID": one.salesforce_id or "none yet",
        }
        for one in found
    ]
    date = st.column_config.DatetimeColumn(format="MMM D, YYYY, HH:mm", width=140)
    st.dataframe(
        rows,
        hide_index=True,
        key=f"conversations {student.identity}",
        column_config={"Date": date, "Subject": st.column_config.TextColumn(width=300)},
    )
