"""Dry run: everything that the next run would do, planned and kept to be looked through. Nothing is
written."""

import streamlit as st
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, pending_requests, session
from dashboard.shared.markdown import plain
from dashboard.shared.plans import prerequisites
from dashboard.shared.runs import live_run, run_counts
from dashboard.views.dry_run import plan_list, summary
from syncer.configuration.document import Document
from syncer.core.permissions import Action, NotPermitted
from syncer.infra.database.engine import reading
from syncer.journal import dry_run_plans, runs
from syncer.journal.run_state import RunState
from syncer.journal.runs import Run


def view() -> None:
    """Draw the newest dry run."""
    st.title("Dry run")
    try:
        document = prerequisites.configuration_or_hint()
        if document is None:
            return
        _draw_newest(reading(session.application().database), document)
    except SQLAlchemyError as error:
        errors.draw(error)


def _draw_newest(engine: Engine, document: Document) -> None:
    st.caption(
        "Everything that the next run would do, planned now and kept to be looked through. Nothing is"
        " written to either system."
    )
    running = runs.in_progress(engine)
    _draw_start(running)
    live_run.draw(running, runs.change_marker(engine))
    live_run.draw_outcome(except_states=(RunState.DONE, *summary.NOT_FINISHED))
    newest = dry_run_plans.newest(engine)
    summary.draw_unfinished(engine, newest)
    if newest is None:
        if running is None and not pending_requests.pending(live_run.REQUEST):
            st.info(
                "No dry run was made yet. It reads what changed on both sides, and lists each record with"
                " what would become of it."
            )
        return
    summary.draw(engine, newest)
    if not any(numbers for _, _, numbers in dry_run_plans.counts_by_flow(newest)):
        st.success("Nothing is due: both systems agree. The next run would write nothing.")
        return
    run_counts.draw(newest)
    plan_list.draw(engine, document, newest)


def _draw_start(running: Run | None) -> None:
    blocked = _blocked_reason(running)
    st.button(
        "Start a dry run",
        type="primary",
        icon=":material/science:",
        on_click=_start,
        disabled=blocked is not None,
        help=plain(blocked) if blocked else "Takes about as long as a run without its writing.",
        key="dry run",
    )


def _blocked_reason(running: Run | None) -> str | None:
    """Why no dry run can be started, as a sentence; None if one can."""
    try:
        session.application().person.require(Action.DRY_RUN)
    except NotPermitted as refused:
        return str(refused)
    if running or pending_requests.pending(live_run.REQUEST):
        return "A run is going on."
    return None


def _start() -> None:
    plan_list.show_first_page()
    pending_requests.submit(live_run.REQUEST, lambda: session.worker_client().dry_run())


view()
