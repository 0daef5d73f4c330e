"""What was asked of the worker and is not answered yet: kept by its ticket in the page's session, asked for again while it is being done."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard import here
from syncer.requests import Answer

LOOK_EVERY = 2.0
"""Seconds between two looks for an answer."""


def remember(name: str, ticket: str) -> None:
    """Keep the ticket of what was asked under ``name``; what was asked before under it is forgotten."""
    st.session_state[f"ticket {name}"], st.session_state[f"answer {name}"] = ticket, None


def answer(name: str) -> Answer | None:
    """What came of what was asked under ``name``; None where nothing was, or it is being done."""
    found: Answer | None = st.session_state.get(f"answer {name}")
    return found


def pending(name: str) -> bool:
    """Whether something was asked under ``name`` and is not answered."""
    return bool(st.session_state.get(f"ticket {name}")) and answer(name) is None


def forget(name: str) -> None:
    """Forget what was asked under ``name``."""
    for what in ("ticket", "answer"):
        st.session_state.pop(f"{what} {name}", None)


@st.fragment(run_every=LOOK_EVERY)
def wait(name: str, sentence: str) -> None:
    """Draw that it is being done; once it is answered, the whole page is drawn again."""
    try:
        found = here.desk().answer(st.session_state[f"ticket {name}"])
    except SQLAlchemyError:
        found = None  # asked again at the next look
    if found is None:
        with st.spinner(sentence):
            return
    st.session_state[f"answer {name}"] = found
    st.rerun()
