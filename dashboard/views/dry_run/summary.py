"""The newest dry run: when it was made, from which settings, and what has changed since."""

import streamlit as st
from sqlalchemy import Engine

from dashboard import navigation
from dashboard.shared import session, times
from dashboard.shared.markdown import plain
from dashboard.shared.runs import run_labels
from syncer.core.plan import Status
from syncer.journal import dry_run_plans, run_queries
from syncer.journal.run_state import RunState
from syncer.journal.runs import Run

NOT_FINISHED = (RunState.FAILED, RunState.CANCELLED, RunState.SKIPPED)
"""The states of a dry run that ended before it was through."""


def draw(engine: Engine, run: Run) -> None:
    """Draw the summary of a dry run."""
    ended = run.ended_at or run.started_at
    with st.container(horizontal=True, vertical_alignment="center"):
        took = times.duration(run.seconds)
        st.markdown(
            f"Made **{plain(times.when(ended))}** ({times.ago(ended)}) · took {took} · settings version"
            f" {run.version}",
            width="content",
        )
        st.page_link(
            navigation.RUNS,
            label=f"Run {run.id}",
            query_params={"run": str(run.id)},
            icon=":material/arrow_forward:",
        )
    _draw_freshness(engine, run)
    if _is_shortened(run):
        st.caption(
            "Of records that would be left as they are (unchanged, ignored), the first"
            f" {dry_run_plans.MAX_QUIET_KEPT} of each sort are listed."
        )


def draw_unfinished(engine: Engine, newest: Run | None) -> None:
    """Draw why the last dry run did not go through. ``newest`` is the newest one that did: if it is newer,
    nothing is drawn."""
    last = dry_run_plans.newest(engine, done=False)
    if last and last.state in NOT_FINISHED and (newest is None or last.id > newest.id):
        st.warning(
            f"The last dry run, {plain(times.when(last.started_at))}, did not go through."
            f" {plain(last.reason, longest=1000)}"
        )


def _draw_freshness(engine: Engine, run: Run) -> None:
    """Draw whether the settings or the records have changed since."""
    current = session.application().configuration.current()
    if current and current[0] != run.version:
        st.warning(
            f"The settings have changed since (version {current[0]} is in force). Start a new dry run to see"
            " what they do now."
        )
        return
    later = [other for other in run_queries.recent(engine) if other.id > run.id and run_labels.written(other)]
    if later:
        st.warning(f"Run {later[0].id} has written since. Start a new dry run to see what is due now.")
    else:
        st.caption("Records may have changed on either side since. Preview shows how one stands now.")


def _is_shortened(run: Run) -> bool:
    """Whether not all records that would be left as they are were kept."""
    return any(
        numbers.get(status, 0) > dry_run_plans.MAX_QUIET_KEPT
        for _, _, numbers in dry_run_plans.counts_by_flow(run)
        for status in (Status.UNCHANGED, Status.IGNORED)
    )
