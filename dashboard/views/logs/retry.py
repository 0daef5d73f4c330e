"""Retry: asked for from the Integration Logs, done by the worker, and what came of it said in a sentence."""

from collections import Counter
from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.shared import pending_requests, session
from dashboard.shared.markdown import plain
from syncer.application.remedies import for_code
from syncer.application.work_requests import Answer
from syncer.core.permissions import Act, NotPermitted
from syncer.core.plan import Status
from syncer.journal import runs
from syncer.journal.runs import Run

NAME = "retry"
_OF = "retried entry"
WAITING = "Being done again: read anew in both systems, planned, and written."


def one(entry: int) -> None:
    """Retry this entry."""
    _ask(lambda: session.worker_client().retry(entry), entry)


def several(entries: Sequence[int]) -> None:
    """Retry these entries."""
    _ask(lambda: session.worker_client().retry_several(entries))


def cause(code: str) -> None:
    """Retry every record that fails for this cause now."""
    _ask(lambda: session.worker_client().retry_cause(code))


def why_not() -> str | None:
    """Why whoever looks may not retry; None where they may."""
    try:
        session.application().person.require(Act.RETRY)
    except NotPermitted as refused:
        return str(refused)
    return None


def blocked() -> str | None:
    """Why Retry cannot be pressed now; None where it can."""
    return why_not() or (
        "Something is being done again already. Wait until it is done."
        if pending_requests.pending(NAME)
        else None
    )


def answered(entry: int) -> Answer | None:
    """What came of retrying this very entry, once it is known."""
    return pending_requests.answer(NAME) if st.session_state.get(_OF) == entry else None


def forget() -> None:
    """What was asked for is of no interest any more, if it was answered."""
    if not pending_requests.pending(NAME):
        pending_requests.forget(NAME)
        st.session_state.pop(_OF, None)


def draw() -> None:
    """That it is being done, or what came of it."""
    if pending_requests.pending(NAME):
        pending_requests.draw_until_answered(NAME, WAITING)
    elif found := pending_requests.answer(NAME):
        run = (
            runs.find(session.application().engine, found.run)
            if found.run and len(found.outcomes) >= pending_requests.MOST_OUTCOMES
            else None
        )
        said = plain(sentence(found, run), longest=1000)
        box = st.container(horizontal=True, vertical_alignment="center")
        with box:
            tell = st.warning if found.failed or _failed(found) else st.success
            tell(said)
            st.button("Close", on_click=forget, icon=":material/close:", type="tertiary", key="close retry")


def sentence(answer: Answer, run: Run | None = None) -> str:
    """What came of it: how many with which status, and why what failed did so again. ``run`` knows how many,
    where the answer holds but some."""
    every = Counter(str(made["status"]) for made in answer.outcomes)
    if run:
        every = sum((Counter(counts) for counts in run.counts.values()), Counter())
    done = ", ".join(f"{times:,} {status}" for status, times in every.items() if status != Status.FAILED)
    failed = [made for made in answer.outcomes if made["status"] == Status.FAILED]
    causes = Counter(str(made.get("code") or made["reason"]) for made in failed).most_common()
    said = [f"Done again in run {answer.run}: {done}."] if done else []
    if causes:
        first = [str(made["reason"]) for made in failed if causes[0][0] in (made.get("code"), made["reason"])]
        # Of one cause, each record may have a reason that names other values.
        why = first[0] if len(set(first)) == 1 else f"{for_code(causes[0][0]).title}."
        others = {0: "", 1: " (There is one other reason too.)"}.get(
            len(causes) - 1, f" (There are {len(causes) - 1} other reasons too.)"
        )
        said.append(
            f"{every[Status.FAILED]:,} failed again{'' if done else f' in run {answer.run}'}: {why}{others}"
        )
    elif every[Status.FAILED]:
        said.append(f"{every[Status.FAILED]:,} failed again.")  # beyond those whose reasons the answer holds
    elif done and not answer.sentence:
        said.append("It does not fail any more." if every.total() == 1 else "None of them fails any more.")
    if answer.sentence:
        said.append(answer.sentence)
    return (
        " ".join(said)
        or "There was nothing to be done: no such record fails any more, or it needs nothing in this"
        " direction."
    )


def _failed(answer: Answer) -> bool:
    return any(made["status"] == Status.FAILED for made in answer.outcomes)


def _ask(verb: Callable[[], str], entry: int | None = None) -> None:
    pending_requests.submit(NAME, verb)
    st.session_state[_OF] = entry
