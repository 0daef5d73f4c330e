"""What came of an act of the person in front of the page: said once, on top of what the page then shows."""

from collections.abc import Callable

import redis
import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors
from dashboard.shared.markdown import plain
from syncer.connectors.errors import Fault

EXPECTED = (Fault, *errors.SPEAKING, SQLAlchemyError, redis.RedisError)
"""What an act may raise without the page being broken: each has a sentence for the person."""


def attempt(place: str, act: Callable[[], str | None], otherwise: str = "") -> None:
    """Do ``act``, in a callback. The sentence that it gives, or why it could not be done, is said where
    ``place`` is shown next; ``otherwise`` says how things stand then."""
    try:
        said, well = act(), True
    except EXPECTED as error:
        said, well = f"{errors.noted(error)} {otherwise}".strip(), False
    st.session_state[f"notice {place}"] = (well, said)


def show(place: str) -> None:
    """Say what came of the last act of ``place``, if anything is to be said that was not yet."""
    well, said = st.session_state.pop(f"notice {place}", (True, None))
    if said:
        (st.success if well else st.error)(plain(said, longest=1000))
