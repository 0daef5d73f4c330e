"""Runs: what started each, how it ended, what it counted and cost. A run that waits is approved or rejected
here."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, query_params, session
from dashboard.shared.runs import live_run
from dashboard.views.runs import run_detail, run_list
from syncer.infra.database.engine import reading
from syncer.journal import runs
from syncer.journal.run_state import RunState


def view() -> None:
    """Draw the run that the address names, else the list."""
    st.title("Runs")
    try:
        engine = reading(session.application().database)
        number = query_params.number(st.query_params.get("run"))
        if number:
            st.button("All runs", on_click=_back, icon=":material/arrow_back:", type="tertiary", key="back")
        live_run.draw(runs.in_progress(engine), runs.change_marker(engine))
        live_run.draw_outcome(except_states=tuple(RunState) if number else ())
        if not number:
            run_list.draw(engine)
        elif run := runs.find(engine, number):
            run_detail.draw(run)
        else:
            st.info(f"There is no run {number}.")
    except SQLAlchemyError as error:
        errors.draw(error)


def _back() -> None:
    st.query_params.clear()


view()
