"""Who the student is, and how the two systems stand, on top of the page."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.shared import record_links
from dashboard.shared.markdown import plain
from syncer.application.students import Student
from syncer.core.text import counted


def draw(student: Student, account: Mapping[str, Any] | None) -> None:
    """Draw name, address, IDs and state. ``account`` is that of the Salesforce connection, for the link."""
    person = student.person
    st.title(plain(person.name or person.email or student.identity, longest=80), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _draw_state(student)
        if person.email and person.name:
            st.markdown(plain(person.email), width="content")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _draw_id("Element ID", person.element_id)
        _draw_id("Salesforce ID", person.salesforce_id)
        if url := record_links.salesforce_url(account, person.salesforce_id):
            st.link_button("Open in Salesforce", url, icon=":material/open_in_new:", type="tertiary")


def _draw_state(student: Student) -> None:
    """How the student stands, as badges with a shape and a word."""
    if student.left:
        st.badge("left the sync", icon=":material/logout:", color="orange")
    if student.failing:
        st.badge("failing now", icon=":material/error:", color="red")
    if student.holds:
        st.badge("held", icon=":material/pause_circle:", color="orange")
    if student.differing:
        st.badge(
            f"{counted(student.differing, 'field')} differ{'s' if student.differing == 1 else ''}",
            icon=":material/difference:",
            color="orange",
        )
    elif any(field["agree"] for field in student.fields):
        st.badge("all known values agree", icon=":material/check_circle:", color="green")
    if student.due:
        st.badge("goes with the next run", icon=":material/schedule:", color="blue")


def _draw_id(label: str, identity: str | None) -> None:
    st.markdown(f":gray[{label}]", width="content")
    if identity is None:
        st.markdown(":gray[none yet]", width="content")
    else:
        st.code(identity, language=None, width="content")
