"""Runs as a table: newest first, page by page, chosen by what made them and how they ended. A click on a row opens the run."""

from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard.parts import csv_file, run_words, status, times
from syncer import run_list
from syncer.planned import DRY_RUN
from syncer.run_list import Chosen, Page
from syncer.runs import Run

TRIGGER, STATE, HIDE, PLACES = "trigger", "state", "hide skipped", "runs places"
"""Widgets, and the pages that lie in front of the one that is shown, each by the ``before`` of its runs."""
PAGE = 25


def draw(engine: Engine) -> None:
    """The filters, the page of runs, and the ways to the next and the previous one."""
    chosen = _filters()
    places: list[int] = st.session_state.setdefault(PLACES, [])
    page = run_list.page(engine, Chosen(*chosen, before=places[-1] if places else None, skipped=not st.session_state.get(HIDE)), PAGE)
    if not page.runs:
        _empty(any(chosen) or bool(places))
    else:
        _table(page.runs)
    _ways(page, places)


def _filters() -> tuple[str | None, str | None]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        trigger = st.selectbox(
            "What made it",
            run_list.TRIGGERS,
            index=None,
            format_func=run_words.trigger,
            placeholder="Anything",
            key=TRIGGER,
            on_change=_first,
            width=240,
        )
        state = st.selectbox("How it ended", run_list.STATES, index=None, placeholder="Any way", key=STATE, on_change=_first, width=200)
        st.toggle("Hide those that did not take place", key=HIDE, on_change=_first, help="Ticks that were skipped, because another run was going on.")
    return trigger, state


def _table(found: list[Run]) -> None:
    drawn = st.dataframe(
        [_row(run) for run in found],
        key=f"runs from {found[0].id}",  # another page begins with nothing chosen
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height="content",
        column_config={
            "Run": st.column_config.NumberColumn(width=60, format="%d"),
            "State": status.column("State", 100),
            "Started": st.column_config.TextColumn(width=150),
            "Written": st.column_config.NumberColumn(format="localized"),
            "Failed": st.column_config.NumberColumn(format="localized"),
            "Salesforce calls": st.column_config.NumberColumn(format="localized"),
            "Why": st.column_config.TextColumn(width=400),
        },
        alt="Runs, newest first",
    )
    st.caption("Choose a row to open the run.")
    if rows := [row for row in drawn["selection"]["rows"] if row < len(found)]:
        st.query_params["run"] = str(found[rows[0]].id)
        st.rerun()


def _row(run: Run) -> dict[str, Any]:
    return {
        "Run": run.id,
        "State": status.cell(run.state),
        "Started": times.when(run.started_at),
        "What made it": run_words.trigger(run.trigger),
        "Took": times.duration(run.seconds) if run.state not in ("running", "skipped") else "",
        "Written": run_words.written(run) if run.trigger != DRY_RUN else None,
        "Failed": run_words.failed(run),
        "Salesforce calls": run.calls["salesforce"],
        "Version": str(run.version or ""),
        "Why": csv_file.cell(run.reason),
    }


def _empty(filtered: bool) -> None:
    if filtered:
        st.info("No run is like that. Choose something else, or nothing.", icon=":material/filter_alt_off:")
    else:
        st.info("There was no run yet. The Overview says what is to be done before the first one.", icon=":material/info:")
        st.page_link("views/overview.py", label="Open the Overview", icon=":material/arrow_forward:")


def _ways(page: Page, places: list[int]) -> None:
    if not places and page.next is None:
        return
    with st.container(horizontal=True):
        st.button("Newer", icon=":material/chevron_left:", on_click=_newer, disabled=not places, key="newer")
        st.button(
            "Older",
            icon=":material/chevron_right:",
            icon_position="right",
            on_click=_older,
            args=(page.next,),
            disabled=page.next is None,
            key="older",
        )


def _first() -> None:
    st.session_state[PLACES] = []


def _newer() -> None:
    st.session_state[PLACES] = st.session_state[PLACES][:-1]


def _older(before: int) -> None:
    st.session_state[PLACES] = [*st.session_state[PLACES], before]
