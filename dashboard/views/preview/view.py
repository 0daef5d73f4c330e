"""Preview + Test: what a run would do to a person or to a sample of what is due, both ways, side by side; and
doing it for one person."""

from collections.abc import Callable

import streamlit as st

from dashboard.shared import pending_requests, session
from dashboard.shared.markdown import plain
from dashboard.shared.plans import prerequisites
from dashboard.shared.plans.plan_cards import Block, PlanCards
from dashboard.views.preview import person_picker, run_test
from syncer.configuration.document import Document
from syncer.core.plan import Direction
from syncer.core.records import Kind, System

NAME, ASKED, LED_HERE = "preview", "previewed", "led to preview"
WAITING = "Both systems are being read, to say what would be done. Before the first sync this takes longer."
Person = dict[str, str | None]
"""Whom a preview is about: one of both IDs, or none for a sample."""


def view() -> None:
    """Draw the page."""
    st.title("Preview + Test")
    st.caption(
        "See what a run would do, field by field and in both systems, before it does it. A preview writes"
        " nothing."
    )
    document = prerequisites.configuration_or_hint()
    if document is None:
        return
    before = st.session_state.get(ASKED) or {}
    record, chosen = (
        st.query_params.get("record", ""),
        before.get("element_id") or before.get("salesforce_id"),
    )
    choice = person_picker.draw(document["preferences"]["contact_entity"], record, chosen)
    asked: Person = {"salesforce_id": choice.salesforce_id, "element_id": choice.element_id}
    if choice.ready and not choice.anybody and _asked_by_address(record):
        _ask(asked)
    label = "Preview a sample of what is due" if choice.ready and choice.anybody else "Preview"
    busy = pending_requests.pending(NAME)
    st.button(
        label,
        type="primary",
        icon=":material/visibility:",
        on_click=_ask,
        args=(asked,),
        disabled=busy or not choice.ready,
        key="preview",
    )
    _answer(document, choice)


def _answer(document: Document, choice: person_picker.Choice) -> None:
    if pending_requests.pending(NAME):
        pending_requests.draw_until_answered(NAME, WAITING)
        return
    found, asked = pending_requests.answer(NAME), st.session_state.get(ASKED)
    if found is None or asked is None or not choice.means(asked["element_id"] or asked["salesforce_id"]):
        return
    if found.failed:
        st.error(plain(found.sentence, longest=1000), icon=":material/error:")
        return
    salesforce = session.application().connections.view(System.SALESFORCE)
    cards = PlanCards(session.application().database, document, salesforce.account if salesforce else None)
    single = bool(asked["element_id"] or asked["salesforce_id"])
    if single and found.outcomes:
        run_test.button(asked, found.outcomes)
    if run_test.draw(cards):
        return
    if not found.outcomes:
        st.info(_nothing(single), icon=":material/check:")
    links: Callable[[Block], object] = (lambda block: None) if single else _draw_preview_button
    cards.draw(found.outcomes, whole=single, links=links)


def _draw_preview_button(block: Block) -> None:
    """From the sample to one of its people, with every field, and the Test."""
    identity = block[0]["element_id"] or block[0]["salesforce_id"]
    if block[0]["kind"] == Kind.CONTACT:
        st.button(
            "Preview it now",
            type="tertiary",
            icon=":material/visibility:",
            key=f"preview {identity}",
            on_click=_preview_one,
            args=(block[0]["element_id"], block[0]["salesforce_id"]),
        )


def _preview_one(element_id: str | None, salesforce_id: str | None) -> None:
    st.session_state[person_picker.WHO] = element_id or salesforce_id
    _ask({"element_id": element_id, "salesforce_id": None if element_id else salesforce_id})


def _asked_by_address(record: str) -> bool:
    """Whether a link led here for this record, for the first time: it is previewed at once."""
    if not record or st.session_state.get(LED_HERE) == record:
        return False
    st.session_state[LED_HERE] = record
    return True


def _nothing(single: bool) -> str:
    if single:
        return "Nothing is to be done to this record."
    return "Nothing is due: both systems agree. Name somebody above to see how they stand."


def _ask(asked: Person) -> None:
    pending_requests.forget(run_test.NAME)
    st.session_state[ASKED] = asked
    preview = session.worker_client().preview
    if any(asked.values()):
        pending_requests.submit(
            NAME,
            lambda: pending_requests.joined([preview(direction.value, **asked) for direction in Direction]),
        )
    else:
        pending_requests.submit(NAME, lambda: preview(None))


view()
