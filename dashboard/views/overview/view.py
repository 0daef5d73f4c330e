"""Overview: what needs a person, the run that is going on or comes next, the last ones, and Sync now."""

from datetime import UTC, datetime

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, pending_requests, session
from dashboard.shared.runs import live_run
from dashboard.views.overview import (
    attention,
    ending_holds,
    first_steps,
    go_live,
    overwritten,
    reads,
    run_chart,
    status_summary,
    sync_now,
    work_list,
)
from syncer.application import attention as rules
from syncer.application.attention import AttentionKind
from syncer.application.decisions import set_up
from syncer.application.decisions.set_up import Step
from syncer.core.records import System
from syncer.infra.database.engine import reading
from syncer.journal import run_queries, runs
from syncer.journal.run_state import RunState

_CHART_RUNS = 30


def view() -> None:
    """Draw the page; while the database is unreachable, the sentence that says so."""
    try:
        _draw()
    except SQLAlchemyError as error:
        errors.draw(error)


def _draw() -> None:
    application = session.application()
    engine = reading(application.database)
    current = application.configuration.current()
    views = {system: application.connections.view(system) for system in System}
    newest = runs.change_marker(engine)
    found = reads.read(current, views, newest)
    state = found.overview
    done = set_up.steps(
        current,
        views,
        examined=set_up.has_verdicts(engine),
        looked_at=set_up.were_looked_at(engine),
        tried=state.last is not None or run_queries.ever_tried_out(engine),
        synced=run_queries.ever_synced(engine),
        live=state.schedule.live,
    )
    problems = rules.problems_of(application.catalogues, current)
    items = rules.attention_items(state, current, views, problems, datetime.now(UTC))

    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Overview", width="stretch")
        ready = all(done[step] for step in (Step.ELEMENT451, Step.SALESFORCE, Step.MAPPINGS))
        sync_now.draw(state.schedule, ready=ready, busy=state.running is not None)
    live_run.draw(state.running, newest)
    live_run.draw_outcome(except_states=(RunState.WAITING, RunState.FAILED, RunState.RUNNING))
    pending_requests.draw_failure(go_live.REQUEST)
    if done[Step.SYNC]:
        status_summary.draw_headline(found.in_step)
    else:
        # The first steps say what is to be connected and mapped.
        items = [item for item in items if item.kind not in (AttentionKind.CONNECT, AttentionKind.MAP)]
    attention.draw(items, state)
    if not (done[Step.SYNC] and done[Step.LIVE]):
        first_steps.draw(done)
    if current:
        work_list.draw(found, current[1])
        overwritten.draw(current[1])
        ending_holds.draw(found.ending, current[1])
    if state.last or any(views.values()):
        status_summary.draw_connections(views)
        status_summary.draw_numbers(state, application.preferences.api_share_percent)
    status_summary.draw_last_run(state.last)
    run_chart.draw(run_queries.recent(engine, _CHART_RUNS))


view()
