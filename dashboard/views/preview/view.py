"""Preview + Test: what a run would do to a record or to a sample of what is due, side by side; and doing it
for one record."""

import streamlit as st

from dashboard.shared import pending_requests, session
from dashboard.shared.markdown import plain
from dashboard.shared.plans import prerequisites
from dashboard.shared.plans.plan_cards import PlanCards
from dashboard.views.preview import person_picker, run_test
from syncer.configuration.document import Document
from syncer.core.plan import Direction
from syncer.core.records import System

NAME, ASKED, LED_HERE = "preview", "previewed", "led to preview"
DIRECTIONS = {"import": "Import: Salesforce → Element451", "export": "Export: Element451 → Salesforce"}
WAITING = "Both systems are being read, to say what would be done. Before the first sync this takes longer."


def view() -> None:
    """Draw the page."""
    st.title("Preview + Test")
    st.caption("See what a run would do, field by field, before it does it. A preview writes nothing.")
    document = prerequisites.configuration_or_hint()
    if document is None:
        return
    at_first = st.query_params.get("direction")
    direction = st.segmented_control(
        "Direction",
        list(DIRECTIONS),
        format_func=DIRECTIONS.__getitem__,
        default=at_first if at_first in DIRECTIONS else "import",
        required=True,
        key="direction",
    )
    before = st.session_state.get(ASKED) or {}
    record, chosen = (
        st.query_params.get("record", ""),
        before.get("element_id") or before.get("salesforce_id"),
    )
    choice = person_picker.draw(document["preferences"]["contact_entity"], record, chosen)
    asked = {"direction": direction, "salesforce_id": choice.salesforce_id, "element_id": choice.element_id}
    if choice.ready and not choice.anybody and _asked_by_address(record, str(direction)):
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
    _answer(document, direction, choice)


def _answer(document: Document, direction: str, choice: person_picker.Choice) -> None:
    if pending_requests.pending(NAME):
        pending_requests.draw_until_answered(NAME, WAITING)
        return
    found, asked = pending_requests.answer(NAME), st.session_state.get(ASKED)
    if (
        found is None
        or asked is None
        or asked["direction"] != direction
        or not choice.means(asked["element_id"] or asked["salesforce_id"])
    ):
        return
    if found.failed:
        st.error(plain(found.sentence, longest=1000), icon=":material/error:")
        return
    salesforce = session.application().connections.view(System.SALESFORCE)
    cards = PlanCards(session.application().database, document, salesforce.account if salesforce else None)
    single = bool(asked["element_id"] or asked["salesforce_id"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(DIRECTIONS[asked["direction"]], anchor=False)
        if single and found.outcomes:
            run_test.button(asked, found.outcomes)
    if run_test.draw(cards):
        return
    if not found.outcomes:
        st.info(_nothing(single, Direction(asked["direction"])), icon=":material/check:")
    cards.draw(found.outcomes)


def _asked_by_address(record: str, direction: str) -> bool:
    """Whether a link led here for this record, for the first time: it is previewed at once."""
    if not record or st.session_state.get(LED_HERE) == (record, direction):
        return False
    st.session_state[LED_HERE] = (record, direction)
    return True


def _nothing(single: bool, direction: Direction) -> str:
    if single:
        return "Nothing is to be done to this record."
    what = "imported" if direction is Direction.IMPORT else "exported"
    return f"Nothing is due to be {what}: both systems agree. Name somebody above to see how they stand."


def _ask(asked: dict[str, str | None]) -> None:
    pending_requests.forget(run_test.NAME)
    st.session_state[ASKED] = asked
    pending_requests.submit(
        NAME,
        lambda: session.worker_client().preview(
            str(asked["direction"]), salesforce_id=asked["salesforce_id"], element_id=asked["element_id"]
        ),
    )


view()
