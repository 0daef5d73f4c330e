"""Approve, approve in part, and Reject, for a run that waits. The number in the button is what is written."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, pending_requests, session
from dashboard.shared.markdown import plain
from dashboard.shared.runs import change_words, live_run
from dashboard.views.runs import left_out
from syncer.application.decisions import waiting_run
from syncer.application.engine_factory import NotReady
from syncer.configuration.catalogue import Labels
from syncer.connectors.errors import Fault
from syncer.core.permissions import Action
from syncer.core.trust.leaving_out import LeaveOut
from syncer.journal.approvals import BACKFILL, COUNTING, NotWaiting
from syncer.journal.run_state import Trigger
from syncer.journal.runs import Run

_ASKED = "asked to approve in part"


def may_answer() -> bool:
    """Whether whoever looks may approve and reject."""
    return session.application().person.may(Action.APPROVE)


def is_answered_whole(run: Run) -> bool:
    """Whether nothing can be left out: an undo, or a run that asks whether it may read everything."""
    return run.trigger == Trigger.UNDO or _asks_to_read(run)


def _asks_to_read(run: Run) -> bool:
    return BACKFILL in (run.numbers or {})


def draw(run: Run, labels: Labels, out: LeaveOut) -> None:
    """Draw the buttons with what they mean. Only administrators can press them. ``out`` is what is ticked
    off."""
    allowed = may_answer()
    disabled = not allowed or pending_requests.pending(live_run.REQUEST)
    pending_requests.draw_failure("reject")
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Approve reading everything"
                if _asks_to_read(run)
                else _label(change_words.amount((run.numbers or {}).get("kinds", {}))),
                type="primary",
                icon=":material/check:",
                key="approve",
                on_click=_approve,
                args=(run,),
                disabled=disabled or bool(out),
                help="Something is ticked to be left out. Let the rest go, or leave nothing out."
                if out
                else None,
            )
            if not is_answered_whole(run):
                st.button(
                    "Leave these out and let the rest go",
                    type="primary" if out else "secondary",
                    icon=":material/rule:",
                    key="approve the rest",
                    on_click=_ask,
                    args=(run.id,),
                    disabled=disabled or not out,
                    help=None if out else "Tick something off first: a record, a kind of change or a field.",
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
        st.caption(f"{_after_approval(run)} **Reject** writes nothing of this. {_after_rejection(run)}")
    if st.session_state.get(_ASKED) == run.id and out and not disabled:
        _confirm(run, labels, out)


@st.dialog("Leave these out, and let the rest go?", on_dismiss=lambda: _close())
def _confirm(run: Run, labels: Labels, out: LeaveOut) -> None:
    """What is held, and what then is written, counted anew."""
    if st.session_state.get(_ASKED) != run.id:
        st.rerun()  # a button below closed it, and a dialog draws only itself again
    st.markdown(f"Left out, and held: **{left_out.words(out, labels)}**")
    try:
        with st.spinner("Counting what is left …"):
            rest = waiting_run.remaining(session.application(), run.id, _counting(run), out)
    except (NotReady, NotWaiting) as cannot:
        st.warning(plain(str(cannot), longest=600))
        return
    except (Fault, SQLAlchemyError) as error:
        errors.draw(error)
        return
    if not rest:
        st.info("Nothing is left to be written: all of it is held.")
    with st.container(horizontal=True):
        st.button(
            _label(change_words.amount(rest)) if rest else "Hold all of it",
            type="primary",
            icon=":material/check:",
            key="approve in part",
            on_click=_approve,
            args=(run, out),
        )
        st.button("Go back", key="go back", on_click=_close)


def _label(amount: str) -> str:
    return f"Approve {amount}".strip()


def _after_approval(run: Run) -> str:
    if _asks_to_read(run):
        return (
            "**Approve** reads everything anew, within the share of calls, over as many days as that takes."
            " What is then to be written asks again where it is too much."
        )
    return (
        f"**Approve** writes exactly what is listed above, with these settings (version {run.version}),"
        " within the next 24 hours. What is changed until then, or comes on top, asks again where it is too"
        " much."
    )


def _after_rejection(run: Run) -> str:
    if run.trigger == Trigger.UNDO:
        return "Everything stays as it is now."
    return (
        "Its records stay due, and the schedule pauses until a setting is changed or somebody chooses Sync"
        " now."
    )


def _counting(run: Run) -> int | None:
    """As it was drawn: a scheduled run may have counted again since."""
    found: int | None = (run.numbers or {}).get(COUNTING)
    return found


def _ask(run: int) -> None:
    st.session_state[_ASKED] = run


def _close() -> None:
    st.session_state.pop(_ASKED, None)


def _approve(run: Run, out: LeaveOut | None = None) -> None:
    _close()
    pending_requests.submit(
        live_run.REQUEST, lambda: session.worker_client().approve(run.id, _counting(run), out)
    )


def _reject(run_id: int) -> None:
    pending_requests.attempt("reject", lambda: session.worker_client().reject(run_id))
