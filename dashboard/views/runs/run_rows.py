"""Runs as rows, each of which is one button: a click anywhere in it opens the run, as does Enter. Days are
headings, so that a row needs the clock alone."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from dashboard.shared import badges, query_params, times
from dashboard.shared.markdown import plain
from dashboard.shared.runs import run_labels
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run

_LONGEST_REASON = 140


def draw(runs: Sequence[Run]) -> None:
    """Draw the rows, in their order."""
    for title, of_day in groupby(runs, key=lambda run: times.day(run.started_at)):
        st.caption(title)
        with st.container(gap=None):
            for run in of_day:
                st.button(
                    label(run),
                    icon=badges.run_icon(run_labels.state(run), run_labels.failed(run)),
                    type="tertiary",
                    key=f"run {run.id}",
                    on_click=query_params.update,
                    kwargs={"run": run.id},
                )


def label(run: Run) -> str:
    """A row as Markdown: the clock, how the run ended, what made it, what it did, and why where there is more
    to say."""
    words, colour, _ = badges.run_state(run_labels.state(run), run_labels.failed(run))
    began = f"{times.local(run.started_at):%H:%M}"
    head = f"{began} :{colour}-badge[{words}] **Run {run.id}** {plain(run_labels.trigger(run.trigger))}"
    told = [*_did(run), *([plain(run.reason, longest=_LONGEST_REASON)] if run.reason else [])]
    return f"{head} :gray[{' · '.join(told)}]" if told else head


def _did(run: Run) -> list[str]:
    if run.state == RunState.SKIPPED:
        return []
    parts = [] if run.trigger == Trigger.DRY_RUN else [f"{run_labels.written(run):,} written"]
    if run.state != RunState.RUNNING:
        parts.append(f"took {times.duration(run.seconds)}")
    return parts
