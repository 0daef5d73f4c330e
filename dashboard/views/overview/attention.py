"""What needs a person, each with the button or link that solves it."""

from datetime import UTC, datetime

import streamlit as st

from dashboard import navigation
from dashboard.shared import pending_requests, session, times
from dashboard.shared.markdown import plain
from dashboard.shared.runs import guard_summary
from syncer.application import remedies
from syncer.application.attention import Need, What
from syncer.application.overview import Overview
from syncer.application.work_requests import Answer
from syncer.core.permissions import Act
from syncer.core.plan import Status
from syncer.core.text import counted
from syncer.sync.failures import CauseCount

RETRY = "retry a cause"
"""The name under which a session remembers the retry that it asked for (`tickets`)."""
CAUSES = 5
"""Causes that are shown; the logs show all."""
LINKS = {
    What.CONNECT: (navigation.CONNECTION, "Connect"),
    What.RECONNECT: (navigation.CONNECTION, "Connect again"),
    What.MAP: (navigation.MAPPINGS, "Open Mappings"),
    What.CONFIGURATION: (navigation.MAPPINGS, "Open Mappings"),
    What.WAITING: (navigation.RUNS, "Look at it, then approve or reject"),
    What.FAILED: (navigation.RUNS, "Look at the run"),
    What.REJECTED: (navigation.RUNS, "Look at the run"),
}


def draw(found: list[Need], seen: Overview) -> None:
    """Every need, the most pressing first; nothing where there is none."""
    for need in found:
        with st.container(border=True):
            if need.what is What.FAILING:
                _failing(need, seen)
            else:
                _one(
                    need,
                    guard_summary.most_emptied_field(seen.waiting)
                    if need.what is What.WAITING and seen.waiting
                    else "",
                )


def _one(need: Need, more: str) -> None:
    icon, colour = (":material/error:", "red") if need.pressing else (":material/schedule:", "orange")
    until = (
        f" It goes on {times.when(need.until)} ({times.ago(need.until, datetime.now(UTC))})."
        if need.until
        else ""
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":{colour}[{icon}] {plain(need.sentence, longest=900)}{plain(until)} {more}", width="stretch"
        )
        if need.what in LINKS:
            page, label = LINKS[need.what]
            st.page_link(
                page,
                label=label,
                icon=":material/arrow_forward:",
                query_params={"run": str(need.run)} if need.run else None,
            )


def _failing(need: Need, seen: Overview) -> None:
    st.markdown(f":orange[:material/warning:] **{need.sentence}**{_later(seen)}")
    allowed = session.application().person.may(Act.RETRY)
    for cause in seen.causes[:CAUSES]:
        _cause(cause, allowed)
    if len(seen.causes) > CAUSES:
        st.page_link(
            navigation.LOGS,
            label=counted(len(seen.causes) - CAUSES, "more cause", one="One more cause"),
            query_params={"status": Status.FAILED.value},
        )
    if not allowed:
        st.caption("An analyst or an administrator can retry them.")
    if pending_requests.pending(RETRY):
        pending_requests.draw_until_answered(RETRY, "The records are being done again.")
    elif answer := pending_requests.answer(RETRY):
        (st.error if answer.failed else st.success)(_retried(answer))


def _later(seen: Overview) -> str:
    if not seen.later:
        return ""
    one = seen.later == 1
    which = (
        "It is"
        if seen.failing == 1
        else (
            "All of them are"
            if seen.later >= seen.failing
            else f"{seen.later:,} of them {'is' if one else 'are'}"
        )
    )
    return f" {which} tried again later; where a cause below asks for a correction, make it first."


def _cause(cause: CauseCount, allowed: bool) -> None:
    remedy = remedies.for_code(cause.code, cause.cause)
    records = "this record" if cause.failures == 1 else f"these {counted(cause.failures, 'record')}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{cause.failures:,}** {plain(remedy.title)}",
            help=plain(remedy.advice, longest=600),
            width="stretch",
        )
        st.page_link(
            navigation.LOGS,
            label="Show",
            icon=":material/search:",
            query_params={"status": Status.FAILED.value, "code": cause.code},
        )
        st.button(
            "Retry" if cause.failures == 1 else "Retry all",
            key=f"retry {cause.cause} {cause.code}",
            icon=":material/refresh:",
            on_click=pending_requests.submit,
            args=(RETRY, lambda code=cause.code: session.worker_client().retry_cause(code)),
            disabled=not allowed or pending_requests.pending(RETRY),
            help=f"Reads {records} again in both systems and does what is due. The guard does not ask first.",
        )


def _retried(answer: Answer) -> str:
    if answer.failed or not answer.run:
        return plain(answer.sentence, longest=600)
    return f"Done again in run {answer.run}; what still fails stays listed here."
