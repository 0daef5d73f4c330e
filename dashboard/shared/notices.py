"""Notices: the outcome of what a person did, shown once on the page that is drawn next."""

from collections.abc import Callable

import redis
import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors
from dashboard.shared.markdown import plain
from syncer.connectors.errors import Fault

EXPECTED = (Fault, *errors.READABLE, SQLAlchemyError, redis.RedisError)
"""Exceptions that do not mean that the page is broken: each has a sentence for the person."""


def attempt(place: str, act: Callable[[], str | None], after_failure: str = "") -> None:
    """Do ``act`` in a callback, and keep its outcome for `show`: the sentence that it returns, or why it
    failed followed by ``after_failure``. ``place`` names where the notice is shown."""
    try:
        notice = act()
    except EXPECTED as error:
        put_error(place, f"{errors.report(error)} {after_failure}".strip())
    else:
        st.session_state[_key(place)] = (True, notice)


def put_error(place: str, sentence: str) -> None:
    """Keep an error for `show`."""
    st.session_state[_key(place)] = (False, sentence)


def show(place: str) -> None:
    """Show the notice of ``place`` that was not shown yet, if there is one."""
    succeeded, sentence = st.session_state.pop(_key(place), (True, None))
    if not sentence:
        return
    box = st.success if succeeded else st.error
    box(plain(sentence, longest=1000))


def _key(place: str) -> str:
    return f"notice {place}"
