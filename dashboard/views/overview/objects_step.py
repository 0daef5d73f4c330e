"""The step in which a new school says where contacts and conversations are in Salesforce."""

from functools import partial

import streamlit as st

from dashboard.shared import notices, session
from dashboard.shared.catalogue import known_fields
from syncer.application.decisions import set_up
from syncer.configuration.config_file import default_document
from syncer.core.permissions import Action

_PLACE = "objects"
_NONE = "None: conversations are not synced"


def draw() -> None:
    """Draw both choices, with the customary objects chosen where they exist."""
    document = default_document()
    labels = dict(known_fields(document).objects)
    notices.show(_PLACE)
    if not labels:
        st.caption("The objects can be chosen once Salesforce is connected.")
        return
    names = sorted(labels, key=lambda name: (labels[name].casefold(), name))
    shown = partial(_object, labels=labels)
    usual = document["preferences"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        contacts = st.selectbox(
            "Contacts are records of",
            names,
            names.index(usual["contact_entity"]) if usual["contact_entity"] in labels else 0,
            format_func=shown,
            key="contacts object",
        )
        conversations = st.selectbox(
            "Conversations become records of",
            [_NONE, *names],
            [_NONE, *names].index(usual["conversation_entity"])
            if usual["conversation_entity"] in labels
            else 0,
            format_func=shown,
            key="conversations object",
        )
        st.button(
            "Use these",
            type="primary",
            key="use objects",
            on_click=_choose,
            args=(contacts, None if conversations == _NONE else conversations),
            disabled=not session.application().person.may(Action.CONFIGURE),
        )
    if conversations == _NONE:
        st.caption(
            "A custom object for conversations is made by: python -m syncer setup package. Without one, every"
            " contact is exported; Sync Preferences has more choices."
        )


def _object(name: str, labels: dict[str, str]) -> str:
    return name if labels.get(name, name) == name else f"{labels[name]} ({name})"


def _choose(contacts: str, conversations: str | None) -> None:
    def choose() -> None:
        set_up.choose_objects(session.application(), contacts, conversations)

    notices.attempt(_PLACE, choose)
