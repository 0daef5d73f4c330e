"""The state of the sync in numbers: the connections, the next and the last run, what is due, what fails, and
how much of Salesforce's limit is used."""

from datetime import UTC, datetime

import streamlit as st

from dashboard import navigation
from dashboard.shared import badges, times
from dashboard.shared.markdown import plain
from dashboard.shared.runs import run_counts, run_labels
from syncer.application.attention import Views
from syncer.application.overview import Overview
from syncer.connections.connection_state import ConnectionState
from syncer.connections.connection_store import ConnectionView
from syncer.core.records import System
from syncer.core.text import counted
from syncer.journal.run_state import RunState
from syncer.journal.runs import Run
from syncer.sync.failures import InStep

_TICK = 15.0
"""Seconds between two movements of the clock."""
_CLOCK_WIDTH = 190
"""Pixels in which “in 12 minutes” is not cut."""


def draw_connections(views: Views) -> None:
    """Draw both connections in a line: what each leads to, and its state."""
    with st.container(horizontal=True):
        for system in System:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f"**{system.label}**  \n:small[:gray[{plain(_address(views.get(system)))}]]",
                    width="stretch",
                )
                view = views.get(system)
                badges.badge(view.state if view else ConnectionState.DISCONNECTED)


def draw_headline(found: InStep) -> None:
    """Draw how many students are in step."""
    if not found.students:
        return
    all_are = found.in_step == found.students
    icon = ":green[:material/check_circle:]" if all_are else ":orange[:material/pending:]"
    least = "" if found.exact else "At least "
    st.markdown(
        f"### {icon} {least}{found.in_step:,} of {counted(found.students, 'student')} in step",
        help=(
            "Both systems hold what the owner of each field says: nothing of them waits to be carried over,"
            " and nothing fails."
        ),
    )


def draw_numbers(overview: Overview, share_percent: int) -> None:
    """Draw the tiles: next run, due, failing, calls of the day; below them, how much of Salesforce's daily
    limit is used. ``share_percent`` is the sync's share of it."""
    with st.container(horizontal=True):
        with st.container(width=_CLOCK_WIDTH):
            st.fragment(_draw_next_run, run_every=_TICK)(overview)
        st.metric(
            "Waiting for the next run",
            f"{overview.due:,}",
            help="Records that changed on one side; the next run carries the change over.",
            border=True,
        )
        st.metric("Records failing", f"{overview.failing:,}", help=_tried_later(overview), border=True)
        st.metric(
            "Salesforce calls in 24 hours",
            f"{overview.calls_today:,}",
            help="Those that the sync made.",
            border=True,
        )
    _draw_limit(overview, share_percent)


def _draw_next_run(overview: Overview) -> None:
    """The clock: it reads nothing, so that it may tick."""
    next_run, explanation = _next_run(overview)
    st.metric("Next run", next_run, help=explanation, border=True)


def draw_last_run(run: Run | None) -> None:
    """Draw the last whole run: how it ended, when, how long it took, and its counts."""
    if run is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Last run", width="content")
        badges.run_badge(run_labels.state(run), run_labels.failed(run))
        began = f"{times.when(run.started_at)} ({times.ago(run.started_at)})"
        st.markdown(
            f"{began} · took {times.duration(run.seconds)} · {plain(run_labels.trigger(run.trigger))}"
        )
        st.page_link(
            navigation.RUNS,
            label=f"Run {run.id}",
            icon=":material/arrow_forward:",
            query_params={"run": str(run.id)},
        )
    # Why a run waits or failed is said at the top of the page, with what to do.
    if run.reason and run.state not in (RunState.WAITING, RunState.FAILED):
        st.caption(plain(run.reason, longest=600))
    run_counts.draw(run)


def _address(view: ConnectionView | None) -> str:
    if view is None:
        return "Not connected yet"
    return str(view.account.get("instance_url") or view.address).removeprefix("https://")


def _next_run(overview: Overview) -> tuple[str, str]:
    """When the next run comes, and an explanation for the tooltip."""
    schedule = overview.schedule
    if overview.running:
        return "Going on", "The next one comes after it."
    if not schedule.live:
        return "Not live yet", "Nothing is synced by the clock until somebody chooses Go live."
    if schedule.next_run is None:
        # Short words: more would be cut on a narrow screen.
        if schedule.rejected:
            return "Paused", "The schedule pauses."
        return "None", schedule.standstill
    explanation = f"{times.when(schedule.next_run)}. Every {schedule.every}, while the worker runs."
    if overview.waiting:
        explanation += f" While run {overview.waiting.id} waits, it only counts again."
    now = datetime.now(UTC)
    return (times.ago(schedule.next_run, now) if schedule.next_run > now else "Any moment now"), explanation


def _tried_later(overview: Overview) -> str:
    if overview.later:
        verb = "is" if overview.later == 1 else "are"
        return f"{overview.later:,} of them {verb} tried again later."
    return "They could not be written; the next run tries them, or they wait for a change."


def _draw_limit(overview: Overview, share_percent: int) -> None:
    usage = overview.usage
    if usage is None or not usage.limit:
        return
    allowed = usage.limit * share_percent // 100
    text = (
        f"Salesforce's daily limit: {usage.used:,} of {usage.limit:,} calls used by everybody"
        f" ({times.ago(usage.as_of)}); the sync may use {allowed:,} of them ({share_percent} %) and used"
        f" {overview.calls_today:,}."
    )
    st.progress(min(usage.used / usage.limit, 1.0), text=plain(text))
