"""The first steps of a new school: which are done, and where to take the next one."""

from typing import NamedTuple

import streamlit as st

from dashboard import navigation
from syncer.application.attention import Step


class _Text(NamedTuple):
    title: str
    explanation: str
    page: str | None


_STEPS = {
    Step.ELEMENT451: _Text(
        "Connect Element451",
        "With the address and the feature token that Element451 gave you.",
        navigation.CONNECTION,
    ),
    Step.SALESFORCE: _Text(
        "Connect Salesforce",
        "With the External Client App of your Salesforce administrator; you sign in there.",
        navigation.CONNECTION,
    ),
    Step.PREFERENCES: _Text(
        "Choose the preferences",
        "What is synced, and what the sync may change or create.",
        navigation.PREFERENCES,
    ),
    Step.MAPPINGS: _Text(
        "Map the fields",
        "Which field of Element451 belongs to which field of Salesforce, and who owns it.",
        navigation.MAPPINGS,
    ),
    Step.DRY_RUN: _Text(
        "See what would happen",
        "A preview of single records, and a dry run of everything. Nothing is written.",
        navigation.DRY_RUN,
    ),
    Step.SYNC: _Text(
        "Sync for the first time",
        (
            "With Sync now above; if it would change much at once, it asks first. From then on, it syncs by"
            " itself."
        ),
        None,
    ),
}


def draw(done: dict[Step, bool]) -> None:
    """Draw all steps; the next one to take stands out."""
    next_step = next((step for step in _STEPS if not done[step]), None)
    with st.container(border=True):
        st.subheader("First steps")
        st.progress(sum(done.values()) / len(done), text=f"{sum(done.values())} of {len(done)} done")
        for number, (step, text) in enumerate(_STEPS.items(), 1):
            with st.container(horizontal=True, vertical_alignment="center"):
                if done[step]:
                    st.markdown(f":green[:material/check_circle:] {number}. {text.title}", width="stretch")
                else:
                    _draw_open_step(number, text, is_next=step is next_step)


def _draw_open_step(number: int, text: _Text, *, is_next: bool) -> None:
    headline = f":gray[:material/circle:] {number}. {text.title}"
    if is_next:
        headline = f":blue[:material/arrow_circle_right:] {number}. **{text.title}**"
    st.markdown(f"{headline}  \n:small[:gray[{text.explanation}]]", width="stretch")
    if text.page:
        st.page_link(text.page, label="Open", icon=":material/arrow_forward:")
