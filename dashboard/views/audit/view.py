"""Audit trail: who did what, and when, for administrators."""

from functools import partial

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, pager, session
from dashboard.views.audit import rows
from syncer.core.permissions import Action, NotPermitted
from syncer.journal import audit

PAGE = 100
"""Acts on a page."""
BEFORE = "before"
"""The parameter of the address with the act before which a page begins, so that the browser's Back leads to
the newer page."""


def view() -> None:
    """Draw the filters, a page of acts, and the links to the other pages."""
    st.title("Audit trail")
    st.caption(
        "Every change of settings and everything that somebody asked for, with who and when. What the"
        " schedule starts is under Runs."
    )
    before = _before()
    try:
        person, act = _draw_filters()
        read = rows.reader(person, act)
        acts = read(before, PAGE + 1)
    except (NotPermitted, SQLAlchemyError) as error:
        errors.draw(error)
        return
    shown = acts[:PAGE]
    if shown:
        rows.draw(shown)
    elif person or act:
        st.info("Nobody did anything like that.")
    else:
        st.info("Nobody did anything yet. Connect both systems first, under Connection.")
    with st.container(horizontal=True):
        pager.draw(
            _turn,
            None if before is None else (None,),
            (shown[-1].id,) if len(acts) > PAGE else None,
            words=("Newest", "Older"),
            key="audit",
        )
        st.download_button(
            "Download as CSV",
            partial(rows.to_csv, read),
            "audit-trail.csv",
            "text/csv",
            on_click="ignore",
            disabled=not shown,
        )


def _before() -> int | None:
    text = st.query_params.get(BEFORE, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _draw_filters() -> tuple[str | None, str | None]:
    """The chosen person and act; None for all. A new choice begins with the newest act."""
    application = session.application()
    left, right = st.columns(2)
    person = left.selectbox(
        "Who",
        audit.people(application.database, application.person),
        index=None,
        key="audit person",
        placeholder="Everybody",
        on_change=_turn,
    )
    act = right.selectbox(
        "What",
        [act.value for act in Action if act is not Action.AUDIT],
        index=None,
        key="audit act",
        placeholder="Everything",
        on_change=_turn,
    )
    return person, act


def _turn(before: int | None = None) -> None:
    if before is None:
        st.query_params.pop(BEFORE, None)
    else:
        st.query_params[BEFORE] = str(before)


view()
