"""Those whom somebody may mean who searched for a student."""

import streamlit as st

from dashboard.shared import session
from dashboard.shared.markdown import plain
from dashboard.shared.students import student_links
from syncer.configuration.document import Document, entity_name
from syncer.core.records import Kind
from syncer.infra.database.engine import reading
from syncer.sync import record_search
from syncer.sync.record_search import Person

MOST = 50
_NOBODY = (
    "Nobody is known by “{}”. Check its spelling: a part of a name or of an e-mail address is enough, or a"
    " whole ID of either system. Somebody who is new in one of the systems is known after the next run."
)


def only_one(document: Document, text: str) -> str:
    """The ID of the student that ``text`` means; empty where it may mean several, or nobody."""
    found = _found(document, text)
    return _id(found[0]) if len(found) == 1 else ""


def draw(document: Document, text: str) -> None:
    """Draw them as a list of buttons, each of which opens the student."""
    st.title("Student")
    found = _found(document, text)
    if not found:
        draw_nobody(text)
        return
    more = f"The first {MOST} who" if len(found) == MOST else f"{len(found)} who"
    st.caption(f"{more} may be meant by “{plain(text)}”. A name opens the student.")
    with st.container(gap=None):
        for person in found:
            st.button(
                _label(person),
                icon=":material/person:",
                type="tertiary",
                key=f"found {_id(person)}",
                on_click=student_links.open_student,
                args=(_id(person),),
            )


def _label(person: Person) -> str:
    name = plain(person.name or person.email or _id(person), longest=60)
    email = plain(person.email) if person.name and person.email else ""
    ours, theirs = person.element_id or "none yet", person.salesforce_id or "none yet"
    return f"**{name}** {email} :gray[Element ID {ours}, Salesforce ID {theirs}]"


def draw_nobody(text: str) -> None:
    """Draw that nobody is known by this."""
    st.info(_NOBODY.format(plain(text)), icon=":material/search_off:")


def _found(document: Document, text: str) -> list[Person]:
    engine = reading(session.application().database)
    return record_search.find(engine, entity_name(document, Kind.CONTACT), text, MOST)


def _id(person: Person) -> str:
    return str(person.element_id or person.salesforce_id)
