"""Those whom somebody may mean who searched for a student."""

import streamlit as st

from dashboard.shared import session
from dashboard.shared.markdown import plain
from dashboard.shared.students import student_links
from syncer.configuration.document import Document, entity_name
from syncer.core.records import Kind
from syncer.core.text import visible
from syncer.infra import csv_export
from syncer.infra.database.engine import reading
from syncer.sync import record_search
from syncer.sync.record_search import Person

MOST = 50
_NOBODY = (
    "Nobody is known by “{}”. Write the beginning of a first name, a last name or an e-mail address, or a"
    " whole ID of either system. Somebody who is new in one of the systems is known after the next run."
)


def only_one(document: Document, text: str) -> str:
    """The ID of the student that ``text`` means; empty where it may mean several, or nobody."""
    found = _found(document, text)
    return _id(found[0]) if len(found) == 1 else ""


def draw(document: Document, text: str) -> None:
    """Draw them as a list; each name opens the student."""
    st.title("Student")
    found = _found(document, text)
    if not found:
        draw_nobody(text)
        return
    more = f"The first {MOST} who" if len(found) == MOST else f"{len(found)} who"
    st.caption(f"{more} may be meant by “{plain(text)}”. A name opens the student.")
    ids = [_id(person) for person in found]
    key = f"found {ids[0]}-{ids[-1]}-{len(ids)}"
    rows = [
        {
            "Student": csv_export.escape(visible(person.name or person.email or _id(person))),
            "E-mail": csv_export.escape(person.email),
            "Element ID": person.element_id or "none yet",
            "Salesforce ID": person.salesforce_id or "none yet",
        }
        for person in found
    ]
    column = student_links.column(key, ids, width=200)
    st.dataframe(rows, hide_index=True, key=f"list {key}", column_config={"Student": column})


def draw_nobody(text: str) -> None:
    """Draw that nobody is known by this."""
    st.info(_NOBODY.format(plain(text)), icon=":material/search_off:")


def _found(document: Document, text: str) -> list[Person]:
    engine = reading(session.application().database)
    return record_search.find(engine, entity_name(document, Kind.CONTACT), text, MOST)


def _id(person: Person) -> str:
    return str(person.element_id or person.salesforce_id)
