"""The sign-ins at Salesforce that came back from another browser than they were begun in: an administrator
says whether they may count."""

from collections.abc import Callable

import streamlit as st

from dashboard.shared import notices, session
from dashboard.shared.markdown import plain
from syncer.connections.sign_ins import UnconfirmedSignIn
from syncer.core.records import System


def draw() -> None:
    """Draw each sign-in that waits, with what it would connect. For people who may connect."""
    for waiting in session.application().connections.unconfirmed_sign_ins():
        with st.container(border=True):
            st.warning(
                f"Somebody signed in as user **{plain(waiting.username)}** of organization"
                f" **{plain(waiting.organization_id)}**, in another browser than the one in which"
                f" {plain(waiting.begun_by)} began. It is not in force yet. Connect it only if you know this"
                " user and whose sign-in it is."
            )
            with st.container(horizontal=True):
                key = waiting.state[:12]
                st.button("Connect this user", key=f"confirm {key}", on_click=_confirm, args=(waiting,))
                st.button("Discard", key=f"discard {key}", on_click=_discard, args=(waiting,))


def _confirm(waiting: UnconfirmedSignIn) -> None:
    def confirm() -> str:
        session.application().connections.confirm_sign_in(waiting.state)
        return "Salesforce is connected."

    _decide(confirm)


def _discard(waiting: UnconfirmedSignIn) -> None:
    def discard() -> str:
        session.application().connections.discard_sign_in(waiting.state)
        return "The sign-in was discarded, and its access given back."

    _decide(discard)


def _decide(act: Callable[[], str]) -> None:
    st.query_params.clear()
    notices.attempt(System.SALESFORCE, act)
