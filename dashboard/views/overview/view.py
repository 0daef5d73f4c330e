"""How the sync stands: what needs a person, the run that goes on or comes next, the last ones, and Sync
now."""

from datetime import UTC, datetime

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, session
from dashboard.shared.runs import live_run
from dashboard.views.overview import attention, first_steps, run_chart, status_summary, sync_now
from syncer.application import attention as rules
from syncer.application import overview
from syncer.application.attention import Step, What
from syncer.core.records import System
from syncer.infra.database.engine import reading
from syncer.journal import run_queries, runs
from syncer.journal.run_state import RunState

LATEST = 30  # runs in the chart


def view() -> None:
    """Draw the page; without its database, the sentence that says so."""
    try:
        _page()
    except SQLAlchemyError as error:
        errors.draw(error)


def _page() -> None:
    application = session.application()
    engine, current = reading(application.engine), application.configuration.current()
    views = {system: application.connections.view(system) for system in System}
    newest = runs.change_marker(engine)
    seen = overview.look(engine, current, views, interval_seconds=application.settings.interval_seconds)
    done = rules.steps(
        current,
        views,
        tried=seen.last is not None or run_queries.ever_tried_out(engine),
        synced=run_queries.ever_synced(engine),
    )
    found = rules.needs(
        seen, current, views, rules.problems_of(application.catalogues, current), datetime.now(UTC)
    )
    new = not done[Step.SYNC]

    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Overview", width="stretch")
        ready = all(done[step] for step in (Step.ELEMENT451, Step.SALESFORCE, Step.MAPPINGS))
        sync_now.draw(ready=ready, busy=seen.running is not None)
    live_run.draw(seen.running, newest)
    live_run.draw_outcome(except_states=(RunState.WAITING, RunState.FAILED, RunState.RUNNING))
    attention.draw([need for need in found if not (new and need.what in (What.CONNECT, What.MAP))], seen)
    if new:
        first_steps.draw(done)
    if seen.last or any(views.values()):
        status_summary.connections(views)
        status_summary.numbers(seen, application.preferences.api_share_percent)
    status_summary.last_run(seen)
    run_chart.draw(run_queries.recent(engine, LATEST))


view()
