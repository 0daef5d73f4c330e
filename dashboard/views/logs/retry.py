"""Retry, as the Integration Logs ask for it: the request to the worker, and its outcome in a sentence."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.shared import pending_requests, session
from dashboard.shared.markdown import plain
from dashboard.shared.students import outcome_words
from syncer.application.work_requests import Answer
from syncer.core.permissions import Action, NotPermitted
from syncer.journal import runs
from syncer.sync.failures import Which

_REQUEST = "retry"
_RETRIED_ENTRY = "retried entry"
_WAITING = "Being done again: read anew in both systems, planned, and written."


def retry_entry(entry: int) -> None:
    """Retry this entry."""
    _submit(lambda: session.worker_client().retry(entry), entry)


def retry_entries(entries: Sequence[int]) -> None:
    """Retry these entries."""
    _submit(lambda: session.worker_client().retry_several(entries))


def retry_cause(code: str) -> None:
    """Retry every record that fails with this code now."""
    _submit(lambda: session.worker_client().retry_cause(Which(code)))


def blocked_reason() -> str | None:
    """Why Retry is disabled, as a sentence; None if it is not."""
    try:
        session.application().person.require(Action.RETRY)
    except NotPermitted as refused:
        return str(refused)
    if pending_requests.pending(_REQUEST):
        return "Something is being done again already. Wait until it is done."
    return None


def answer_for(entry: int) -> Answer | None:
    """The answer to the Retry of this very entry, once there is one."""
    if st.session_state.get(_RETRIED_ENTRY) != entry:
        return None
    return pending_requests.answer(_REQUEST)


def forget() -> None:
    """Forget the last Retry, unless it is still pending."""
    if not pending_requests.pending(_REQUEST):
        pending_requests.forget(_REQUEST)
        st.session_state.pop(_RETRIED_ENTRY, None)


def draw() -> None:
    """Draw that a Retry is pending, or its outcome."""
    if pending_requests.pending(_REQUEST):
        pending_requests.draw_until_answered(_REQUEST, _WAITING)
        return
    answer = pending_requests.answer(_REQUEST)
    if answer is None:
        return
    run = None
    if answer.run and len(answer.outcomes) >= pending_requests.MOST_OUTCOMES:
        run = runs.find(session.application().database, answer.run)
    fixed = answer.outcomes and not (answer.failed or answer.sentence or outcome_words.failures(answer))
    box = st.success if fixed else st.warning
    with st.container(horizontal=True, vertical_alignment="center"):
        box(plain(outcome_words.sentence(answer, run), longest=1000))
        st.button("Close", on_click=forget, icon=":material/close:", type="tertiary", key="close retry")


def _submit(verb: Callable[[], str], entry: int | None = None) -> None:
    pending_requests.submit(_REQUEST, verb)
    st.session_state[_RETRIED_ENTRY] = entry
