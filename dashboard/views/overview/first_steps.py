"""The first steps of a new school: which are done, and the next one to take, here or on its page."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import streamlit as st

from dashboard import navigation
from dashboard.views.overview import go_live, objects_step, verdict_step
from syncer.application.decisions.set_up import Step


class _Text(NamedTuple):
    title: str
    explanation: str
    page: str | None = None


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
    Step.EXAMINED: _Text("Read what was found out about both systems", ""),
    Step.OBJECTS: _Text(
        "Choose the objects in Salesforce", "Where contacts are, and where conversations go."
    ),
    Step.MAPPINGS: _Text(
        "Map the fields",
        "Which field of Element451 belongs to which field of Salesforce, and who owns it.",
        navigation.MAPPINGS,
    ),
    Step.PREFERENCES: _Text(
        "Choose the preferences", "What the sync may change and create, and for whom.", navigation.PREFERENCES
    ),
    Step.FORECAST: _Text(
        "See what would happen",
        "A dry run of everything, or a preview of single people. Nothing is written.",
        navigation.DRY_RUN,
    ),
    Step.SYNC: _Text(
        "Sync for the first time", "With Sync now above. If it would change much at once, it asks first."
    ),
    Step.LIVE: _Text(
        "Go live", "From then on changes are carried over by the clock. Until then, only what you ask for is."
    ),
}
_IN_PLACE: Mapping[Step, Callable[[], None]] = {Step.OBJECTS: objects_step.draw, Step.LIVE: go_live.draw}
"""The steps that are taken on this very page."""


def draw(done: dict[Step, bool]) -> None:
    """Draw all steps; the next one to take stands out."""
    next_step = next((step for step in _STEPS if not done[step] and step is not Step.EXAMINED), None)
    connected = done[Step.ELEMENT451] and done[Step.SALESFORCE]
    with st.container(border=True, gap="xsmall"):
        st.subheader("First steps", anchor=False)
        st.progress(sum(done.values()) / len(done), text=f"{sum(done.values())} of {len(done)} done")
        for number, (step, text) in enumerate(_STEPS.items(), 1):
            if step is Step.EXAMINED and connected:
                verdict_step.draw(number, text.title, done=done[step])
            elif done[step]:
                st.markdown(f":green[:material/check_circle:] {number}. {text.title}")
            else:
                _draw_open_step(number, step, is_next=step is next_step)


def _draw_open_step(number: int, step: Step, *, is_next: bool) -> None:
    text = _STEPS[step]
    if not is_next:
        st.markdown(f":gray[:material/circle: {number}. {text.title}]")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":blue[:material/arrow_circle_right:] {number}. **{text.title}**"
            f"  \n:small[:gray[{text.explanation}]]",
            width="stretch",
        )
        if text.page:
            st.page_link(text.page, label="Open", icon=":material/arrow_forward:")
    if step in _IN_PLACE:
        _IN_PLACE[step]()
