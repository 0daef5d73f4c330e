"""What is edited and not saved, always in sight; and the one review of all of it before it is saved."""

from functools import partial

import streamlit as st

from dashboard import navigation
from dashboard.shared import change_review, session, unsaved
from dashboard.shared.markdown import plain
from dashboard.views.mappings import drafting
from dashboard.views.mappings.state import MappingsPage
from syncer.configuration.acceptance import Edited
from syncer.configuration.editor.draft import MappingDraft
from syncer.core.permissions import Action
from syncer.core.records import System
from syncer.core.text import counted

_NAMED = 6


def draw(page: MappingsPage) -> None:
    """Draw the bar of what is not saved; where nothing ever was saved, the way to begin with what is
    there."""
    if not session.application().person.may(Action.CONFIGURE):
        return
    unsaved.note(navigation.MAPPINGS, "Mappings", len(page.draft.edits))
    if not page.draft.edits:
        if not page.version:
            st.bottom.button(
                "Save these mappings", icon=":material/check:", on_click=drafting.save, args=(page.draft,)
            )
        return
    with st.bottom.container(horizontal=True, vertical_alignment="center"):
        edits = page.draft.edits
        st.markdown(f"**{counted(len(edits), 'change')} not saved**  \n:small[{_names(page)}]")
        st.button("Review and save", type="primary", on_click=drafting.review)
        with st.popover("Discard"):
            st.markdown(f"Forget {counted(len(edits), 'change')} that nobody saved?")
            st.button("Yes, discard", on_click=drafting.discard)
    if drafting.is_reviewed():
        _review(page.draft)


def _names(page: MappingsPage) -> str:
    edits = page.draft.edits
    name = change_review.field_names(page.draft.base, page.draft.edited)
    named = [plain(name(edit.kind, System.SALESFORCE, edit.fields[1]), 40) for edit in edits[:_NAMED]]
    more = f" and {len(edits) - _NAMED} more" if len(edits) > _NAMED else ""
    return ", ".join(named) + more


@st.dialog("Save these mappings?", width="medium", on_dismiss=drafting.look_away)
def _review(draft: MappingDraft) -> None:
    if not drafting.is_reviewed():
        st.rerun()  # a button below closed it, and a dialog draws only itself again
    _overtaken(draft)
    change_review.draw(draft.base, draft.edited)
    removed = [edit for edit in draft.edits if edit.what == "removed"]
    if removed:
        st.caption(
            "What is removed is no longer kept in step. The values stay as they are in both systems; nothing"
            " is emptied."
        )
    change_review.draw_ways_on(
        f"Save {counted(len(draft.edits), 'change')}",
        "save mappings",
        change_review.is_refused(draft.base, draft.edited, Edited.MAPPINGS),
        partial(drafting.save, draft),
        drafting.look_away,
    )


def _overtaken(draft: MappingDraft) -> None:
    overlaps = drafting.overlaps()
    if overlaps is None:
        return
    both = ", ".join(plain(slug or name) for slug, name in overlaps)
    change_review.draw_overtaken(f" You both changed {both}: yours would replace theirs." if both else "")
