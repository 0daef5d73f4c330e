"""Runs: each with what made it, how it ended, what it counted and cost; one that waits is looked at and approved or rejected here."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard import here, mishaps
from dashboard.parts import log_filters, progress, run_page, run_table
from dashboard.parts.text import plain
from syncer.infra.database.engine import reading
from syncer.journal import run_queries, runs


def view() -> None:
    """Draw the run that the address names, else the list."""
    st.title("Runs")
    try:
        engine = reading(here.application().engine)
        number = log_filters.number(st.query_params.get("run"))
        if number:
            st.button("All runs", on_click=_back, icon=":material/arrow_back:", type="tertiary", key="back")
        progress.draw(runs.under_way(engine), runs.newest(engine))
        progress.answered(but=run_queries.STATES if number else ())
        if not number:
            run_table.draw(engine)
        elif run := runs.find(engine, number):
            run_page.draw(run)
        else:
            st.info(f"There is no run {number}.")
    except SQLAlchemyError as error:
        st.error(plain(mishaps.noted(error), longest=1000))


def _back() -> None:
    st.query_params.clear()


view()
