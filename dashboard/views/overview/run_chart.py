"""Charts of the last whole runs: the records written and failed, and the duration of each run."""

from typing import Any

import streamlit as st

from dashboard.shared import times
from dashboard.shared.runs import run_labels
from syncer.journal.runs import Run

Spec = dict[str, Any]
"""A part of a Vega-Lite chart. Written by hand: a library that checks each one takes a third of the page's
time."""
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
        st.vega_lite_chart(
            _records_chart(runs),
            height=_HEIGHT,
            alt=f"Records written and failed by each of the last {len(runs)} runs",
        )
    with right:
        st.caption("How long each run took, in seconds")
        st.vega_lite_chart(
            _duration_chart(runs), height=_HEIGHT, alt=f"Duration of each of the last {len(runs)} runs"
        )


def _records_chart(runs: list[Run]) -> Spec:
    values = []
    for run in runs:
        values.append(_run_values(run) | {"what": _WRITTEN, "records": run_labels.written(run), "order": 0})
        values.append(_run_values(run) | {"what": _FAILED, "records": run_labels.failed(run), "order": 1})
    scale = {"domain": [_WRITTEN, _FAILED], "range": [_WRITTEN_COLOUR, _FAILED_COLOUR]}
    return {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": _start_axis(runs),
            "y": _quantity("records", ",d"),
            "color": {"field": "what", "type": "nominal", "title": None, "scale": scale, "legend": None},
            "order": {"field": "order", "type": "quantitative"},
            "tooltip": [
                {"field": "title", "type": "nominal", "title": "Run"},
                {"field": "what", "type": "nominal", "title": " "},
                {"field": "records", "type": "quantitative", "format": ",", "title": "Records"},
            ],
        },
    }


def _duration_chart(runs: list[Run]) -> Spec:
    values = [
        _run_values(run) | {"seconds": round(run.seconds, 1), "took": times.duration(run.seconds)}
        for run in runs
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "bar", "color": _DURATION_COLOUR},
        "encoding": {
            "x": _start_axis(runs),
            "y": _quantity("seconds", ",~r"),
            "tooltip": [
                {"field": "title", "type": "nominal", "title": "Run"},
                {"field": "took", "type": "nominal", "title": "Took"},
            ],
        },
    }


def _quantity(field: str, shown: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "axis": {"format": shown, "tickMinStep": 1},
    }


def _start_axis(runs: list[Run]) -> Spec:
    """An axis with the runs at equal distances, labelled by the time of their start: runs are not spread
    evenly over a day."""
    labels = " : ".join(f"datum.value == {run.id} ? '{times.local(run.started_at):%H:%M}'" for run in runs)
    return {
        "field": "run",
        "type": "ordinal",
        "title": "Began at",
        "axis": {
            "labelExpr": f"{labels} : ''",
            "labelAngle": 0,
            "labelOverlap": "greedy",
            "labelSeparation": 8,
        },
    }


def _run_values(run: Run) -> dict[str, Any]:
    return {
        "run": run.id,
        "title": f"{run.id}, {run_labels.trigger(run.trigger)}, {times.when(run.started_at)}",
    }
