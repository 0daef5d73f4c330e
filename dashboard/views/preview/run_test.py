"""Test: doing it for the person who was previewed, after a question, and the outcome."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import navigation
from dashboard.shared import pending_requests, session
from dashboard.shared.markdown import plain
from dashboard.shared.plans import plan_cards
from dashboard.shared.plans.plan_cards import Block, PlanCards
from syncer.application.work_requests import Answer
from syncer.core.permissions import Action, NotPermitted
from syncer.core.plan import Direction, Status
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter

NAME, _TIMES = "test", "tests"
PendingRequest = Mapping[str, str | None]


def button(asked: PendingRequest, plans: Sequence[Mapping[str, Any]]) -> None:
    """The button, behind which is asked again. ``asked``: who was previewed (salesforce_id, element_id)."""
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
            args=(asked, _directions(plans)),
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
        st.markdown("**What the test did**")
        _draw_outcomes(found, cards)
    return found is not None


def _draw_outcomes(answer: Answer, cards: PlanCards) -> None:
    if answer.failed:
        st.error(plain(answer.sentence or "The test did not go through.", longest=1000))
    elif not answer.outcomes:
        st.info("Nothing had to be done.")
    numbers = {}
    for outcome in answer.outcomes:
        if entry := _entry(outcome):
            numbers[_record_key(outcome)] = entry

    def draw_links(block: Block) -> None:
        for outcome in block:
            if number := numbers.get(_record_key(outcome)):
                st.page_link(
                    navigation.LOGS,
                    label="Log entry",
                    icon=":material/arrow_forward:",
                    query_params={"entry": str(number)},
                )

    cards.draw(answer.outcomes, whole=False, links=draw_links)


def _entry(outcome: Mapping[str, Any]) -> int | None:
    """The newest log entry of a record that was just tested."""
    ids = tuple(one for one in (outcome["element_id"], outcome["salesforce_id"]) if one)
    engine = session.application().database
    for entry in log_queries.entries(engine, LogFilter(records=ids), 10):
        if _record_key(entry) == _record_key(outcome):
            return int(entry["entry"])
    return None


def _record_key(outcome: Mapping[str, Any]) -> tuple[str, str, str | None, str | None]:
    """What an outcome and its log entry have in common."""
    return outcome["direction"], outcome["kind"], outcome["element_id"], outcome["salesforce_id"]


def _directions(plans: Sequence[Mapping[str, Any]]) -> list[Direction]:
    """Where anything is to be done; where nothing is, both: it may be due by then."""
    busy = {plan["direction"] for plan in plans if plan["status"] not in (Status.UNCHANGED, Status.IGNORED)}
    return [direction for direction in Direction if direction in busy] or list(Direction)


def _why_not() -> str | None:
    try:
        session.application().person.require(Action.TEST)
    except NotPermitted as refused:
        return plain(str(refused))
    return "A test is going on." if pending_requests.pending(NAME) else None


def _ask(asked: PendingRequest, directions: Sequence[Direction]) -> None:
    st.session_state[_TIMES] += 1
    client = session.worker_client()
    do = {Direction.IMPORT: client.import_one, Direction.EXPORT: client.export_one}
    pending_requests.submit(
        NAME, lambda: pending_requests.joined([do[direction](**asked) for direction in directions])
    )
