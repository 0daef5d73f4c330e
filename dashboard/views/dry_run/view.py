"""Dry run: everything that the next run would do, planned and kept to be looked through; nothing is
written."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, pending_requests, query_params, session
from dashboard.shared.markdown import plain
from dashboard.shared.plans import prerequisites
from dashboard.shared.runs import live_run, run_counts
from dashboard.views.dry_run import plan_detail, plan_list
from syncer.core.permissions import Act, NotPermitted
from syncer.infra.database.engine import reading
from syncer.journal import dry_run_plans, runs
from syncer.journal.run_state import RunState
from syncer.journal.runs import Run


def view() -> None:
    """Draw the plan that the address names, else the newest dry run."""
    st.title("Dry run")
    try:
        document = prerequisites.configuration_or_hint()
        if document is None:
            return
        engine = reading(session.application().engine)
        if number := query_params.number(st.query_params.get(plan_list.PLAN)):
            st.button(
                "All records", on_click=_close, icon=":material/arrow_back:", type="tertiary", key="close"
            )
            plan_detail.draw(engine, document, number)
            return
        st.caption(
            "Everything that the next run would do, planned now and kept to be looked through. Nothing is"
            " written to either system."
        )
        under_way = runs.in_progress(engine)
        _start(under_way)
        live_run.draw(under_way, runs.change_marker(engine))
        live_run.draw_outcome(except_states=(RunState.DONE, *plan_detail.STOPPED))
        newest = dry_run_plans.newest(engine)
        plan_detail.stopped(engine, newest)
        if newest is None:
            if under_way is None and not pending_requests.pending(live_run.REQUEST):
                st.info(
                    "No dry run was made yet. It reads what changed on both sides, and lists each record with"
                    " what would become of it."
                )
            return
        plan_detail.about(engine, newest)
        if not any(numbers for _, _, numbers in dry_run_plans.counts_by_flow(newest)):
            st.success("Nothing is due: both systems agree. The next run would write nothing.")
            return
        run_counts.draw(newest)
        plan_list.draw(engine, document, newest)
    except SQLAlchemyError as error:
        errors.draw(error)


def _start(under_way: Run | None) -> None:
    why = None
    try:
        session.application().person.require(Act.DRY_RUN)
    except NotPermitted as refused:
        why = str(refused)
    why = why or ("A run is going on." if under_way or pending_requests.pending(live_run.REQUEST) else None)
    help = plain(why) if why else "Takes about as long as a run without its writing."
    st.button(
        "Start a dry run",
        type="primary",
        icon=":material/science:",
        on_click=_ask,
        disabled=why is not None,
        help=help,
        key="dry run",
    )


def _ask() -> None:
    plan_list.first_page()
    pending_requests.submit(live_run.REQUEST, session.worker_client().dry_run)


def _close() -> None:
    del st.query_params[plan_list.PLAN]


view()
