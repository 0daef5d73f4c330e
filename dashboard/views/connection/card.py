"""What both connections are drawn with: their state, what they lead to, and the acts that both have."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from dashboard.shared import badges, notices, session, times
from dashboard.shared.markdown import plain
from syncer.connections.connections import ConnectionView
from syncer.core.permissions import Act
from syncer.core.records import DISCONNECTED, System

_GONE = {
    System.ELEMENT451: "The credentials kept here are deleted.",
    System.SALESFORCE: (
        "The access is given back to Salesforce, and the Secret Key kept here is deleted. Afterwards, only"
        " the same organization can be connected again."
    ),
}


def head(system: System, view: ConnectionView | None) -> None:
    """The system's name, the state, and what a person should know about it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(system.label, anchor=False, width="content")
        badges.badge(view.state if view else DISCONNECTED)
    if view and view.message:
        st.error(plain(view.message, longest=1000))
    if view and view.paused_until and view.paused_until > datetime.now(UTC):
        until = f"{times.when(view.paused_until)} ({times.ago(view.paused_until)})"
        st.warning(
            f"{system.label} allows no more calls for now. The sync pauses until {until} and then goes on by"
            " itself."
        )
    notices.show(system)


def facts(rows: Sequence[tuple[str, object]]) -> None:
    """What the connection leads to."""
    st.markdown("  \n".join(f":gray[{label}]&ensp;{plain(value)}" for label, value in rows))


def acts(system: System) -> None:
    """Check, and Disconnect after a question, for whoever may."""
    person = session.application().person
    with st.container(horizontal=True):
        may, name = person.may(Act.CHECK), system.value
        st.button(
            "Check now",
            key=f"check {name}",
            on_click=_check,
            args=(system,),
            disabled=not may,
            help=f"Ask {system.label} for something small.",
        )
        if not person.may(Act.DISCONNECT):
            return
        with st.popover("Disconnect…"):
            st.write(
                f"The sync stops until {system.label} is connected again. Mappings, preferences, pairs and"
                f" logs stay. {_GONE[system]}"
            )
            st.button(
                f"Disconnect {system.label}",
                key=f"disconnect {name}",
                on_click=_disconnect,
                args=(system,),
                type="primary",
            )


def only_administrators() -> bool:
    """Say so where whoever looks may not connect; gives whether they may."""
    may = session.application().person.may(Act.CONNECT)
    if not may:
        st.caption("Only an administrator can connect the systems.")
    return may


def take(key: str) -> str:
    """What was typed into a field that holds a secret, which forgets it."""
    typed = str(st.session_state.get(key) or "")
    st.session_state[key] = ""
    return typed


def _check(system: System) -> None:
    notices.attempt(system, lambda: session.application().connections.check(system))


def _disconnect(system: System) -> None:
    def act() -> str:
        session.application().connections.disconnect(system)
        return f"{system.label} is disconnected."

    notices.attempt(system, act)
