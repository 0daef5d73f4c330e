"""Approve and Reject, for a run that waits."""

import streamlit as st

from dashboard.shared import pending_requests, session
from dashboard.shared.runs import live_run
from syncer.core.permissions import Action
from syncer.journal.approvals import COUNTING
from syncer.journal.run_state import Trigger
from syncer.journal.runs import Run


def draw(run: Run) -> None:
    """Draw both buttons with what they mean. Only administrators can press them."""
    allowed = session.application().person.may(Action.APPROVE)
    disabled = not allowed or pending_requests.pending(live_run.REQUEST)
    pending_requests.draw_failure("reject")
    with st.container(border=True):
        st.markdown(
            "**Approve**: the run goes on and writes exactly what is counted below, with these settings"
            f" (version {run.version}), within the next 24 hours. What is changed until then, or comes on"
            " top, asks again where it is too much. "
            f" \n**Reject**: the run ends and nothing of this is written. {_after_rejection(run)}"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Approve",
                type="primary",
                icon=":material/check:",
                key="approve",
                on_click=_approve,
                args=(run,),
                disabled=disabled,
            )
            st.button(
                "Reject",
                icon=":material/close:",
                key="reject",
                on_click=_reject,
                args=(run.id,),
                disabled=disabled,
            )
            if not allowed:
                st.caption("Only an administrator can approve or reject a run. Ask one to look at this page.")


def _after_rejection(run: Run) -> str:
    if run.trigger == Trigger.UNDO:
        return "Everything stays as it is now."
    return (
        "Its records stay due, and the schedule pauses until a setting is changed or somebody chooses Sync"
        " now."
    )


def _approve(run: Run) -> None:
    # As it was drawn: a scheduled run may have counted again since.
    counting = (run.numbers or {}).get(COUNTING)
    pending_requests.submit(live_run.REQUEST, lambda: session.worker_client().approve(run.id, counting))


def _reject(run_id: int) -> None:
    pending_requests.attempt("reject", lambda: session.worker_client().reject(run_id))
