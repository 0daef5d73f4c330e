"""Sync now, and reading everything again: the buttons, and why they cannot be used where they cannot."""

import streamlit as st

from dashboard.shared import pending_requests, session
from dashboard.shared.runs import live_run
from syncer.core.permissions import Act


def draw(*, ready: bool, busy: bool) -> None:
    """``ready``: both systems are connected and fields mapped; ``busy``: a run goes on."""
    busy = busy or pending_requests.pending(live_run.REQUEST)
    why = (
        None
        if session.application().person.may(Act.SYNC)
        else "Only an analyst or an administrator can start a run."
    )
    why = (
        why
        or (None if ready else "Connect both systems and map fields first.")
        or ("A run is going on." if busy else None)
    )
    st.button(
        "Sync now",
        type="primary",
        icon=":material/sync:",
        on_click=_sync,
        disabled=bool(why),
        help=why,
        key="sync now",
    )
    with st.popover("More", icon=":material/more_horiz:"):
        _everything(possible=ready and not busy)


def _everything(*, possible: bool) -> None:
    may = session.application().person.may(Act.BACKFILL)
    st.markdown("**Read everything again**")
    st.caption(
        "Reads every record of both systems, as the first sync did, and puts right what single changes"
        " missed. It takes as long and as many of Salesforce's daily calls as the first sync; it writes only"
        " what differs, and asks first where that is much."
    )
    sure = st.checkbox("I know that this may take hours.", key="sure", disabled=not may)
    st.button(
        "Read everything again", on_click=_backfill, disabled=not (may and sure and possible), key="backfill"
    )
    if not may:
        st.caption("Only an administrator can do this.")


def _sync() -> None:
    pending_requests.submit(live_run.REQUEST, lambda: session.worker_client().sync_now())


def _backfill() -> None:
    st.session_state["sure"] = False
    pending_requests.submit(live_run.REQUEST, lambda: session.worker_client().backfill())
