"""Integration Logs: every contact imported, contact exported and conversation exported, newest first; what
went wrong, and Retry."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, query_params, session
from dashboard.shared.record_names import RecordNames
from dashboard.views.logs import entry_detail, entry_list, retry
from syncer.configuration.document import Document
from syncer.core.records import System
from syncer.journal import log_queries


def view() -> None:
    """Draw the entry that the address names, else the list."""
    st.title("Integration Logs")
    try:
        current = session.application().configuration.current()
        document = current[1] if current else None
        number = query_params.number(st.query_params.get("entry"))
        if number:
            _draw_entry(number, document)
        else:
            entry_list.draw(document)
    except SQLAlchemyError as error:
        errors.draw(error)


def _draw_entry(number: int, document: Document | None) -> None:
    engine = session.application().database
    st.button("Back to the entries", on_click=_back, icon=":material/arrow_back:", type="tertiary")
    retry.draw()
    entry = log_queries.entry(engine, number)
    if entry is None:
        st.info(f"There is no entry {number} any more. Entries are kept for a time, then they go.")
        return
    answer = retry.answer_for(number)
    retried = entry_detail.entry_of_retry(engine, entry, answer.run) if answer else None
    if retried:
        # The new entry takes the place of the one that it repeats: it links back, and says what happened.
        query_params.update(entry=retried)
        entry = log_queries.entry(engine, retried) or entry
    salesforce = session.application().connections.view(System.SALESFORCE)
    entry_detail.draw(engine, entry, RecordNames(engine, document, [entry]), salesforce)


def _back() -> None:
    retry.forget()
    query_params.update(entry=None)


view()
