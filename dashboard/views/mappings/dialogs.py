"""The dialogs of the Mappings page. While somebody works in a dialog, only the dialog is drawn again; opening
and closing it draws the whole page."""

import streamlit as st

from dashboard.shared import session
from dashboard.views.mappings import form, state
from dashboard.views.mappings.state import DialogState, MappingsPage
from syncer.configuration.document import field_keys
from syncer.core.permissions import Action


def draw(page: MappingsPage) -> None:
    """The dialog that is open, if one is."""
    dialog = state.open_dialog()
    if dialog is None or dialog.kind is not page.kind:
        return
    st.dialog(_title(dialog), width="medium", on_dismiss=state.close)(_body)(page, dialog)


def _title(dialog: DialogState) -> str:
    if dialog.what == "constant":
        return "Edit fixed value" if dialog.fields else "Add Fixed Value"
    return "Edit mapping" if dialog.fields else "Add Mapping"


def _body(page: MappingsPage, dialog: DialogState) -> None:
    if state.open_dialog() != dialog:  # a callback closed it, or changed what it begins with
        st.rerun()
    form.draw(page, dialog)


def open_from_address(page: MappingsPage) -> None:
    """Open the dialog of the mapped field that the page's address names as ``field=SLUG/API_NAME``, once."""
    slug, _, name = st.query_params.pop("field", "").partition("/")
    rows = page.document["mappings"][page.kind.value]
    row = next((row for row in rows if field_keys(row) == (slug, name)), None)
    if row is not None and session.application().person.may(Action.CONFIGURE):
        begin = state.open_mapping if slug else state.open_constant
        begin(page, (slug, name), row)
