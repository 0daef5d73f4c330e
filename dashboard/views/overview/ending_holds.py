"""The holds that end within a week: what they keep as it is may be overwritten then."""

from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.shared import session, times
from dashboard.shared.markdown import plain
from dashboard.shared.record_names import RecordNames
from dashboard.shared.students import student_links
from syncer.configuration.document import Document


def draw(ending: dict[str, Any], document: Document) -> None:
    """Draw them (`holds.ending_soon`), the first one first; nothing where none ends."""
    if not ending["holds"]:
        return
    st.subheader("Holds that end soon", anchor=False)
    records = [one["record"] for one in ending["holds"] if one["record"]]
    names = RecordNames(session.application().database, document, records)
    with st.container(border=True, gap="xsmall"):
        for one in ending["holds"]:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                if one["record"]:
                    student_links.draw(names.name(one["record"]), one["record"])
                st.markdown(_sentence(one), width="content")
        if ending["more"]:
            st.caption(f"and {ending['more']:,} more within the week.")


def _sentence(one: dict[str, Any]) -> str:
    until: datetime = one["until"]
    what = plain(one["field"]) if one["field"] else "everything"
    return f"{what} · held by {plain(one['by'])} until {times.when(until)} ({times.ago(until)})"
