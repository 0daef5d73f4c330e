"""The card of the connection to Salesforce: what it leads to, the form, and the way to Salesforce's own
sign-in."""

from collections.abc import Callable

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import browser
from dashboard.shared import notices, session, times
from dashboard.views.connection import card, salesforce_help, unconfirmed
from syncer.connections.connection_state import ConnectionState
from syncer.connections.connection_store import ConnectionView
from syncer.connections.sign_ins import StartedSignIn
from syncer.core.records import System

_URL, _CLIENT_ID, _SECRET = "salesforce url", "salesforce id", "salesforce secret"
_SIGN_IN = "salesforce sign-in"
"""In the session: the sign-in for which the person was sent to Salesforce."""
_POLL_EVERY = 2.0


def draw(view: ConnectionView | None) -> None:
    """Draw the state of the connection and what it leads to; for people who may connect, the form, or the
    sign-in that is pending."""
    card.draw_header(System.SALESFORCE, view)
    connected = view is not None and view.usable
    if view and connected:
        _draw_facts(view)
        card.draw_buttons(System.SALESFORCE)
    if not card.may_connect_or_hint():
        return
    unconfirmed.draw()
    pending: StartedSignIn | None = st.session_state.get(_SIGN_IN)
    if pending is not None:
        _draw_pending_sign_in(pending)
    else:
        with st.expander("Connect anew", icon=":material/edit:") if connected else st.container():
            _draw_sign_in_again(view)
            _draw_form(view)
    salesforce_help.draw(session.application().settings.callback_url, expanded=view is None)


def redirect_to(url: str) -> None:
    """Send the browser to another site, with the message by which ``st.login`` does. For a callback. ``url``
    must not come from outside."""
    context = get_script_run_ctx()
    if context:
        message = ForwardMsg()
        message.auth_redirect.url = url
        context.enqueue(message)


def _draw_facts(view: ConnectionView) -> None:
    account = view.account
    card.draw_facts(
        [
            ("Organization", account.get("organization_id") or "not known yet"),
            ("User", account.get("username") or "not known yet"),
            ("Address", account.get("instance_url") or "not known yet"),
            ("Scopes", account.get("scope") or "not known yet"),
            ("Connected", times.when(view.connected_at)),
        ]
    )


def _draw_sign_in_again(view: ConnectionView | None) -> None:
    """Draw the button for whoever connected before: the app that they entered is kept."""
    if view and view.state != ConnectionState.DISCONNECTED:
        st.button("Sign in again", key="sign in again", on_click=_sign_in_again, type="primary")
        st.caption("Or enter another app of the same organization:")


def _draw_form(view: ConnectionView | None) -> None:
    with st.form("salesforce", border=False):
        st.text_input(
            "Salesforce URL",
            value=view.address if view else "",
            key=_URL,
            placeholder="https://your-school.my.salesforce.com",
        )
        st.text_input(
            "Client ID",
            key=_CLIENT_ID,
            placeholder="the Consumer Key, as Salesforce calls it",
            autocomplete="off",
        )
        st.text_input(
            "Secret Key",
            key=_SECRET,
            type="password",
            placeholder="the Consumer Secret",
            autocomplete="new-password",
        )
        st.form_submit_button("Continue", on_click=_sign_in, type="primary", key="continue to salesforce")


def _sign_in() -> None:
    url, client_id, secret = card.typed(_URL), card.typed(_CLIENT_ID), card.take_secret(_SECRET)
    _start(
        lambda: session.application().connections.begin_salesforce(
            url, client_id, secret, browser.of_this_page()
        )
    )


def _sign_in_again() -> None:
    _start(lambda: session.application().connections.begin_salesforce_again(browser.of_this_page()))


def _start(begin: Callable[[], StartedSignIn]) -> None:
    def start() -> None:
        started = begin()
        st.session_state[_SIGN_IN] = started
        redirect_to(started.authorize_url)

    st.query_params.clear()  # the outcome of the sign-in before is out of date
    notices.attempt(System.SALESFORCE, start)


@st.fragment(run_every=_POLL_EVERY)
def _draw_pending_sign_in(started: StartedSignIn) -> None:
    """Draw that the browser is leaving for Salesforce. It stays for people who opened Salesforce in another
    tab, or came back without signing in; polled until the sign-in has an outcome."""
    connections = session.application().connections
    if any(waiting.state == started.state for waiting in connections.unconfirmed_sign_ins()):
        _forget_sign_in()
        st.rerun()
    outcome = connections.sign_in_outcome(started.state)
    if outcome is None:
        st.info(
            "Salesforce's sign-in opens in this tab. Sign in there and choose Allow; you then come back here."
        )
        with st.container(horizontal=True):
            st.link_button("It does not open", started.authorize_url, help="Open it in another tab.")
            st.button("Start over", on_click=_forget_sign_in, key="start over")
        return
    _forget_sign_in()
    if outcome:
        notices.put_error(System.SALESFORCE, outcome)
    st.rerun()


def _forget_sign_in() -> None:
    st.session_state.pop(_SIGN_IN, None)
