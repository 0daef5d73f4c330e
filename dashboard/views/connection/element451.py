"""The connection to Element451."""

import streamlit as st

from dashboard.shared import notices, session, times
from dashboard.views.connection import card
from syncer.connections.connections import ConnectionView
from syncer.core.records import System

_URL, _TOKEN, _KEY = "element451 url", "element451 token", "element451 key"


def draw(view: ConnectionView | None) -> None:
    """The state and what it leads to; the form for whoever may connect."""
    card.head(System.ELEMENT451, view)
    usable = view is not None and view.usable
    if view and usable:
        fields = f"{view.account.get('fields', 'not known yet')} when connected"
        card.facts(
            [("API URL", view.address), ("Fields", fields), ("Connected", times.when(view.connected_at))]
        )
        card.acts(System.ELEMENT451)
    else:
        st.write(
            "Enter what Element451 gave your school for its API. It is tried at once, and kept only if it"
            " works."
        )
    if card.only_administrators():
        with st.expander("Connect anew", icon=":material/edit:") if usable else st.container():
            _form(view)


def _form(view: ConnectionView | None) -> None:
    with st.form("element451", border=False):
        st.text_input(
            "API URL",
            value=view.address if view else "",
            key=_URL,
            placeholder="https://your-school.api.451.io/v2",
        )
        st.text_input("Feature token", key=_TOKEN, type="password", autocomplete="new-password")
        st.text_input(
            "API key",
            key=_KEY,
            type="password",
            autocomplete="new-password",
            placeholder="only if Element451 gave you one",
        )
        st.form_submit_button("Connect", on_click=_connect, type="primary", key="connect element451")


def _connect() -> None:
    url, token, key = str(st.session_state.get(_URL) or ""), card.take(_TOKEN), card.take(_KEY)

    connections = session.application().connections
    before = connections.view(System.ELEMENT451)

    def act() -> str:
        view = connections.connect_element451(url, token, key)
        return f"Element451 is connected. It knows {view.account['fields']} fields."

    notices.attempt(
        System.ELEMENT451, act, "Element451 stays connected as it was." if before and before.usable else ""
    )
