"""Sync Preferences: what the sync does, with whom, how often, and how careful it is."""

from functools import partial

import streamlit as st

from dashboard import navigation
from dashboard.shared import change_review, notices, session, unsaved
from dashboard.shared.catalogue import known_fields
from dashboard.views.preferences import sections, state
from dashboard.views.preferences.fields import Fields
from syncer.configuration.acceptance import Edited
from syncer.core.permissions import Action
from syncer.core.text import counted


def view() -> None:
    """Draw the page."""
    person = session.application().person
    st.title("Sync Preferences")
    st.caption(
        "What the sync does with records, how often, and how careful it is. Which fields it carries is set in"
        " Mappings."
    )
    with st.bottom.container():  # in sight wherever on the page somebody is
        notices.show(state.PLACE)
    version, document = state.begin()
    if not person.may(Action.CONFIGURE):
        st.info("Your role may look at the preferences, not change them.", icon=":material/visibility:")
    elif not version:
        st.info(
            "Nothing is saved yet: these are the defaults. Change what does not suit you, then save; or use"
            " them as they are."
        )
    known, fields = known_fields(document), Fields(person.may(Action.CONFIGURE))
    sections.conversations(fields, known)
    sections.contacts(fields, known, document)
    sections.schedule(fields, person.may(Action.GUARD))
    bar(state.end(version, document, fields.values))


def bar(draft: state.Draft) -> None:
    """What is changed and not saved, always in sight; where nothing ever was saved, the way to begin with
    what is there."""
    unsaved.note(navigation.PREFERENCES, "Sync Preferences", len(draft.chosen))
    if not draft.chosen:
        if draft.version:
            state.draw_keep()
            st.page_link(navigation.VERSIONS, label="History of versions", icon=":material/history:")
        elif session.application().person.may(Action.CONFIGURE):
            st.bottom.button(
                "Use these defaults", icon=":material/check:", on_click=state.save, args=(draft,)
            )
        return
    names = ", ".join(state.word(*path).label for path in draft.chosen)
    with st.bottom.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{counted(len(draft.chosen), 'change')} not saved**  \n:small[:gray[{names}]]")
        st.button("Review and save", type="primary", on_click=state.review, args=(draft,))
        st.button("Discard", on_click=state.discard)
    if state.is_reviewed(draft):
        review(draft)


@st.dialog("Save these preferences?", width="medium", on_dismiss=state.look_away)
def review(draft: state.Draft) -> None:
    """What the change comes to, before it is saved."""
    if not state.is_reviewed(draft):
        st.rerun()  # a button below closed it, and a dialog draws only itself again
    if draft.overtaken:
        change_review.draw_overtaken()
    valid = change_review.draw(draft.document, draft.edited)
    refused = change_review.is_refused(draft.document, draft.edited, Edited.PREFERENCES)
    if not valid and not refused:
        st.caption("You can save all the same, and correct it in Mappings.")
    change_review.draw_ways_on(
        "Save", "save preferences", refused, partial(state.save, draft), state.look_away
    )


view()
