"""The connection to Salesforce: what it leads to, the form, and the way to Salesforce's own sign-in."""

from collections.abc import Callable

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.shared import notices, session, times
from dashboard.views.connection import card, salesforce_help
from syncer.connections.connections import ConnectionView
from syncer.connections.sign_ins import Started
from syncer.core.records import DISCONNECTED, System

_URL, _ID, _SECRET = "salesforce url", "salesforce id", "salesforce secret"
_LEAVING = "salesforce sign-in"
_LOOK_EVERY = 2.0


def draw(view: ConnectionView | None) -> None:
    """The state and what it leads to; the form, or the sign-in under way, for whoever may connect."""
    card.head(System.SALESFORCE, view)
    usable = view is not None and view.usable
    if view and usable:
        _facts(view)
        card.acts(System.SALESFORCE)
    if not card.only_administrators():
        return
    if (started := st.session_state.get(_LEAVING)) is not None:
        _under_way(started)
    elif usable:
        with st.expander("Connect anew", icon=":material/edit:"):
            _again(view)
            _form(view)
    else:
        _again(view)
        _form(view)
    salesforce_help.draw(session.application().settings.callback_url, open_at_first=view is None)


def _facts(view: ConnectionView) -> None:
    account = view.account
    names = [
        ("Organization", "organization_id"),
        ("User", "username"),
        ("Address", "instance_url"),
        ("Scopes", "scope"),
    ]
    rows: list[tuple[str, object]] = [(label, account.get(name) or "not known yet") for label, name in names]
    card.facts([*rows, ("Connected", times.when(view.connected_at))])


def _again(view: ConnectionView | None) -> None:
    if view and view.state != DISCONNECTED:
        st.button(
            "Sign in again",
            key="sign in again",
            on_click=_begin,
            args=(lambda: session.application().connections.begin_again(),),
            type="primary",
        )
        st.caption("Or enter another app of the same organization:")


def _form(view: ConnectionView | None) -> None:
    with st.form("salesforce", border=False):
        address = view.address if view else ""
        st.text_input(
            "Salesforce URL", value=address, key=_URL, placeholder="https://your-school.my.salesforce.com"
        )
        st.text_input(
            "Client ID", key=_ID, placeholder="the Consumer Key, as Salesforce calls it", autocomplete="off"
        )
        st.text_input(
            "Secret Key",
            key=_SECRET,
            type="password",
            placeholder="the Consumer Secret",
            autocomplete="new-password",
        )
        st.form_submit_button("Continue", on_click=_continue, type="primary", key="continue to salesforce")


def _continue() -> None:
    url, client, secret = (
        str(st.session_state.get(_URL) or ""),
        str(st.session_state.get(_ID) or ""),
        card.take(_SECRET),
    )
    _begin(lambda: session.application().connections.begin_salesforce(url, client, secret))


def _begin(start: Callable[[], Started]) -> None:
    def act() -> None:
        started = start()
        st.session_state[_LEAVING] = started
        leave_for(started.authorize_url)

    st.query_params.clear()  # how the sign-in before ended is no longer to be told
    notices.attempt(System.SALESFORCE, act)


@st.fragment(run_every=_LOOK_EVERY)
def _under_way(started: Started) -> None:
    """For as long as Salesforce's page is loading; and for whoever opened it in another tab, or came back
    without an answer."""
    outcome = session.application().connections.sign_in_outcome(started.state)
    if outcome is None:
        st.info(
            "Salesforce's sign-in opens in this tab. Sign in there and choose Allow; you then come back here."
        )
        with st.container(horizontal=True):
            st.link_button("It does not open", started.authorize_url, help="Open it in another tab.")
            st.button("Start over", on_click=_start_over, key="start over")
        return
    _start_over()
    if outcome:
        notices.put_error(System.SALESFORCE, outcome)
    st.rerun()


def _start_over() -> None:
    st.session_state.pop(_LEAVING, None)


def leave_for(address: str) -> None:
    """Go there, by the message with which ``st.login`` sends people to their issuer. For a callback;
    ``address`` must be one of our making."""
    context = get_script_run_ctx()
    if context:
        message = ForwardMsg()
        message.auth_redirect.url = address
        context.enqueue(message)
