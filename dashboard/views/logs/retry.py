"""Retry, as the Integration Logs ask for it: the request to the worker, and its outcome in a sentence."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.shared import pending_requests, session
from dashboard.shared.markdown import plain
from syncer.application.remedies import for_code
from syncer.application.work_requests import Answer
from syncer.core.permissions import Action, NotPermitted
from syncer.core.plan import Status
from syncer.journal import runs
from syncer.journal.runs import Run

_REQUEST = "retry"
_RETRIED_ENTRY = "retried entry"
_WAITING = "Being done again: read anew in both systems, planned, and written."
_NOTHING_DONE = (
    "There was nothing to be done: no such record fails any more, or it needs nothing in this direction."
)


def retry_entry(entry: int) -> None:
    """Retry this entry."""
    _submit(lambda: session.worker_client().retry(entry), entry)


def retry_entries(entries: Sequence[int]) -> None:
    """Retry these entries."""
    _submit(lambda: session.worker_client().retry_several(entries))


def retry_cause(code: str) -> None:
    """Retry every record that fails with this code now."""
    _submit(lambda: session.worker_client().retry_cause(code))


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
    box = st.warning if answer.failed or _failures(answer) else st.success
    with st.container(horizontal=True, vertical_alignment="center"):
        box(plain(outcome_sentence(answer, run), longest=1000))
        st.button("Close", on_click=forget, icon=":material/close:", type="tertiary", key="close retry")


def outcome_sentence(answer: Answer, run: Run | None = None) -> str:
    """How many records got which status, and why those that failed did so again. ``run`` has the numbers
    where the answer holds only some of the outcomes."""
    if run:
        numbers = sum((Counter(counts) for counts in run.counts.values()), Counter[str]())
    else:
        numbers = Counter(str(outcome["status"]) for outcome in answer.outcomes)
    succeeded = {status: number for status, number in numbers.items() if status != Status.FAILED}
    sentences = []
    if succeeded:
        done = ", ".join(f"{number:,} {status}" for status, number in succeeded.items())
        sentences.append(f"Done again in run {answer.run}: {done}.")
    if numbers[Status.FAILED]:
        where = "" if succeeded else f" in run {answer.run}"
        sentences.append(f"{numbers[Status.FAILED]:,} failed again{_causes(_failures(answer), where)}")
    elif succeeded and not answer.sentence:
        only_one = numbers.total() == 1
        sentences.append("It does not fail any more." if only_one else "None of them fails any more.")
    if answer.sentence:
        sentences.append(answer.sentence)
    return " ".join(sentences) or _NOTHING_DONE


def _causes(failures: Sequence[Mapping[str, Any]], where: str) -> str:
    """The rest of the sentence after "failed again": where, and the most frequent cause. Without failures,
    their reasons are not among the outcomes that the answer holds."""
    if not failures:
        return "."
    causes = Counter(_cause(failure) for failure in failures).most_common()
    cause = causes[0][0]
    reasons = {str(failure["reason"]) for failure in failures if _cause(failure) == cause}
    # Records with the same cause may have reasons that name different values.
    reason = reasons.pop() if len(reasons) == 1 else f"{for_code(cause).title}."
    others = len(causes) - 1
    if others == 0:
        return f"{where}: {reason}"
    others_too = "There is one other reason" if others == 1 else f"There are {others} other reasons"
    return f"{where}: {reason} ({others_too} too.)"


def _cause(failure: Mapping[str, Any]) -> str:
    return str(failure.get("code") or failure["reason"])


def _failures(answer: Answer) -> list[Mapping[str, Any]]:
    return [outcome for outcome in answer.outcomes if outcome["status"] == Status.FAILED]


def _submit(verb: Callable[[], str], entry: int | None = None) -> None:
    pending_requests.submit(_REQUEST, verb)
    st.session_state[_RETRIED_ENTRY] = entry
