"""The parts of the page of a student: both systems side by side, what happened, the conversations."""

import streamlit as st
from sqlalchemy import Engine

from dashboard.shared.markdown import plain
from dashboard.shared.record_names import RecordNames
from dashboard.views.student import conversations, fields, timeline
from syncer.application.students import Student
from syncer.configuration.document import Document


def draw(engine: Engine, document: Document, student: Student) -> None:
    """Draw the parts. ``document`` is the configuration in force."""
    if student.untold:
        st.warning(plain(student.untold, longest=1000), icon=":material/warning:")
    names = RecordNames(engine, document)
    fields.draw(engine, document, student)
    timeline.draw(student, names)
    conversations.draw(student)
