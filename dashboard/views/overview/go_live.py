"""Going live, pausing the schedule, and letting it go on."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from dashboard.shared import pending_requests, session, times
from syncer.application.decisions import schedule
from syncer.core.permissions import Action
from syncer.core.text import counted

REQUEST = "schedule"
"""The name in `pending_requests` of what could not be decided."""
_HOURS = (1, 2, 4, 8, 24)


def draw() -> None:
    """Draw the button that begins the schedule."""
    st.button(
        "Go live",
        type="primary",
        icon=":material/rocket_launch:",
        key="go live",
        on_click=_decide,
        args=("go live",),
        disabled=not session.application().person.may(Action.GO_LIVE),
    )


def draw_pause(*, live: bool, paused: bool) -> None:
    """Draw the choice for how long the schedule pauses; where it is not ``live``, nothing is to be paused."""
    st.markdown("**Pause the schedule**")
    if not live:
        st.caption("It has not begun: nothing is synced by the clock yet.")
        return
    st.caption(
        "No run is started by the clock until then; what somebody asks for is done. Syncing contacts cannot"
        " be turned off, so a pause ends after 24 hours at most."
    )
    allowed = session.application().person.may(Action.PAUSE)
    hours = st.selectbox(
        "For",
        _HOURS,
        # The moment goes below: a choice whose words change with the minute is lost when it does.
        format_func=lambda number: counted(number, "hour"),
        key="pause hours",
        disabled=not allowed,
    )
    st.caption(f"Until {_end(hours)}")
    st.button(
        "Pause until then instead" if paused else "Pause",
        key="pause",
        on_click=_decide,
        args=("pause", hours),
        disabled=not allowed,
        icon=":material/pause:",
    )


def draw_resume() -> None:
    """Draw the button that ends a pause."""
    st.button(
        "Resume now",
        key="resume",
        on_click=_decide,
        args=("resume",),
        disabled=not session.application().person.may(Action.RESUME),
        icon=":material/play_arrow:",
    )


def _end(hours: int) -> str:
    return times.when(datetime.now(UTC) + timedelta(hours=hours))


def _decide(what: str, hours: int = 0) -> None:
    application = session.application()
    acts = {
        "go live": lambda: schedule.go_live(application),
        "pause": lambda: schedule.pause(application, datetime.now(UTC) + timedelta(hours=hours)),
        "resume": lambda: schedule.resume(application),
    }
    pending_requests.attempt(REQUEST, acts[what])
