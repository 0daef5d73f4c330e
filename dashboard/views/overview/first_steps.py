"""The steps that a new school takes, each done or not, with the page where it is taken."""

import streamlit as st

from dashboard import navigation
from syncer.application.attention import Step

STEPS = {
    Step.ELEMENT451: (
        "Connect Element451",
        "With the address and the feature token that Element451 gave you.",
        navigation.CONNECTION,
    ),
    Step.SALESFORCE: (
        "Connect Salesforce",
        "With the External Client App of your Salesforce administrator; you sign in there.",
        navigation.CONNECTION,
    ),
    Step.PREFERENCES: (
        "Choose the preferences",
        "What is synced, and what the sync may change or create.",
        navigation.PREFERENCES,
    ),
    Step.MAPPINGS: (
        "Map the fields",
        "Which field of Element451 belongs to which field of Salesforce, and who owns it.",
        navigation.MAPPINGS,
    ),
    Step.DRY_RUN: (
        "See what would happen",
        "A preview of single records, and a dry run of everything. Nothing is written.",
        navigation.DRY_RUN,
    ),
    Step.SYNC: (
        "Sync for the first time",
        (
            "With Sync now above; if it would change much at once, it asks first. From then on, it syncs by"
            " itself."
        ),
        None,
    ),
}


def draw(done: dict[Step, bool]) -> None:
    """All steps; the next one to take stands out."""
    following = next((step for step in STEPS if not done[step]), None)
    with st.container(border=True):
        st.subheader("First steps")
        st.progress(sum(done.values()) / len(done), text=f"{sum(done.values())} of {len(done)} done")
        for number, (step, (title, why, page)) in enumerate(STEPS.items(), 1):
            _step(number, title, why, page, done[step], step is following)


def _step(number: int, title: str, why: str, page: str | None, done: bool, following: bool) -> None:
    sign = (
        ":green[:material/check_circle:]"
        if done
        else ":blue[:material/arrow_circle_right:]"
        if following
        else ":gray[:material/circle:]"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        words = f"{sign} {number}. {f'**{title}**' if following else title}"
        st.markdown(words if done else f"{words}  \n:small[:gray[{why}]]", width="stretch")
        if page and not done:
            st.page_link(page, label="Open", icon=":material/arrow_forward:")
