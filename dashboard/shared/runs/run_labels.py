"""Runs in the school's words: what made one, what it does at the moment and how quickly, and how it ended."""

from collections.abc import Mapping

import streamlit as st

from dashboard import navigation
from dashboard.shared import times
from dashboard.shared.markdown import plain
from syncer.core.plan import Status
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import REJECTED, Run

TRIGGERS: dict[str, str] = {
    Trigger.SCHEDULE: "Schedule",
    Trigger.SYNC: "Sync now",
    Trigger.NIGHTLY: "Nightly comparison",
    Trigger.BACKFILL: "Read everything again",
    Trigger.DRY_RUN: "Dry run",
    Trigger.TEST: "Test",
    Trigger.RETRY: "Retry",
}
WRITES = (Status.INSERTED, Status.UPDATED, Status.UPSERTED, Status.DEACTIVATED)
"""The statuses of records that a run did something to."""


def trigger(name: str) -> str:
    """What made a run."""
    return TRIGGERS.get(name, name)


def state(run: Run) -> str:
    """How it stands (`status.RUN`); one that somebody rejected is not merely cancelled."""
    return "rejected" if run.code == REJECTED else run.state


def written(run: Run) -> int:
    """How many records it wrote, in all directions; one that was written in both counts in both."""
    return _sum(run, WRITES)


def failed(run: Run) -> int:
    """How many records failed in it."""
    return _sum(run, (Status.FAILED,))


def phase(progress: Mapping[str, object] | None) -> str:
    """What a run does at the moment."""
    name = str((progress or {}).get("phase") or "beginning")
    return name[:1].upper() + name[1:]


def far(progress: Mapping[str, object] | None) -> str:
    """How far the phase is: done of total, how quick, and how long it will take; empty where nothing is
    told."""
    told = progress or {}
    done, total, seconds = _number(told.get("done")), _number(told.get("total")), _number(told.get("seconds"))
    if not done and not total:
        return ""
    parts = [f"{done:,.0f} of {total:,.0f}" if total else f"{done:,.0f} so far"]
    rate = done / seconds if seconds >= 1 and done else 0.0
    if rate:
        parts.append(f"{rate:,.0f} a second" if rate >= 1 else f"{rate * 60:,.0f} a minute")
    if rate and total > done:
        parts.append(f"about {times.duration(max((total - done) / rate, 1))} left")
    return " · ".join(parts)


def share(progress: Mapping[str, object] | None) -> float | None:
    """How much of the phase is done, from 0 to 1; None where nobody knows how much there is."""
    told = progress or {}
    total = _number(told.get("total"))
    return min(_number(told.get("done")) / total, 1.0) if total else None


def outcome(run: Run) -> str:
    """How a run ended, as Markdown."""
    numbers = (
        f"{written(run):,} written, {failed(run):,} failed"
        if written(run) or failed(run)
        else "nothing had to be written"
    )
    if run.state == RunState.DONE and run.trigger == Trigger.DRY_RUN:
        return f"The dry run {run.id} is done. Nothing was written."
    if run.state == RunState.DONE:
        return f"Run {run.id} is done: {numbers}, in {times.duration(run.seconds)}."
    words = {
        RunState.FAILED: f"Run {run.id} failed.",
        RunState.WAITING: f"Run {run.id} waits for approval and wrote nothing.",
        RunState.CANCELLED: f"Run {run.id} was cancelled ({numbers}).",
        RunState.SKIPPED: "It was not begun.",
    }
    return f"{words.get(run.state, f'Run {run.id} is going on.')} {plain(run.reason, longest=600)}".strip()


def told(run: Run) -> None:
    """Draw how a run ended that somebody asked for here, with the link to it."""
    box = {RunState.DONE: st.success, RunState.FAILED: st.error, RunState.WAITING: st.warning}.get(
        run.state, st.info
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        box(outcome(run))
        st.page_link(
            navigation.RUNS,
            label=f"Run {run.id}",
            icon=":material/arrow_forward:",
            query_params={"run": str(run.id)},
        )


def _sum(run: Run, statuses: tuple[Status, ...]) -> int:
    return sum(counts.get(status, 0) for counts in run.counts.values() for status in statuses)


def _number(what: object) -> float:
    return float(what) if isinstance(what, int | float) else 0.0
