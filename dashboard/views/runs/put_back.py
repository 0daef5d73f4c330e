"""Put back: what a run overwrote gets what was there before, once somebody has looked at it (rule 21)."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from dashboard.shared import pending_requests, session
from dashboard.shared.runs import live_run, piles
from syncer.core.permissions import Action
from syncer.journal.run_state import OPEN_STATES, WRITING_RUNS
from syncer.journal.runs import PILES, Run

_HELP = (
    "Counts which values still hold what this run wrote, and waits: nothing is written before somebody"
    " approves the run that this makes. What was changed since is left, and nobody is deleted."
)


def draw(run: Run) -> None:
    """Draw what an undo came to, and for a run that wrote something the button."""
    if counted := (run.numbers or {}).get(PILES):
        st.markdown(piles.sentence(counted))
    if run.trigger not in WRITING_RUNS or run.state in OPEN_STATES or not run.wrote:
        return
    allowed = session.application().person.may(Action.UNDO)
    st.button(
        "Put back",
        icon=":material/undo:",
        key="put back",
        help=_HELP if allowed else "Only an analyst or an administrator can ask for this.",
        on_click=_ask,
        args=(run.id,),
        disabled=not allowed or pending_requests.pending(live_run.REQUEST),
    )
    days = session.application().settings.log_retention_days
    last = run.started_at + timedelta(days=days)
    if last > datetime.now(UTC):
        st.caption(
            f"It can be put back until {last:%Y-%m-%d}: entries are kept for {days} days and then deleted."
        )
    else:
        st.caption(
            f"It is older than the log, which keeps entries for {days} days: not to be put back whole."
        )


def _ask(run: int) -> None:
    pending_requests.submit(live_run.REQUEST, lambda: session.worker_client().undo(run))
