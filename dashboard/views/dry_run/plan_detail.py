"""The newest dry run: when and by what it was made, and one of its plans with everything about it."""

import streamlit as st
from sqlalchemy import Engine

from dashboard import navigation
from dashboard.shared import badges, session, times
from dashboard.shared.flow_labels import flow_label
from dashboard.shared.markdown import plain
from dashboard.shared.plans.plan_cards import PlanCards
from dashboard.shared.runs import run_labels
from syncer.configuration.config_file import Document
from syncer.core.plan import Status
from syncer.core.records import System
from syncer.journal import dry_run_plans, run_queries
from syncer.journal.run_state import RunState
from syncer.journal.runs import Run

STOPPED = (RunState.FAILED, RunState.CANCELLED, RunState.SKIPPED)
"""How a dry run ends that does not go through."""


def about(engine: Engine, run: Run) -> None:
    """When it was made, by which version of the settings, and what has happened since."""
    made = run.ended_at or run.started_at
    with st.container(horizontal=True, vertical_alignment="center"):
        took = times.duration(run.seconds)
        st.markdown(
            f"Made **{plain(times.when(made))}** ({times.ago(made)}) · took {took} · settings version"
            f" {run.version}",
            width="content",
        )
        st.page_link(
            navigation.RUNS,
            label=f"Run {run.id}",
            query_params={"run": str(run.id)},
            icon=":material/arrow_forward:",
        )
    current = session.application().configuration.current()
    if current and current[0] != run.version:
        st.warning(
            f"The settings have changed since (version {current[0]} is in force). Start a new dry run to see"
            " what they do now."
        )
    elif wrote := next(
        (since for since in run_queries.recent(engine) if since.id > run.id and run_labels.written(since)),
        None,
    ):
        st.warning(f"Run {wrote.id} has written since. Start a new dry run to see what is due now.")
    else:
        st.caption("Records may have changed on either side since. Preview shows how one stands now.")
    if any(
        numbers.get(quiet, 0) > dry_run_plans.MAX_QUIET_KEPT
        for _, _, numbers in dry_run_plans.counts_by_flow(run)
        for quiet in (Status.UNCHANGED, Status.IGNORED)
    ):
        st.caption(
            "Of records that would be left as they are (unchanged, ignored), the first"
            f" {dry_run_plans.MAX_QUIET_KEPT} of each sort are listed."
        )


def stopped(engine: Engine, newest: Run | None) -> None:
    """Why the last dry run did not go through, where there is none newer that did."""
    last = dry_run_plans.newest(engine, done=False)
    if last and last.state in STOPPED and (newest is None or last.id > newest.id):
        st.warning(
            f"The last dry run, {plain(times.when(last.started_at))}, did not go through."
            f" {plain(last.reason, longest=1000)}"
        )


def draw(engine: Engine, document: Document, number: int) -> None:
    """One plan, with the fields that would get another value. ``document``: the configuration in force."""
    plan = dry_run_plans.find(engine, number)
    if plan is None:
        st.info("This plan is not kept any more: only those of the newest dry run are.")
        return
    salesforce = session.application().connections.view(System.SALESFORCE)
    cards = PlanCards(engine, document, salesforce.account if salesforce else None)
    cards.look_up([plan])
    st.subheader(cards.title(plan), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        badges.badge(plan["status"])
        st.markdown(flow_label(plan))
    cards.draw_reason(plan)
    cards.draw_changes(plan)
    record = plan["element_id"] or plan["salesforce_id"]
    asked = {"direction": plan["direction"], "record": str(record)}
    st.page_link(
        navigation.PREVIEW,
        label="Preview it as it stands now",
        query_params=asked,
        icon=":material/visibility:",
    )
