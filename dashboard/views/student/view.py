"""Student: one person in both systems, found by name, e-mail address or either ID from the top of every
page."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard import navigation
from dashboard.shared import errors, query_params, session
from dashboard.views.student import header, overview, search_results
from syncer.application import students
from syncer.configuration.document import Document
from syncer.core.records import System

_HOW = (
    "Write a part of a name or of an e-mail address into the box on top, or a whole Element ID or Salesforce"
    " ID: Enter opens the student."
)


def view() -> None:
    """Draw the student whom the address names, else those who were searched for."""
    try:
        current = session.application().configuration.current()
        if current is None:
            _draw_nothing_mapped()
            return
        document = current[1]
        identity, text = (
            st.query_params.get(name, "").strip() for name in (query_params.STUDENT, query_params.FIND)
        )
        if text and not identity:
            identity = search_results.only_one(document, text)
        if identity:
            _draw_student(document, identity)
        elif text:
            search_results.draw(document, text)
        else:
            st.title("Student")
            st.info(_HOW, icon=":material/person_search:")
    except SQLAlchemyError as error:
        errors.draw(error)


def _draw_nothing_mapped() -> None:
    st.title("Student")
    st.info("Nothing is mapped yet. Once both systems are connected and synced, students are found here.")
    st.page_link(navigation.MAPPINGS, label="Go to Mappings", icon=":material/arrow_forward:")


def _draw_student(document: Document, identity: str) -> None:
    application = session.application()
    student = students.open_student(application, identity)
    if student is None:
        st.title("Student")
        search_results.draw_nobody(identity)
        return
    salesforce = application.connections.view(System.SALESFORCE)
    account = salesforce.account if salesforce else None
    header.draw(student, account)
    overview.draw(application.database, document, student, account)


view()
