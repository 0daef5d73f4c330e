"""The run that goes on, as it goes on: drawn anew every two seconds while it does, and the whole page once it
is over."""

import streamlit as st

from dashboard.shared import badges, pending_requests, session, times
from dashboard.shared.markdown import plain
from dashboard.shared.runs import run_counts, run_labels
from syncer.core.permissions import Act
from syncer.infra.database.engine import reading
from syncer.journal import runs
from syncer.journal.run_state import RunState
from syncer.journal.runs import Run

SYNC = "sync"
"""The name under which a session remembers what it asked for (`tickets`)."""
LOOK_EVERY, GLANCE_EVERY = 2.0, 30.0
"""Seconds between two looks while something moves, and while nothing does: a scheduled run may begin at any
time."""


def draw(running: Run | None, newest: tuple[int, float]) -> None:
    """What moves, or nothing while nothing does. ``newest`` is the number of the newest run that the page
    knows of."""
    moves = running is not None or pending_requests.pending(SYNC)
    st.fragment(_moving if moves else _still, run_every=LOOK_EVERY if moves else GLANCE_EVERY)(
        running.id if running else None, newest
    )


def answered(but: tuple[RunState, ...] = ()) -> None:
    """Draw what came of the run that was asked for here, until something else is asked; not where it is in
    one of the states that the page itself tells of."""
    pending_requests.refusal("cancel")
    answer = pending_requests.answer(SYNC)
    run = runs.find(session.application().engine, answer.run) if answer and answer.run else None
    if run and run.state not in but:
        run_labels.told(run)
    elif not run:
        pending_requests.refusal(SYNC)


def _moving(known: int | None, newest: tuple[int, float]) -> None:
    running = runs.under_way(reading(session.application().engine))
    waited = pending_requests.pending(SYNC)
    answered = waited and pending_requests.look(SYNC)
    if answered or (running.id if running else None) != known:
        st.rerun()
    if running:
        _draw(running)
    elif waited:
        pending_requests.draw_waiting(SYNC, "The run begins in a moment.")


def _still(known: int | None, newest: tuple[int, float]) -> None:
    if runs.newest(reading(session.application().engine)) != newest:
        st.rerun()


def _draw(run: Run) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            badges.run(RunState.RUNNING)
            st.markdown(
                f"**Run {run.id}** · {plain(run_labels.trigger(run.trigger))} · began"
                f" {times.ago(run.started_at)}"
            )
            st.space("stretch")
            may = session.application().person.may(Act.CANCEL)
            st.button(
                "Stopping…" if run.cancelled_by else "Cancel",
                icon=":material/stop_circle:",
                key="cancel",
                on_click=_cancel,
                args=(run.id,),
                disabled=bool(run.cancelled_by) or not may,
                help=None if may else "Only an analyst or an administrator can cancel a run.",
            )
        far = run_labels.far(run.progress)
        words = f"{plain(run_labels.phase(run.progress))}{f' · {plain(far)}' if far else ''}"
        st.progress(run_labels.share(run.progress) or 0.0, text=words)
        if run.cancelled_by:
            st.caption(
                f"{plain(run.cancelled_by)} asked it to stop. It stops after the records in hand; the rest"
                " stays due."
            )
        if any(any(counts.values()) for counts in run.counts.values()):
            run_counts.draw(run)


def _cancel(run: int) -> None:
    pending_requests.attempt("cancel", lambda: session.worker_client().cancel(run))
