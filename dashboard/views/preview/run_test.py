"""Test: really doing it for the record that was previewed, after a question, and what came of it."""

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
Asked = Mapping[str, str | None]


def button(asked: Asked, plans: Sequence[Mapping[str, Any]]) -> None:
    """The button, behind which is asked again. ``asked``: what was previewed (direction, salesforce_id,
    element_id)."""
    why = _why_not()
    times = st.session_state.setdefault(_TIMES, 0)  # a box of another name is closed again
    help = why or "Really do it, for this record alone."
    with st.popover(
        "Test", icon=":material/science:", disabled=why is not None, help=help, key=f"test {times}"
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


def draw(cards: PlanCards) -> None:
    """That it is being done, or what came of it."""
    if pending_requests.pending(NAME):
        pending_requests.draw_until_answered(
            NAME, "The record is being done: it is read on both sides, planned and written."
        )
    elif found := pending_requests.answer(NAME):
        with st.container(border=True):
            st.markdown("**What the test did**")
            _outcomes(found, cards)


def _outcomes(found: Answer, cards: PlanCards) -> None:
    if found.failed or not found.outcomes:
        (
            st.error(plain(found.sentence or "The test did not go through.", longest=1000))
            if found.failed
            else st.info("Nothing had to be done.")
        )
    entries = (
        log_queries.entries(session.application().engine, LogFilter(run=found.run), len(found.outcomes))
        if found.run
        else []
    )
    numbers = {_record(entry): entry["entry"] for entry in entries}
    cards.look_up(found.outcomes)
    for outcome in found.outcomes:
        with st.container(horizontal=True, vertical_alignment="center"):
            badges.badge(outcome["status"])
            st.markdown(f"{cards.title(outcome)} · {plain(outcome['reason'], longest=500)}", width="stretch")
            if number := numbers.get(_record(outcome)):
                st.page_link(
                    navigation.LOGS,
                    label="Log entry",
                    icon=":material/arrow_forward:",
                    query_params={"entry": str(number)},
                )


def _record(made: Mapping[str, Any]) -> tuple[str, str, str | None, str | None]:
    return made["direction"], made["kind"], made["element_id"], made["salesforce_id"]


def _why_not() -> str | None:
    try:
        session.application().person.require(Action.TEST)
    except NotPermitted as refused:
        return plain(str(refused))
    return "A test is going on." if pending_requests.pending(NAME) else None


def _ask(asked: Asked) -> None:
    st.session_state[_TIMES] += 1
    desk = session.worker_client()
    do = desk.import_one if asked["direction"] == "import" else desk.export_one
    pending_requests.submit(
        NAME, lambda: do(salesforce_id=asked["salesforce_id"], element_id=asked["element_id"])
    )
