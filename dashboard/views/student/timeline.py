"""Everything that happened to a student, newest first; the last check that found nothing to do, too."""

import streamlit as st
from sqlalchemy import Engine

from dashboard import navigation
from dashboard.shared.record_names import RecordNames
from dashboard.shared.students import entry_rows, page_switch
from syncer.application.students import ENTRIES, Student
from syncer.infra.database.engine import reading
from syncer.sync import failures


def draw(engine: Engine, student: Student, names: RecordNames) -> None:
    """Draw the rows, and the way to the rest."""
    if not student.history:
        return
    st.subheader("What happened", anchor=False)
    logged = [entry for entry in student.history if entry["entry"]]
    with reading(engine).connect() as connection:
        still = failures.still(connection, logged)
    entry_rows.draw(student.history, names, still, _open, with_names=False)
    if len(logged) >= ENTRIES:
        st.page_link(
            navigation.LOGS,
            label="All entries, conversations too",
            icon=":material/history:",
            query_params={"record": student.identity},
        )


def _open(number: int) -> None:
    page_switch.ask(navigation.LOGS, entry=str(number))
