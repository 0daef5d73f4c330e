"""Test: doing it for the record that was previewed, after a question, and the outcome."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import navigation
from dashboard.shared import badges, pending_requests, session
from dashboard.shared.markdown import plain
from dashboard.shared.plans import plan_cards
from dashboard.shared.plans.plan_cards import PlanCards
from syncer.application.work_requests import Answer
from syncer.core.permissions import Action, NotPermitted
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter

NAME, _TIMES = "test", "tests"
PendingRequest = Mapping[str, str | None]


def button(asked: PendingRequest, plans: Sequence[Mapping[str, Any]]) -> None:
    """The button, behind which is asked again. ``asked``: what was previewed (direction, salesforce_id,
    element_id)."""
    why = _why_not()
    times = st.session_state.setdefault(_TIMES, 0)  # with another key, the popover is closed again
    with st.popover(
        "Test",
        icon=":material/science:",
        disabled=why is not None,
        help=why or "Really do it, for this record alone.",
        key=f"test {times}",
    ):
        written = plan_cards.writes_summary(plans)
        st.markdown(
            f"**This writes for real:** {written}."
            if written
            else "**This is done for real.** As it stands, nothing would be written."
        )
        st.caption(
            "Both sides are read once more, and what is due by then is done and logged, whatever the guard"
            " would say of a run."
        )
        st.button(
            "Yes, do it for this record",
            type="primary",
            key="test now",
            on_click=_ask,
            args=(asked,),
            disabled=why is not None,
        )


def draw(cards: PlanCards) -> bool:
    """Draw that a test is pending, or its outcome, which takes the place of what was previewed; returns
    whether it does."""
    if pending_requests.pending(NAME):
        pending_requests.draw_until_answered(
            NAME, "The record is being done: it is read on both sides, planned and written."
        )
        return True
    found = pending_requests.answer(NAME)
    if found:
        with st.container(border=True):
            st.markdown("**What the test did**")
            _draw_outcomes(found, cards)
    return found is not None


def _draw_outcomes(answer: Answer, cards: PlanCards) -> None:
    if answer.failed:
        st.error(plain(answer.sentence or "The test did not go through.", longest=1000))
    elif not answer.outcomes:
        st.info("Nothing had to be done.")
    entries = []
    if answer.run:
        engine = session.application().database
        entries = log_queries.entries(engine, LogFilter(run=answer.run), len(answer.outcomes))
    numbers = {_record_key(entry): entry["entry"] for entry in entries}
    cards.look_up(answer.outcomes)
    for outcome in answer.outcomes:
        with st.container(horizontal=True, vertical_alignment="center"):
            badges.badge(outcome["status"])
            st.markdown(f"{cards.title(outcome)} · {plain(outcome['reason'], longest=500)}", width="stretch")
            number = numbers.get(_record_key(outcome))
            if number:
                st.page_link(
                    navigation.LOGS,
                    label="Log entry",
                    icon=":material/arrow_forward:",
                    query_params={"entry": str(number)},
                )
        cards.draw_changes(outcome)


def _record_key(outcome: Mapping[str, Any]) -> tuple[str, str, str | None, str | None]:
    """What an outcome and its log entry have in common."""
    return outcome["direction"], outcome["kind"], outcome["element_id"], outcome["salesforce_id"]


def _why_not() -> str | None:
    try:
        session.application().person.require(Action.TEST)
    except NotPermitted as refused:
        return plain(str(refused))
    return "A test is going on." if pending_requests.pending(NAME) else None


def _ask(asked: PendingRequest) -> None:
    st.session_state[_TIMES] += 1
    client = session.worker_client()
    do = client.import_one if asked["direction"] == "import" else client.export_one
    pending_requests.submit(
        NAME, lambda: do(salesforce_id=asked["salesforce_id"], element_id=asked["element_id"])
    )
