"""One run: how it ended, what it counted and cost, with links to its log entries and its settings."""

import streamlit as st

from dashboard import navigation
from dashboard.shared import badges, times
from dashboard.shared.markdown import plain
from dashboard.shared.runs import guard_summary, run_counts, run_labels
from dashboard.views.runs import put_back, waiting
from syncer.core.plan import Status
from syncer.journal.run_state import OPEN_STATES, WRITING_RUNS, RunState, Trigger
from syncer.journal.runs import Run


def draw(run: Run) -> None:
    """The run: how it ended and why, what it counted, what it cost, and what it would do, or set out to do,
    to each field."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(f"Run {run.id}", width="content", anchor=False)
        badges.run_badge(run_labels.state(run), run_labels.failed(run))
        st.markdown(
            f"{plain(run_labels.trigger(run.trigger))} · began {times.when(run.started_at)}"
            f" ({times.ago(run.started_at)})",
            width="content",
        )
    if run.state == RunState.WAITING:
        waiting.draw(run)
        if run.wrote:
            _draw_done(run)
    else:
        _why(run)
        _draw_done(run)
        put_back.draw(run)
        guard_summary.draw(run)
    _links(run)


def _draw_done(run: Run) -> None:
    st.markdown(f"**{_heading(run)}**")
    _numbers(run)
    run_counts.draw(run)


def _heading(run: Run) -> str:
    if run.trigger == Trigger.DRY_RUN:
        return "What a run would have done"
    return "What it did so far" if run.state in OPEN_STATES else "What it did"


def _why(run: Run) -> None:
    if not run.reason:
        return
    box = {RunState.FAILED: st.error, RunState.WAITING: st.warning}.get(run.state, st.info)
    box(plain(run.reason, longest=2000))
    if run.detail:
        with st.expander(
            "What the system itself said" if run.code != "DATABASE" else "What the database itself said"
        ):
            st.code(f"{run.code}\n{run.detail}".strip(), language=None, wrap_lines=True)


def _numbers(run: Run) -> None:
    with st.container(horizontal=True):
        took = times.duration(run.seconds) if run.state not in (RunState.SKIPPED, RunState.RUNNING) else "–"
        st.metric("Took", took, border=True)
        st.metric(
            "Would be written" if run.trigger == Trigger.DRY_RUN else "Records written",
            f"{run_labels.written(run):,}",
            border=True,
        )
        st.metric("Records failed", f"{run_labels.failed(run):,}", border=True)
        st.metric("Salesforce calls", f"{run.calls['salesforce']:,}", border=True)
        st.metric("Element451 calls", f"{run.calls['element451']:,}", border=True)


def _links(run: Run) -> None:
    with st.container(horizontal=True):
        if run.trigger in WRITING_RUNS:
            st.page_link(
                navigation.LOGS,
                label="Its log entries",
                icon=":material/list_alt:",
                query_params={"run": str(run.id)},
            )
            if run_labels.failed(run):
                failed = {"run": str(run.id), "status": Status.FAILED.value}
                st.page_link(
                    navigation.LOGS,
                    label="Only the failed ones",
                    icon=":material/error:",
                    query_params=failed,
                )
        elif run.trigger == Trigger.DRY_RUN:
            st.page_link(
                navigation.DRY_RUN, label="What the newest dry run planned", icon=":material/list_alt:"
            )
        if run.version:
            version = {"version": str(run.version)}
            st.page_link(
                navigation.VERSIONS,
                label=f"Settings version {run.version}",
                icon=":material/history:",
                query_params=version,
            )
