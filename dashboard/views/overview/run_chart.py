"""Charts of the last whole runs: the records written and failed, and the duration of each run."""

from typing import Any

import altair as alt
import streamlit as st

from dashboard.shared import times
from dashboard.shared.runs import run_labels
from syncer.journal.runs import Run

_WRITTEN, _FAILED = "Written", "Failed"
_WRITTEN_COLOUR, _FAILED_COLOUR, _DURATION_COLOUR = "#1c83e1", "#e5484d", "#8a8f98"
"""Those of the statuses; readable in light and in dark."""
_HEIGHT = 240


def draw(runs: list[Run]) -> None:
    """Draw two charts side by side, with the oldest run on the left; nothing for a single run."""
    if len(runs) < 2:
        return
    st.subheader(
        f"The last {len(runs)} runs",
        help="Whole runs that ended. A test or a retry of single records is none: Runs lists them all.",
    )
    left, right = st.columns(2)
    with left:
        st.caption("Records :blue[written] and :red[failed]")
        st.altair_chart(
            _records_chart(runs),
            height=_HEIGHT,
            alt=f"Records written and failed by each of the last {len(runs)} runs",
        )
    with right:
        st.caption("How long each run took, in seconds")
        st.altair_chart(
            _duration_chart(runs), height=_HEIGHT, alt=f"Duration of each of the last {len(runs)} runs"
        )


def _records_chart(runs: list[Run]) -> alt.Chart:
    values = []
    for run in runs:
        values.append(_run_values(run) | {"what": _WRITTEN, "records": run_labels.written(run), "order": 0})
        values.append(_run_values(run) | {"what": _FAILED, "records": run_labels.failed(run), "order": 1})
    scale = alt.Scale(domain=[_WRITTEN, _FAILED], range=[_WRITTEN_COLOUR, _FAILED_COLOUR])
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            x=_start_axis(runs),
            y=alt.Y("records:Q", title=None, axis=alt.Axis(format=",d", tickMinStep=1)),
            color=alt.Color("what:N", title=None, scale=scale, legend=None),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("title:N", title="Run"),
                alt.Tooltip("what:N", title=" "),
                alt.Tooltip("records:Q", format=",", title="Records"),
            ],
        )
    )
    return chart


def _duration_chart(runs: list[Run]) -> alt.Chart:
    values = [
        _run_values(run) | {"seconds": round(run.seconds, 1), "took": times.duration(run.seconds)}
        for run in runs
    ]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(color=_DURATION_COLOUR)
        .encode(
            x=_start_axis(runs),
            y=alt.Y("seconds:Q", title=None, axis=alt.Axis(format=",~r", tickMinStep=1)),
            tooltip=[alt.Tooltip("title:N", title="Run"), alt.Tooltip("took:N", title="Took")],
        )
    )
    return chart


def _start_axis(runs: list[Run]) -> alt.X:
    """An axis with the runs at equal distances, labelled by the time of their start: runs are not spread
    evenly over a day."""
    labels = " : ".join(f"datum.value == {run.id} ? '{times.local(run.started_at):%H:%M}'" for run in runs)
    return alt.X(
        "run:O",
        title="Began at",
        axis=alt.Axis(labelExpr=f"{labels} : ''", labelAngle=0, labelOverlap="greedy", labelSeparation=8),
    )


def _run_values(run: Run) -> dict[str, Any]:
    return {
        "run": run.id,
        "title": f"{run.id}, {run_labels.trigger(run.trigger)}, {times.when(run.started_at)}",
    }
