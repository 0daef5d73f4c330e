"""Versions: every saved state of preferences and mappings, who saved it and when; restore, export and
import."""

import streamlit as st

from dashboard import navigation
from dashboard.shared import notices, session
from dashboard.views.versions import put_back, state, transfer, undo_preview, version_list


def view() -> None:
    """Draw the page."""
    st.title("Versions")
    st.caption(
        "Every change of Sync Preferences and Mappings is kept as a version. Each run works by one of them."
        " Restoring one brings back these settings, not values of records."
    )
    with st.bottom.container():  # in sight wherever on the page somebody is
        notices.show(state.PLACE)
    put_back.draw_progress()
    now = state.in_force()
    if look := put_back.shown():
        undo_preview.draw(look, now)
        return
    if number := state.chosen():
        version_list.one(number, now)
        restoring(now)
        return
    history, files = st.tabs(["History", "Export and import"])
    with history:
        if now.version:
            version_list.draw(now)
        else:
            st.info(
                "Nothing is saved yet. The first version is made when preferences or mappings are saved, or"
                " imported."
            )
            st.page_link(navigation.PREFERENCES, label="Open Sync Preferences", icon=":material/tune:")
            st.page_link(navigation.MAPPINGS, label="Open Mappings", icon=":material/swap_horiz:")
    with files:
        transfer.draw(now)


def restoring(now: state.InForce) -> None:
    """Ask whether to restore the version, once somebody wants to."""
    number = st.session_state.get(state.RESTORING)
    document = session.application().configuration.document(number) if number else None
    if number and document and state.chosen() == str(number):
        transfer.restore(number, document, now)


view()
