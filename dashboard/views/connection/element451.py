"""The card of the connection to Element451."""

import streamlit as st

from dashboard.shared import notices, session, times
from dashboard.views.connection import card
from syncer.connections.connection_store import ConnectionView
from syncer.core.records import System

_URL, _TOKEN, _KEY = "element451 url", "element451 token", "element451 key"


def draw(view: ConnectionView | None) -> None:
    """Draw the state of the connection and what it leads to; for people who may connect, the form."""
    card.draw_header(System.ELEMENT451, view)
    connected = view is not None and view.usable
    if view and connected:
        fields = f"{view.account.get('fields', 'not known yet')} when connected"
        card.draw_facts(
            [("API URL", view.address), ("Fields", fields), ("Connected", times.when(view.connected_at))]
        )
        card.draw_buttons(System.ELEMENT451)
    else:
        st.write(
            "Enter what Element451 gave your school for its API. It is tried at once, and kept only if it"
            " works."
        )
    if card.may_connect_or_hint():
        with st.expander("Connect anew", icon=":material/edit:") if connected else st.container():
            _draw_form(view)


def _draw_form(view: ConnectionView | None) -> None:
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
    url, token, api_key = card.typed(_URL), card.take_secret(_TOKEN), card.take_secret(_KEY)
    connections = session.application().connections
    before = connections.view(System.ELEMENT451)
    after_failure = "Element451 stays connected as it was." if before and before.usable else ""

    def connect() -> str:
        view = connections.connect_element451(url, token, api_key)
        return f"Element451 is connected. It knows {view.account['fields']} fields."

    notices.attempt(System.ELEMENT451, connect, after_failure)
