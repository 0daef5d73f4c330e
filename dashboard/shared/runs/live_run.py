"""The run that is going on: drawn every two seconds while it does, and the whole page once it is over."""

import streamlit as st

from dashboard import navigation
from dashboard.shared import badges, pending_requests, session, times
from dashboard.shared.markdown import plain
from dashboard.shared.runs import progress, run_counts, run_labels
from syncer.core.permissions import Action
from syncer.infra.database.engine import reading
from syncer.journal import runs
from syncer.journal.run_state import RunState
from syncer.journal.runs import Run

REQUEST = "sync"
"""The name in `pending_requests` of the run that somebody asked for."""
_POLL_EVERY = 2.0
_IDLE_POLL_EVERY = 30.0
"""Seconds between two looks while no run is going on: a scheduled one may begin at any time."""


def draw(running: Run | None, newest: tuple[int, int, float]) -> None:
    """Draw the run that is going on, if there is one. ``newest`` is the newest run that the page has drawn
    (`runs.change_marker`): once there is a newer one, the page is drawn again."""
    if running is not None or pending_requests.pending(REQUEST):
        st.fragment(_draw_active, run_every=_POLL_EVERY)(running.id if running else None)
    else:
        st.fragment(_watch, run_every=_IDLE_POLL_EVERY)(newest)


def draw_outcome(except_states: tuple[RunState, ...] = ()) -> None:
    """Draw how the run ended that was asked for here, until something else is asked for. Of a run in one of
    ``except_states`` the page itself says more."""
    pending_requests.draw_failure("cancel")
    answer = pending_requests.answer(REQUEST)
    run = runs.find(session.application().database, answer.run) if answer and answer.run else None
    if run is None:
        pending_requests.draw_failure(REQUEST)
    elif run.state not in except_states:
        _draw_outcome(run)


def _draw_active(drawn_run: int | None) -> None:
    running = runs.in_progress(reading(session.application().database))
    pending = pending_requests.pending(REQUEST)
    answered = pending and pending_requests.poll(REQUEST)
    if answered or (running.id if running else None) != drawn_run:
        st.rerun()
    if running:
        _draw_run(running)
    elif pending:
        pending_requests.draw_pending(REQUEST, "The run begins in a moment.")


def _watch(newest: tuple[int, int, float]) -> None:
    if runs.change_marker(reading(session.application().database)) != newest:
        st.rerun()


def _draw_run(run: Run) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            badges.run_badge(RunState.RUNNING)
            trigger = plain(run_labels.trigger(run.trigger))
            st.markdown(f"**Run {run.id}** · {trigger} · began {times.ago(run.started_at)}")
            st.space("stretch")
            _draw_cancel(run)
        parts = [progress.phase(run.progress), progress.position(run.progress)]
        text = " · ".join(plain(part) for part in parts if part)
        st.progress(progress.fraction(run.progress) or 0.0, text=text)
        if run.cancelled_by:
            st.caption(
                f"{plain(run.cancelled_by)} asked it to stop. It stops after the records in hand; the rest"
                " stays due."
            )
        if any(any(counts.values()) for counts in run.counts.values()):
            run_counts.draw(run)


def _draw_cancel(run: Run) -> None:
    allowed = session.application().person.may(Action.CANCEL)
    st.button(
        "Stopping…" if run.cancelled_by else "Cancel",
        icon=":material/stop_circle:",
        key="cancel",
        on_click=_cancel,
        args=(run.id,),
        disabled=bool(run.cancelled_by) or not allowed,
        help=None if allowed else "Only an analyst or an administrator can cancel a run.",
    )


def _cancel(run_id: int) -> None:
    pending_requests.attempt("cancel", lambda: session.worker_client().cancel(run_id))


def _draw_outcome(run: Run) -> None:
    boxes = {RunState.DONE: st.success, RunState.FAILED: st.error, RunState.WAITING: st.warning}
    box = boxes.get(run.state, st.info)
    with st.container(horizontal=True, vertical_alignment="center"):
        box(run_labels.outcome(run))
        st.page_link(
            navigation.RUNS,
            label=f"Run {run.id}",
            icon=":material/arrow_forward:",
            query_params={"run": str(run.id)},
        )
