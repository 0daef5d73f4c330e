"""The settings of the connection to Element451: where the account differs from what is assumed of it."""

from dataclasses import asdict

import streamlit as st

from dashboard.shared import notices, session
from syncer.application import doctor
from syncer.connections import element451_settings
from syncer.connectors.element451.account_settings import (
    EMPTY_CELLS,
    LARGEST,
    AccountSettings,
    BadSetting,
)
from syncer.connectors.errors import NotAllowed
from syncer.core.records import System

_KEY = "element451 setting "
_LABELS = {
    "conversations_path": "Address of the export of conversations, below the API URL",
    "conversation_id": "Slug of a conversation's ID",
    "conversation_contact": "Slug of a conversation's contact",
    "conversation_stamp": "Slug of when a conversation was last changed",
    "contact_stamp": "Slug of when a contact was last changed",
    "keep_cell": "Import keyword: an empty cell leaves the field unchanged",
    "empty_cell": "Import keyword: an empty cell empties the field",
    "read_size": "Contacts in one reading",
    "search_size": "IDs in one search",
    "import_size": "Rows in one import",
    "field_list_size": "Fields in one page of the list of fields",
}


def draw() -> None:
    """Draw the form, closed. For people who may connect."""
    in_force = asdict(element451_settings.read(session.application().database))
    with (
        st.expander("Where your Element451 account differs", icon=":material/tune:"),
        st.form("settings", border=False),
    ):
        st.caption(
            "Element451 publishes little of its API. Change these only where an assumption above was"
            " disproved, or Element451 tells you so. Mapped fields keep their usual names here."
        )
        for name, label in _LABELS.items():
            _draw_setting(name, label, in_force[name])
        st.form_submit_button("Save", on_click=_save, key="save element451 settings")


def _draw_setting(name: str, label: str, value: str | int) -> None:
    key = _KEY + name
    if name in LARGEST:
        st.number_input(label, 1, LARGEST[name], int(value), key=key)
    elif name in ("keep_cell", "empty_cell"):
        st.selectbox(label, EMPTY_CELLS, EMPTY_CELLS.index(str(value)), key=key)
    else:
        st.text_input(label, str(value), key=key)


def _save() -> None:
    def save() -> str:
        try:
            settings = AccountSettings.of({name: st.session_state[_KEY + name] for name in _LABELS})
        except BadSetting as bad:
            raise NotAllowed(System.ELEMENT451, str(bad), code="settings") from None
        application = session.application()
        application.connections.set_up_element451(settings)
        doctor.forget(application.database, System.ELEMENT451)
        return "The settings are saved. Element451 is examined again."

    notices.attempt(System.ELEMENT451, save)
