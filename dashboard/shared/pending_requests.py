"""What was asked of the worker and is not answered yet: kept by its ticket in the page's session, and looked
for while it is being done.

A reload forgets it; what was asked is done all the same, and the Overview shows a run that goes on to
everybody.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import redis
import streamlit as st
import structlog
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, session
from dashboard.shared.markdown import plain
from syncer.application.work_requests import Answer
from syncer.core.permissions import NotPermitted
from syncer.infra.settings.environment import BadSettings
from syncer.journal import runs
from syncer.journal.approvals import NotWaiting

LOOK_EVERY = 2.0
"""Seconds between two looks for an answer."""
PATIENCE = 12.0
"""Seconds after which it is said why nothing has come yet."""
KEPT = 500
"""Outcomes of an answer that a session keeps: a retry may have thousands, and they are all in the logs."""
NOBODY = (
    "Nobody is at work on this: the worker does not run. Whoever runs this installation has to start it:"
    " python -m worker all. What you asked for is kept, and done as soon as it runs."
)
_AWAY = (BadSettings, redis.RedisError, SQLAlchemyError)
_log = structlog.get_logger(__name__)


def ask(name: str, verb: Callable[[], str]) -> None:
    """Ask the worker for something (a `Desk` verb that gives a ticket) and remember it under ``name``; for a
    button's ``on_click``. Where it cannot be asked, that is the answer."""
    attempt(name, lambda: remember(name, verb()))


def attempt(name: str, act: Callable[[], object]) -> None:
    """Do something that is done at once, for a button's ``on_click``. Where it is not permitted, or a server
    is away, that is the answer under ``name``, to be drawn by `refusal`."""
    try:
        act()
    except (NotPermitted, NotWaiting) as reason:
        _refuse(name, str(reason))
    except _AWAY as error:
        _refuse(name, _sentence(error))


def refusal(name: str) -> None:
    """Draw why what was asked under ``name`` could not be done, once."""
    found = answer(name)
    if found and found.failed:
        st.error(plain(found.sentence, longest=1000))
        forget(name)


def remember(name: str, ticket: str) -> None:
    """Keep the ticket of what was asked under ``name``; what was asked before under it is forgotten."""
    st.session_state[f"ticket {name}"], st.session_state[f"answer {name}"] = ticket, None
    st.session_state[f"asked {name}"] = time.monotonic()


def answer(name: str) -> Answer | None:
    """What came of what was asked under ``name``; None where nothing was, or it is being done."""
    found: Answer | None = st.session_state.get(f"answer {name}")
    return found


def pending(name: str) -> bool:
    """Whether something was asked under ``name`` and is not answered."""
    return bool(st.session_state.get(f"ticket {name}")) and answer(name) is None


def forget(name: str) -> None:
    """Forget what was asked under ``name``."""
    for what in ("ticket", "answer", "asked"):
        st.session_state.pop(f"{what} {name}", None)


def look(name: str) -> bool:
    """Look for the answer to what was asked under ``name``, and keep it; whether there is one. What fails now
    is looked for again."""
    if not pending(name):
        return answer(name) is not None
    try:
        found = session.worker_client().answer(st.session_state[f"ticket {name}"])
    except _AWAY as error:
        _log.warning("no look for an answer", error=type(error).__name__)
        return False
    if found is not None:
        st.session_state[f"answer {name}"] = replace(found, outcomes=found.outcomes[:KEPT])
    return found is not None


def delay(name: str) -> str:
    """Why no answer has come yet, as a sentence; empty where it has not been long, or where all goes well."""
    if time.monotonic() - st.session_state.get(f"asked {name}", 0.0) < PATIENCE:
        return ""
    try:
        if not session.worker_client().anybody_at_work():
            return NOBODY
        going_on = runs.under_way(session.application().engine)
    except _AWAY as error:
        return _sentence(error)
    return (
        f"Run {going_on.id} is going on; yours comes between two of its steps, or after it."
        if going_on
        else ""
    )


@st.fragment(run_every=LOOK_EVERY)
def wait(name: str, sentence: str) -> None:
    """Draw that it is being done; once it is answered, the whole page is drawn again."""
    if look(name):
        st.rerun()
    draw_waiting(name, sentence)


def draw_waiting(name: str, sentence: str) -> None:
    """Draw that what was asked under ``name`` is being done, and why it takes long where it does."""
    why = delay(name)
    if why == NOBODY:
        st.warning(plain(why, longest=500), icon=":material/person_off:")
    else:
        st.info(f"{plain(sentence)} {plain(why)}".strip(), icon="spinner")


def _refuse(name: str, sentence: str) -> None:
    forget(name)
    st.session_state[f"answer {name}"] = Answer(None, [], sentence, True)


def _sentence(error: Exception) -> str:
    return errors.WORKER_UNREACHABLE if isinstance(error, BadSettings) else errors.message(error)
