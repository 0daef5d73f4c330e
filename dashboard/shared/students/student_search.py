"""The box on top of every page in which a student is looked for."""

import streamlit as st

from dashboard.shared.students import student_links

LONGEST = 200
_KEY = "find student"


def draw() -> None:
    """Draw the box. Enter opens the student, or the list of those who may be meant."""
    st.text_input(
        "Find a student",
        key=_KEY,
        max_chars=LONGEST,
        placeholder="Find a student: name, e-mail or ID",
        icon=":material/person_search:",
        label_visibility="collapsed",
        width=340,
        on_change=_search,
    )


def _search() -> None:
    text = st.session_state[_KEY].strip()
    st.session_state[_KEY] = ""
    if text:
        student_links.open_search(text)
