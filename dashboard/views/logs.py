"""Integration Logs: every contact imported, contact exported and conversation exported, newest first; what went wrong, and doing it again."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard import here, mishaps
from dashboard.parts import log_entry, log_filters, log_list, log_retry
from dashboard.parts.log_names import Called
from dashboard.parts.text import plain
from syncer.configuration.config_file import Document
from syncer.core.records import System
from syncer.journal import log_queries


def view() -> None:
    """Draw the entry that the address names, else the list."""
    st.title("Integration Logs")
    try:
        current = here.application().configuration.current()
        document = current[1] if current else None
        if number := log_filters.number(st.query_params.get("entry")):
            _entry(number, document)
        else:
            log_list.draw(document)
    except SQLAlchemyError as error:
        st.error(plain(mishaps.noted(error), longest=1000))


def _entry(number: int, document: Document | None) -> None:
    engine = here.application().engine
    st.button("Back to the entries", on_click=_back, icon=":material/arrow_back:", type="tertiary")
    log_retry.draw()
    entry = log_queries.entry(engine, number)
    if entry is None:
        st.info(f"There is no entry {number} any more. Entries are kept for a time, then they go.")
        return
    if (answer := log_retry.answered(number)) and (again := log_entry.newest_of(engine, entry, answer.run)):
        # The new one takes the page: it is linked to the one that it repeats, and says what came of it.
        log_filters.show(entry=again)
        entry = log_queries.entry(engine, again) or entry
    log_entry.draw(engine, entry, Called(engine, document, [entry]), here.application().connections.view(System.SALESFORCE))


def _back() -> None:
    log_retry.forget()
    log_filters.show(entry=None)


view()
