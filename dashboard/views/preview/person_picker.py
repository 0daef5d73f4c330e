"""The field in which somebody names a contact: by any ID, by e-mail address, or by part of a name."""

from dataclasses import dataclass

import streamlit as st

from dashboard.shared import session
from syncer.core.ids import element_id, salesforce_id
from syncer.core.text import counted, visible
from syncer.infra.database.engine import reading
from syncer.sync import record_search
from syncer.sync.record_search import Person

MOST = 20
WHO = "who"
"""The box's name in the session."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom somebody chose: by one of both IDs, or nobody in particular. ``ready``: they are not in the midst
    of choosing; ``known_by``: every ID that the chosen one has, of either system."""

    ready: bool = True
    element_id: str | None = None
    salesforce_id: str | None = None
    known_by: frozenset[str] = frozenset()

    @property
    def anybody(self) -> bool:
        """Whether nobody in particular is meant."""
        return not (self.element_id or self.salesforce_id)

    def means(self, identity: str | None) -> bool:
        """Whether it is the one that has this ID; with None, nobody in particular."""
        return self.ready and (identity in self.known_by if identity else self.anybody)


def draw(entity: str, typed: str = "", chosen: str | None = None) -> Choice:
    """Draw the box, and whom it found. ``entity``: the Salesforce object of contacts; ``typed``: what stands
    in the box at first; ``chosen``: the ID of whom the page is about already."""
    asked = st.text_input(
        "Salesforce ID or Element451 user",
        typed[:_LONGEST],
        key=WHO,
        max_chars=_LONGEST,
        placeholder="ID, e-mail address or part of a name",
        icon=":material/person_search:",
    ).strip()
    if not asked:
        return Choice()
    found = record_search.find(reading(session.application().database), entity, asked, MOST)
    if not found:
        return _unknown(asked)
    if len(found) == 1:
        st.text(f"Found: {_words(found[0])}")
        return _choice(found[0])
    return _one_of(found, f"found {asked}", chosen)


def _one_of(found: list[Person], key: str, before: str | None) -> Choice:
    """Whom of several. What people are called may change while somebody looks, which must not undo the
    choice."""
    people = {str(person.element_id or person.salesforce_id): person for person in found}
    if before in people and st.session_state.get(key) not in people:
        st.session_state[key] = before
    label = (
        f"{counted(len(found), 'contact')} found"
        if len(found) < MOST
        else f"The first {MOST} contacts found; write more of the name to see others"
    )
    chosen = st.selectbox(
        label,
        list(people),
        index=None,
        format_func=lambda one: _words(people[one]),
        placeholder="Choose one",
        key=key,
        required=True,
    )
    return _choice(people[chosen]) if chosen else Choice(ready=False)


def _unknown(asked: str) -> Choice:
    """Nobody is known by it. Who has an ID may all the same be read."""
    if ours := element_id(asked):
        return Choice(element_id=ours, known_by=frozenset({ours}))
    if theirs := salesforce_id(asked):
        return Choice(salesforce_id=theirs, known_by=frozenset({theirs}))
    st.info(
        "Nobody is known by this name, e-mail address or ID. Check its spelling; somebody who is new is found"
        " by an ID.",
        icon=":material/search_off:",
    )
    return Choice(ready=False)


def _choice(person: Person) -> Choice:
    ids = frozenset(identity for identity in (person.element_id, person.salesforce_id) if identity)
    return Choice(True, person.element_id, None if person.element_id else person.salesforce_id, ids)


def _words(person: Person) -> str:
    parts = (
        person.name,
        person.email,
        person.element_id or "not in Element451 yet",
        person.salesforce_id or "not in Salesforce yet",
    )
    return visible(" · ".join(part for part in parts if part))
