"""Audit trail: who did what, and when, for administrators."""

from functools import partial

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, session
from dashboard.views.audit import rows
from syncer.core.permissions import Act, NotPermitted
from syncer.journal import audit

PAGE = 100
BEFORE = "before"
"""In the address, so that a way back leads to the newest again."""


def filters() -> tuple[str | None, str | None]:
    """Whom and what to show; another choice begins at the newest again."""
    application = session.application()
    who, what = st.columns(2)
    names = audit.people(application.engine, application.person)
    person = who.selectbox(
        "Who", names, index=None, key="audit person", placeholder="Everybody", on_change=_newest
    )
    acts = [act.value for act in Act if act is not Act.AUDIT]
    return person, what.selectbox(
        "What", acts, index=None, key="audit act", placeholder="Everything", on_change=_newest
    )


def _newest() -> None:
    st.query_params.pop(BEFORE, None)


def _older(before: int) -> None:
    st.query_params[BEFORE] = str(before)


def view() -> None:
    """The filters, a page of acts, and the way to older ones."""
    st.title("Audit trail")
    st.caption(
        "Every change of settings and everything that somebody asked for, with who and when. What the"
        " schedule does by itself is under Runs."
    )
    try:
        person, act = filters()
        given = st.query_params.get(BEFORE, "")
        before = int(given) if given.isdecimal() and len(given) < 19 else None
        read = rows.reader(person, act)
        found = read(before, PAGE + 1)
    except (NotPermitted, SQLAlchemyError) as error:
        errors.draw(error)
        return
    shown, more = found[:PAGE], len(found) > PAGE
    if shown:
        rows.draw(shown)
    else:
        st.info(
            "Nobody did anything like that."
            if person or act
            else "Nobody did anything yet. Connect both systems first, under Connection."
        )
    with st.container(horizontal=True):
        st.button("Newest", on_click=_newest, disabled=before is None)
        st.button("Older", on_click=_older, args=(shown[-1].id if shown else 0,), disabled=not more)
        st.download_button(
            "Download as CSV",
            partial(rows.whole, read),
            "audit-trail.csv",
            "text/csv",
            on_click="ignore",
            disabled=not shown,
        )


view()
