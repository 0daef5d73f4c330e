"""What fails, grouped by cause, field and value, each with what helps: the remedy ahead of a Retry that alone
would cure nothing."""

from typing import Any

import streamlit as st

from dashboard import navigation
from dashboard.shared import pending_requests, session
from dashboard.shared.markdown import plain
from dashboard.shared.record_names import RecordNames
from dashboard.shared.runs import run_labels
from dashboard.shared.students import outcome_words, student_links
from dashboard.views.overview import remedy
from dashboard.views.overview.reads import State
from dashboard.views.overview.remedy import REQUEST
from syncer.application.decisions import problems
from syncer.application.work_requests import Answer
from syncer.configuration.document import Document, entity_name
from syncer.core.permissions import Action
from syncer.core.plan import Direction
from syncer.core.records import Kind, System
from syncer.core.text import counted
from syncer.journal import runs
from syncer.journal.run_state import RunState

_MOST = 8
"""Problems that are drawn at once."""
_MORE = "all groups"


def draw(state: State, document: Document) -> None:
    """Draw every group, most records first, and what came of the last Retry."""
    if pending_requests.pending(REQUEST):
        pending_requests.draw_until_answered(REQUEST, "The records are being done again.")
    elif answer := pending_requests.answer(REQUEST):
        _draw_answer(answer)
    if not state.groups:
        return
    st.subheader("What is wrong, and what to do", anchor=False)
    later = _tried_later(state)
    if later:
        st.caption(later)
    shown = state.groups if st.session_state.get(_MORE) else state.groups[:_MOST]
    names = RecordNames(
        session.application().database, document, [one for group in shown for one in group["examples"]]
    )
    allowed = session.application().person.may(Action.RETRY)
    for group in shown:
        with st.container(border=True, gap="xsmall"):
            _draw_group(group, names, document, state.version, allowed)
    if len(state.groups) > len(shown):
        st.toggle(f"Show all {len(state.groups):,} problems", key=_MORE)
    if not allowed:
        st.caption("An analyst or an administrator can retry them.")


def _draw_group(
    group: dict[str, Any], names: RecordNames, document: Document, version: int, allowed: bool
) -> None:
    entity = entity_name(document, Kind(group["kind"]))
    label = _label(group, names, entity)
    who = counted(group["records"], "student" if group["kind"] == Kind.CONTACT else "conversation")
    st.markdown(f":red[:material/error:] {title(group, label)} · **{who}**")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for record in group["examples"]:
            student_links.draw(names.name(record), record)
        if group["records"] > len(group["examples"]):
            st.markdown(f":gray[and {group['records'] - len(group['examples']):,} more]", width="content")
    st.caption(f"To {Direction(group['direction']).target.label}. {plain(group['remedy'], longest=600)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if remedy.is_here(group):
            remedy.button(group, label, document, version)
        _draw_retry(group, allowed)
        st.page_link(
            navigation.LOGS,
            label="Show them in the logs",
            icon=":material/search:",
            query_params={"status": "failed", "code": group["code"]},
        )


def title(group: dict[str, Any], label: str) -> str:
    """What is wrong, as Markdown: the field and the value where the failure names them."""
    if not group["field"]:
        return f"**{plain(group['title'])}**"
    value = f" ‘{plain(group['value'], longest=80)}’ ·" if group["value"] else ""
    if group["values"] is None:
        value = " many values ·"
    return f"**{label}**:{value} {plain(group['title'])}"


def _label(group: dict[str, Any], names: RecordNames, entity: str) -> str:
    labels = names.labels({"entity": entity})
    both = [(System.ELEMENT451, group["field"]), (System.SALESFORCE, group["salesforce"])]
    known = {key: labels.of(system, key) for system, key in both if key}
    named = [label for key, label in known.items() if label != key]
    return plain(next(iter(named), group["field"] or ""))


def _tried_later(state: State) -> str:
    """How many of the failing records are not tried in the next run; empty if all are."""
    later, failing = state.overview.later, state.overview.failing
    if not later:
        return ""
    which = "All are" if later >= failing else f"{later:,} {'is' if later == 1 else 'are'}"
    which = "It is" if failing == 1 else which
    return (
        f"{which} tried again automatically, once a day at least. Where a correction is asked for, make it"
        " first."
    )


def _draw_retry(group: dict[str, Any], allowed: bool) -> None:
    records = "this record" if group["records"] == 1 else f"these {counted(group['records'], 'record')}"
    alone = " Without the correction it fails again." if remedy.is_here(group) else ""
    st.button(
        f"Retry {group['records']:,}",
        key=f"retry {group['group']}",
        icon=":material/refresh:",
        type="tertiary" if remedy.is_here(group) else "secondary",
        on_click=_retry,
        args=(group,),
        disabled=not allowed or pending_requests.pending(REQUEST),
        help=f"Reads {records} again in both systems and does what is due; a lot waits for approval.{alone}",
    )


def _retry(group: dict[str, Any]) -> None:
    which = problems.which(group)
    pending_requests.submit(REQUEST, lambda: session.worker_client().retry_cause(which))


def _draw_answer(answer: Answer) -> None:
    """Say honestly what came of it: nothing is green that still fails."""
    run = runs.find(session.application().database, answer.run) if answer.run else None
    if run is None or run.state not in (RunState.DONE, RunState.FAILED, RunState.WAITING):
        box = st.error if answer.failed else st.info
        box(plain(answer.sentence, longest=600) or "Nothing of it was there to be done again.")
        return
    tried, fixed = outcome_words.tried_and_fixed(answer)
    box = st.success if fixed == tried else st.warning if fixed else st.error
    sentence = f"{counted(tried, 'record')} tried again, {fixed:,} fixed."
    if run.state == RunState.WAITING:
        box, sentence = st.warning, f"Run {run.id} waits for approval: it would do a lot at once."
    elif run.state == RunState.FAILED:
        box, sentence = st.error, run_labels.outcome(run)
    with st.container(horizontal=True, vertical_alignment="center"):
        box(sentence)
        st.page_link(
            navigation.RUNS,
            label=f"Run {run.id}",
            icon=":material/arrow_forward:",
            query_params={"run": str(run.id)},
        )
