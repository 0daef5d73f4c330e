"""Pairs of fields that look as if they belonged together, to be added or dismissed one by one."""

import streamlit as st

from dashboard.shared import session
from dashboard.shared.markdown import plain
from dashboard.views.mappings import state
from dashboard.views.mappings.labels import arrow
from dashboard.views.mappings.state import MappingsPage
from syncer.configuration.compilation import to_preferences
from syncer.configuration.document import FieldKeys
from syncer.configuration.editor import edits
from syncer.configuration.editor.dismissed_suggestions import bring_back, dismiss, dismissed
from syncer.configuration.editor.suggestions import Suggestion, suggest_mappings
from syncer.core.permissions import Action
from syncer.core.records import Kind, System
from syncer.core.text import counted

AT_ONCE = 8
"""Suggestions that are shown together."""


def draw(page: MappingsPage) -> None:
    """The likeliest suggestions; nothing where there are none, or for somebody who may not add any."""
    application = session.application()
    if not application.person.may(Action.CONFIGURE):
        return
    unwanted = dismissed(application.database, page.kind)
    ours, theirs = (page.known.fields(system, page.document, page.kind).values() for system in System)
    found = suggest_mappings(
        ours, theirs, page.kind, page.taken, to_preferences(page.document).creates_in, unwanted
    )
    if not found and not unwanted:
        return
    with st.expander(
        f"{counted(len(found), 'suggestion')}: fields with like names that are not mapped yet",
        expanded=len(page.taken) <= 2 and bool(found),
    ):
        for suggestion in found[:AT_ONCE]:
            _suggestion(page, suggestion)
        if len(found) > AT_ONCE:
            st.caption(f"{len(found) - AT_ONCE} more follow as these are added or dismissed.")
        if unwanted:
            st.button(
                f"Show the {len(unwanted)} dismissed again",
                type="tertiary",
                on_click=_bring_back,
                args=(page.kind,),
            )


def _suggestion(page: MappingsPage, one: Suggestion) -> None:
    words, acts = st.columns([10, 2.4], vertical_alignment="center")
    words.markdown(_words(one))
    with acts.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
        name = " ".join(one.fields)
        row = edits.mapping_row(*one.fields, one.owner, one.values)
        st.button(
            "Add",
            key=f"accept {name}",
            icon=":material/add:",
            type="tertiary",
            on_click=state.open_mapping,
            args=(page, None, row),
        )
        st.button(
            "Dismiss",
            key=f"dismiss {name}",
            icon=":material/close:",
            type="tertiary",
            on_click=_dismiss,
            args=(page.kind, one.fields),
        )


def _words(one: Suggestion) -> str:
    """Both labels with the way that values would go; then the keys, the owner and the value map."""
    more = [
        f"Canonical System: {one.owner.label}",
        *([f"value map: {len(one.values)}"] if one.values else []),
    ]
    details = " · ".join([plain(one.element451.key), plain(one.salesforce.key), *more])
    return (
        f"**{plain(one.element451.label)}** {arrow(one.owner)} **{plain(one.salesforce.label)}** "
        f" \n:small[:gray[{details}]]"
    )


def _dismiss(kind: Kind, fields: FieldKeys) -> None:
    dismiss(session.application().database, session.application().person, kind, fields)


def _bring_back(kind: Kind) -> None:
    bring_back(session.application().database, session.application().person, kind)
