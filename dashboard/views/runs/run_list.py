"""The list of runs, newest first, with pages, and filters by what started them and how they ended."""

import streamlit as st
from sqlalchemy import Engine

from dashboard import navigation
from dashboard.shared import pager
from dashboard.shared.runs import run_labels
from dashboard.views.runs import run_rows
from syncer.journal import run_queries
from syncer.journal.run_queries import RunFilter
from syncer.journal.run_state import RunState, Trigger

TRIGGER, STATE, HIDE, PLACES = "trigger", "state", "hide skipped", "runs places"
"""Widgets, and the pages that lie in front of the one that is shown, each by the ``before`` of its runs."""
PAGE = 25


def draw(engine: Engine) -> None:
    """The filters, the page of runs, and the ways to the next and the previous one."""
    chosen = _filters()
    places: list[int] = st.session_state.setdefault(PLACES, [])
    page = run_queries.page(
        engine,
        RunFilter(*chosen, before=places[-1] if places else None, skipped=not st.session_state.get(HIDE)),
        PAGE,
    )
    if not page.runs:
        _empty(any(chosen) or bool(places))
    else:
        run_rows.draw(page.runs)
    with st.container(horizontal=True):
        pager.draw(
            _turn,
            (places[:-1],) if places else None,
            None if page.next is None else ([*places, page.next],),
            key="runs",
        )


def _filters() -> tuple[Trigger | None, RunState | None]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        trigger = st.selectbox(
            "What made it",
            tuple(Trigger),
            index=None,
            format_func=run_labels.trigger,
            placeholder="Anything",
            key=TRIGGER,
            on_change=_first,
            width=240,
        )
        state = st.selectbox(
            "How it ended",
            tuple(RunState),
            index=None,
            placeholder="Any way",
            key=STATE,
            on_change=_first,
            width=200,
        )
        st.toggle(
            "Hide those that did not take place",
            key=HIDE,
            on_change=_first,
            help="Ticks that were skipped, because another run was going on.",
        )
    return trigger, state


def _empty(filtered: bool) -> None:
    if filtered:
        st.info("No run is like that. Choose something else, or nothing.", icon=":material/filter_alt_off:")
    else:
        st.info(
            "There was no run yet. The Overview says what is to be done before the first one.",
            icon=":material/info:",
        )
        st.page_link(navigation.OVERVIEW, label="Open the Overview", icon=":material/arrow_forward:")


def _first() -> None:
    st.session_state[PLACES] = []


def _turn(places: list[int]) -> None:
    st.session_state[PLACES] = places
