"""The buttons Sync now, Pause and Read everything again, and why they are disabled if they are."""

import streamlit as st

from dashboard.shared import pending_requests, session
from dashboard.shared.runs import live_run
from dashboard.views.overview import go_live
from syncer.application.overview import Schedule
from syncer.core.permissions import Action


def draw(schedule: Schedule, *, ready: bool, busy: bool) -> None:
    """Draw the buttons. ``ready``: both systems are connected and fields are mapped; ``busy``: a run is
    going on."""
    busy = busy or pending_requests.pending(live_run.REQUEST)
    blocked = _blocked_reason(ready=ready, busy=busy)
    st.button(
        "Sync now",
        type="primary",
        icon=":material/sync:",
        on_click=_sync,
        disabled=blocked is not None,
        help=blocked,
        key="sync now",
    )
    with st.popover("More", icon=":material/more_horiz:"):
        go_live.draw_pause(live=schedule.live, paused=schedule.paused is not None)
        st.divider()
        _draw_backfill(possible=ready and not busy)


def _blocked_reason(*, ready: bool, busy: bool) -> str | None:
    """Why no run can be started, as a sentence; None if one can."""
    if not session.application().person.may(Action.SYNC):
        return "Only an analyst or an administrator can start a run."
    if not ready:
        return "Connect both systems and map fields first."
    return "A run is going on." if busy else None


def _draw_backfill(*, possible: bool) -> None:
    allowed = session.application().person.may(Action.BACKFILL)
    st.markdown("**Read everything again**")
    st.caption(
        "Reads every record of both systems, as the first sync did, and puts right what single changes"
        " missed. It takes as long and as many of Salesforce's daily calls as the first sync; it writes only"
        " what differs, and asks first where that is much."
    )
    sure = st.checkbox("I know that this may take hours.", key="sure", disabled=not allowed)
    st.button(
        "Read everything again",
        on_click=_backfill,
        disabled=not (allowed and sure and possible),
        key="backfill",
    )
    if not allowed:
        st.caption("Only an administrator can do this.")


def _sync() -> None:
    pending_requests.submit(live_run.REQUEST, lambda: session.worker_client().sync_now())


def _backfill() -> None:
    st.session_state["sure"] = False
    pending_requests.submit(live_run.REQUEST, lambda: session.worker_client().backfill())
