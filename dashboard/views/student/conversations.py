"""The conversations with a student, by subject and date."""

import streamlit as st

from dashboard.shared.markdown import plain
from dashboard.shared.times import when
from syncer.application.students import CONVERSATIONS, Student, date_of
from syncer.core.text import counted

_LONGEST = 100


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
            "Subject": plain(one.subject, _LONGEST) or "without a subject",
            "Date": plain(when(moment)) if (moment := date_of(one)) else "",
            "Conversation ID": plain(one.element_id or ""),
            "Salesforce ID": plain(one.salesforce_id or "none yet"),
        }
        for one in found
    ]
    st.table(rows, border="horizontal", hide_index=True)
