"""What the cards of both connections share: the header, the facts, and the buttons."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from dashboard.shared import badges, notices, session, times
from dashboard.shared.markdown import plain
from syncer.connections.connection_state import ConnectionState
from syncer.connections.connection_store import ConnectionView
from syncer.core.permissions import Action
from syncer.core.records import System

_AFTER_DISCONNECTING = {
    System.ELEMENT451: "The credentials kept here are deleted.",
    System.SALESFORCE: (
        "The access is given back to Salesforce, and the Secret Key kept here is deleted. Afterwards, only"
        " the same organization can be connected again."
    ),
}


def draw_header(system: System, view: ConnectionView | None) -> None:
    """Draw the system's name, the state of the connection, and what a person should know about it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(system.label, anchor=False, width="content")
        badges.badge(view.state if view else ConnectionState.DISCONNECTED)
    if view and view.message:
        st.error(plain(view.message, longest=1000))
    if view and view.paused_until and view.paused_until > datetime.now(UTC):
        until = f"{times.when(view.paused_until)} ({times.ago(view.paused_until)})"
        st.warning(
            f"{system.label} allows no more calls for now. The sync pauses until {until} and then goes on by"
            " itself."
        )
    notices.show(system)


def draw_facts(facts: Sequence[tuple[str, object]]) -> None:
    """Draw what the connection leads to, as labels and values."""
    st.markdown("  \n".join(f":gray[{label}]&ensp;{plain(value)}" for label, value in facts))


def draw_buttons(system: System) -> None:
    """Draw Check now, and Disconnect behind a question for people who may disconnect."""
    person = session.application().person
    with st.container(horizontal=True):
        st.button(
            "Check now",
            key=f"check {system.value}",
            on_click=_check,
            args=(system,),
            disabled=not person.may(Action.CHECK),
            help=f"Ask {system.label} for something small.",
        )
        if not person.may(Action.DISCONNECT):
            return
        with st.popover("Disconnect…"):
            st.write(
                f"The sync stops until {system.label} is connected again. Mappings, preferences, pairs and"
                f" logs stay. {_AFTER_DISCONNECTING[system]}"
            )
            st.button(
                f"Disconnect {system.label}",
                key=f"disconnect {system.value}",
                on_click=_disconnect,
                args=(system,),
                type="primary",
            )


def may_connect_or_hint() -> bool:
    """Whether the person may connect systems. If not, a sentence that says so is drawn."""
    allowed = session.application().person.may(Action.CONNECT)
    if not allowed:
        st.caption("Only an administrator can connect the systems.")
    return allowed


def typed(key: str) -> str:
    """What was typed into a field."""
    return str(st.session_state.get(key) or "")


def take_secret(key: str) -> str:
    """What was typed into a field that holds a secret. The field is emptied."""
    secret = typed(key)
    st.session_state[key] = ""
    return secret


def _check(system: System) -> None:
    notices.attempt(system, lambda: session.application().connections.check(system))


def _disconnect(system: System) -> None:
    def disconnect() -> str:
        session.application().connections.disconnect(system)
        return f"{system.label} is disconnected."

    notices.attempt(system, disconnect)
