"""The last whole runs as a picture: records written and failed, and how long each run took."""

from typing import Any

import altair as alt
import streamlit as st

from dashboard.shared import times
from dashboard.shared.runs import run_labels
from syncer.journal.runs import Run

WRITTEN, FAILED, SECONDS = "Written", "Failed", "Seconds"
COLOURS = {WRITTEN: "#1c83e1", FAILED: "#e5484d", SECONDS: "#8a8f98"}
"""Readable on light and on dark; those of the statuses."""
HEIGHT = 240


def draw(found: list[Run]) -> None:
    """Two charts side by side, oldest run on the left; nothing for a single run."""
    if len(found) < 2:
        return
    st.subheader(
        f"The last {len(found)} runs",
        help="Whole runs that ended. A test or a retry of single records is none: Runs lists them all.",
    )
    left, right = st.columns(2)
    with left:
        st.caption("Records :blue[written] and :red[failed]")
        st.altair_chart(
            _records(found),
            height=HEIGHT,
            alt=f"Records written and failed by each of the last {len(found)} runs",
        )
    with right:
        st.caption("How long each run took, in seconds")
        st.altair_chart(
            _durations(found), height=HEIGHT, alt=f"Duration of each of the last {len(found)} runs"
        )


def _records(found: list[Run]) -> alt.Chart:
    both = ((WRITTEN, run_labels.written), (FAILED, run_labels.failed))
    values = [
        _of(run) | {"what": what, "records": count(run), "order": at}
        for run in found
        for at, (what, count) in enumerate(both)
    ]
    scale = alt.Scale(domain=[WRITTEN, FAILED], range=[COLOURS[WRITTEN], COLOURS[FAILED]])
    told = [
        alt.Tooltip("title:N", title="Run"),
        alt.Tooltip("what:N", title=" "),
        alt.Tooltip("records:Q", format=",", title="Records"),
    ]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            x=_began(found),
            y=alt.Y("records:Q", title=None, axis=alt.Axis(format=",d", tickMinStep=1)),
            color=alt.Color("what:N", title=None, scale=scale, legend=None),
            order=alt.Order("order:Q"),
            tooltip=told,
        )
    )
    return chart


def _durations(found: list[Run]) -> alt.Chart:
    values = [
        _of(run) | {"seconds": round(run.seconds, 1), "took": times.duration(run.seconds)} for run in found
    ]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(color=COLOURS[SECONDS])
        .encode(
            x=_began(found),
            y=alt.Y("seconds:Q", title=None, axis=alt.Axis(format=",~r", tickMinStep=1)),
            tooltip=[alt.Tooltip("title:N", title="Run"), alt.Tooltip("took:N", title="Took")],
        )
    )
    return chart


def _began(found: list[Run]) -> alt.X:
    """The runs side by side, each under the time at which it began: they are not evenly spread over a day."""
    words = " : ".join(f"datum.value == {run.id} ? '{times.local(run.started_at):%H:%M}'" for run in found)
    return alt.X(
        "run:O",
        title="Began at",
        axis=alt.Axis(labelExpr=f"{words} : ''", labelAngle=0, labelOverlap="greedy", labelSeparation=8),
    )


def _of(run: Run) -> dict[str, Any]:
    return {
        "run": run.id,
        "title": f"{run.id}, {run_labels.trigger(run.trigger)}, {times.when(run.started_at)}",
    }
