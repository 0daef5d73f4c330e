"""What needs a person, each with the button or link that helps."""

from datetime import UTC, datetime

import streamlit as st

from dashboard import navigation
from dashboard.shared import pending_requests, session, times
from dashboard.shared.markdown import plain
from dashboard.shared.runs import guard_summary
from syncer.application import remedies
from syncer.application.attention import AttentionItem, AttentionKind
from syncer.application.overview import Overview
from syncer.application.work_requests import Answer
from syncer.core.permissions import Action
from syncer.core.text import counted
from syncer.sync.failures import CauseCount

_REQUEST = "retry a cause"
_MOST_CAUSES = 5
"""Causes that are drawn; the logs have all."""
_LINKS = {
    AttentionKind.CONNECT: (navigation.CONNECTION, "Connect"),
    AttentionKind.RECONNECT: (navigation.CONNECTION, "Connect again"),
    AttentionKind.MAP: (navigation.MAPPINGS, "Open Mappings"),
    AttentionKind.CONFIGURATION: (navigation.MAPPINGS, "Open Mappings"),
    AttentionKind.SUSPENDED: (navigation.MAPPINGS, "Open Mappings"),
    AttentionKind.WAITING: (navigation.RUNS, "Look at it, then approve or reject"),
    AttentionKind.FAILED: (navigation.RUNS, "Look at the run"),
    AttentionKind.REJECTED: (navigation.RUNS, "Look at the run"),
}


def draw(items: list[AttentionItem], overview: Overview) -> None:
    """Draw every item, in the order given."""
    for item in items:
        with st.container(border=True):
            if item.kind is AttentionKind.FAILING:
                _draw_failing(item, overview)
            else:
                _draw_item(item, overview)


def _draw_item(item: AttentionItem, overview: Overview) -> None:
    icon, colour = (":material/error:", "red") if item.pressing else (":material/schedule:", "orange")
    until = ""
    if item.until:
        until = f" It goes on {times.when(item.until)} ({times.ago(item.until, datetime.now(UTC))})."
    emptied = ""
    if item.kind is AttentionKind.WAITING and overview.waiting and item.run == overview.waiting.id:
        emptied = guard_summary.most_emptied_field(overview.waiting)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":{colour}[{icon}] {plain(item.sentence, longest=900)}{plain(until)} {emptied}", width="stretch"
        )
        if item.kind in _LINKS:
            page, label = _LINKS[item.kind]
            st.page_link(
                page,
                label=label,
                icon=":material/arrow_forward:",
                query_params={"run": str(item.run)} if item.run else None,
            )


def _draw_failing(item: AttentionItem, overview: Overview) -> None:
    """Draw the causes of which records fail, each with Retry."""
    st.markdown(f":orange[:material/warning:] **{item.sentence}**{_tried_later(overview)}")
    allowed = session.application().person.may(Action.RETRY)
    for cause in overview.causes[:_MOST_CAUSES]:
        _draw_cause(cause, allowed)
    more = len(overview.causes) - _MOST_CAUSES
    if more > 0:
        st.page_link(
            navigation.LOGS,
            label=counted(more, "more cause", one="One more cause"),
            query_params={"status": "failed"},
        )
    if not allowed:
        st.caption("An analyst or an administrator can retry them.")
    answer = pending_requests.answer(_REQUEST)
    if pending_requests.pending(_REQUEST):
        pending_requests.draw_until_answered(_REQUEST, "The records are being done again.")
    elif answer:
        _draw_answer(answer)


def _tried_later(overview: Overview) -> str:
    """How many of the failing records are not tried in the next run; empty if all are."""
    if not overview.later:
        return ""
    if overview.failing == 1:
        which = "It is"
    elif overview.later >= overview.failing:
        which = "All of them are"
    else:
        which = f"{overview.later:,} of them {'is' if overview.later == 1 else 'are'}"
    return f" {which} tried again later; where a cause below asks for a correction, make it first."


def _draw_cause(cause: CauseCount, allowed: bool) -> None:
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
            query_params={"status": "failed", "code": cause.code},
        )
        st.button(
            "Retry" if cause.failures == 1 else "Retry all",
            key=f"retry {cause.cause} {cause.code}",
            icon=":material/refresh:",
            on_click=_retry,
            args=(cause.code,),
            disabled=not allowed or pending_requests.pending(_REQUEST),
            help=f"Reads {records} again in both systems and does what is due; a lot waits for approval.",
        )


def _retry(code: str) -> None:
    pending_requests.submit(_REQUEST, lambda: session.worker_client().retry_cause(code))


def _draw_answer(answer: Answer) -> None:
    sentence = f"Done again in run {answer.run}; what still fails stays listed here."
    if answer.failed or not answer.run:
        sentence = plain(answer.sentence, longest=600)
    box = st.error if answer.failed else st.success
    box(sentence)
