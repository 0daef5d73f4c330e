"""How everything stands, in numbers: the connections, the next and the last run, what is due and fails, and
what Salesforce's limit is used for."""

from datetime import UTC, datetime

import streamlit as st

from dashboard import navigation
from dashboard.shared import badges, times
from dashboard.shared.markdown import plain
from dashboard.shared.runs import run_counts, run_labels
from syncer.application.attention import Views
from syncer.application.overview import Overview, Schedule
from syncer.connections.connections import ConnectionView
from syncer.core.records import DISCONNECTED, System
from syncer.journal.run_state import RunState


def connections(views: Views) -> None:
    """Both connections in a line: which organization, and how it stands."""
    with st.container(horizontal=True):
        for system in System:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f"**{system.label}**  \n:small[:gray[{plain(_where(views.get(system)))}]]",
                    width="stretch",
                )
                view = views.get(system)
                badges.badge(view.state if view else DISCONNECTED)


def numbers(seen: Overview, share: int) -> None:
    """The tiles: next run, last run, due, failing, calls of the day."""
    with st.container(horizontal=True):
        following, below = _next(seen.schedule, seen)
        st.metric("Next run", following, help=below, border=True)
        st.metric(
            "Records due",
            f"{seen.due:,}",
            help="They changed on one side, and the next run plans them.",
            border=True,
        )
        st.metric("Records failing", f"{seen.failing:,}", help=_failing(seen), border=True)
        st.metric(
            "Salesforce calls in 24 hours",
            f"{seen.calls_today:,}",
            help="Those that the sync made.",
            border=True,
        )
    _calls(seen, share)


def last_run(seen: Overview) -> None:
    """The last whole run: how it ended, when, how long it took, and its counts."""
    run = seen.last
    if run is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Last run", width="content")
        badges.run_badge(run_labels.state(run))
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


def _where(view: ConnectionView | None) -> str:
    if view is None:
        return "Not connected yet"
    return str(view.account.get("instance_url") or view.address).removeprefix("https://")


def _next(schedule: Schedule, seen: Overview) -> tuple[str, str]:
    if seen.running:
        return "Going on", "The next one comes after it."
    if schedule.next_run is None:
        return "None for now", schedule.standstill if not schedule.rejected else "The schedule pauses."
    every, counts = (
        f"Every {schedule.every}",
        f" While run {seen.waiting.id} waits, it only counts again." if seen.waiting else "",
    )
    return (
        times.ago(schedule.next_run, datetime.now(UTC)),
        f"{times.when(schedule.next_run)}. {every}, while the worker runs.{counts}",
    )


def _failing(seen: Overview) -> str:
    if seen.later:
        return f"{seen.later:,} of them {'is' if seen.later == 1 else 'are'} tried again later."
    return "They could not be written; the next run tries them, or they wait for a change."


def _calls(seen: Overview, share: int) -> None:
    usage = seen.usage
    if usage is None or not usage.limit:
        return
    ours = usage.limit * share // 100
    words = (
        f"Salesforce's daily limit: {usage.used:,} of {usage.limit:,} calls used by everybody"
        f" ({times.ago(usage.as_of)}); the sync may use {ours:,} of them ({share} %) and used"
        f" {seen.calls_today:,}."
    )
    st.progress(min(usage.used / usage.limit, 1.0), text=plain(words))
