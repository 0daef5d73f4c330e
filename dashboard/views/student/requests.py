"""What can be done to a student: each is asked for in a callback, and its outcome drawn below the buttons."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import streamlit as st

from dashboard.shared import notices, pending_requests, session
from dashboard.shared.markdown import plain
from dashboard.shared.plans.plan_cards import PlanCards
from dashboard.shared.runs import piles
from dashboard.shared.students import outcome_words
from syncer.application.decisions import holds
from syncer.application.decisions.holds import CannotHold, HoldRequest
from syncer.application.engine_factory import NotReady
from syncer.application.students import Student
from syncer.application.work_requests import Answer
from syncer.core.permissions import Action, NotPermitted
from syncer.core.plan import Direction
from syncer.journal import runs
from syncer.journal.runs import PILES
from syncer.sync.on_demand import NoSuchRecord

NOTICES = "student"
_REQUEST, _ASKED, _TIMES = "student", "asked of a student", "times asked of a student"
_WAITING = {
    "preview": "Both systems are being read, to say what would be done to this student.",
    "test": "The student is being done: read in both systems, planned and written.",
    "retry": "Being done again: read anew in both systems, planned, and written.",
    "put back": "Being put back: what stands there now is read first.",
}


def blocked(act: Action) -> str | None:
    """Why this cannot be asked for now, as Markdown; None if it can."""
    try:
        session.application().person.require(act)
    except NotPermitted as refused:
        return plain(str(refused))
    return "Something is being done already. Wait until it is done." if busy() else None


def busy() -> bool:
    """Whether something that was asked for is not answered yet."""
    return pending_requests.pending(_REQUEST)


def times() -> int:
    """How often something was asked for here: popovers that carry it in their keys close then."""
    number: int = st.session_state.setdefault(_TIMES, 0)
    return number


def preview(student: Student) -> None:
    """What would be done to the student, in both directions."""

    def both() -> str:
        client = session.worker_client()
        tickets = [client.preview(direction.value, **_id(student)) for direction in Direction]
        return pending_requests.joined(tickets)

    _ask("preview", student, both)


def test(student: Student, direction: Direction) -> None:
    """Really do it, for this student alone."""
    client = session.worker_client()
    do = client.import_one if direction is Direction.IMPORT else client.export_one
    _ask("test", student, lambda: do(**_id(student)))


def retry(student: Student) -> None:
    """Do again what fails."""
    entries = [now.entry for now in student.failing if now.entry]
    _ask("retry", student, lambda: session.worker_client().retry_several(entries))


def put_back(student: Student, entry: int, field: str | None = None) -> None:
    """Put back what an entry wrote, or one field of it."""
    try:
        _ask("put back", student, lambda: session.worker_client().put_back(entry, field))
    except NoSuchRecord as nothing:
        notices.put_error(NOTICES, str(nothing))


def hold(student: Student, reason_key: str, until_key: str, field: str | None = None) -> None:
    """Hold the student, or one field, for the reason and until the end of the day that these widgets have."""
    day: date | None = st.session_state.get(until_key)
    until = datetime.combine(day, time(23, 59, 59), UTC) if day else None
    asked = HoldRequest(student.identity, st.session_state.get(reason_key, ""), field, until)
    _decide(lambda: holds.hold(session.application(), asked), "It is held: the sync leaves it as it is.")


def release(number: int) -> None:
    """Release a hold."""
    _decide(lambda: holds.release(session.application(), number), "Released: it goes with the next run.")


def draw(student: Student, cards: PlanCards) -> None:
    """Draw that something is pending, or what came of it."""
    notices.show(NOTICES)
    verb, identity = st.session_state.get(_ASKED, ("", ""))
    if identity != student.identity:
        return
    if busy():
        pending_requests.draw_until_answered(_REQUEST, _WAITING[verb])
        return
    found = pending_requests.answer(_REQUEST)
    if found is None:
        return
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(f"**{_TITLES[verb]}**", width="content")
            st.button("Close", icon=":material/close:", type="tertiary", on_click=_forget, key="close answer")
        _DRAWN[verb](found, cards)


def _draw_plans(found: Answer, cards: PlanCards) -> None:
    if found.failed and not found.outcomes:
        st.error(plain(found.sentence, longest=1000), icon=":material/error:")
    elif not found.outcomes:
        st.info("Nothing is to be done to this student: both systems agree.", icon=":material/check:")
    cards.draw(found.outcomes)


def _draw_done(found: Answer, cards: PlanCards) -> None:
    if found.failed:
        st.error(plain(found.sentence or "It did not go through.", longest=1000), icon=":material/error:")
    else:
        box = st.warning if outcome_words.failures(found) else st.success
        box(plain(outcome_words.sentence(found), longest=1000))
    cards.draw(found.outcomes)


def _draw_put_back(found: Answer, cards: PlanCards) -> None:
    run = runs.find(session.application().database, found.run) if found.run else None
    counted = (run.numbers or {}).get(PILES) if run else None
    if counted and counted.get("restored") and not found.failed:
        st.success(f"{piles.sentence(counted)} What was put back is held, so that it stays.")
    else:
        told = " ".join(filter(None, (piles.sentence(counted) if counted else "", found.sentence)))
        st.warning(plain(told or "Nothing was put back.", longest=1000))


_TITLES = {
    "preview": "What the next run would do",
    "test": "What the test did",
    "retry": "What the retry did",
    "put back": "What was put back",
}
_DRAWN: dict[str, Callable[[Answer, PlanCards], None]] = {
    "preview": _draw_plans,
    "test": _draw_done,
    "retry": _draw_done,
    "put back": _draw_put_back,
}


def _ask(verb: str, student: Student, ask: Callable[[], str]) -> None:
    st.session_state[_TIMES] = times() + 1
    st.session_state[_ASKED] = (verb, student.identity)
    pending_requests.submit(_REQUEST, ask)


def _decide(act: Callable[[], object], sentence: str) -> None:
    def decided() -> str:
        act()
        return sentence

    st.session_state[_TIMES] = times() + 1
    try:
        notices.attempt(NOTICES, decided)
    except (CannotHold, NotReady) as reason:
        notices.put_error(NOTICES, str(reason))


def _forget() -> None:
    pending_requests.forget(_REQUEST)
    st.session_state.pop(_ASKED, None)


def _id(student: Student) -> dict[str, str | None]:
    person = student.person
    return {
        "element_id": person.element_id,
        "salesforce_id": None if person.element_id else person.salesforce_id,
    }
