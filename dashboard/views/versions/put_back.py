"""Undo a version: the button, and what happens once somebody confirmed what they were shown (rule 21)."""

import streamlit as st

from dashboard.shared import pending_requests, session
from dashboard.shared.runs import live_run
from dashboard.views.versions.state import InForce
from dashboard.views.versions.undo_look import Look
from syncer.core.permissions import Action
from syncer.core.trust.undo import Pile
from syncer.infra.database.engine import reading
from syncer.journal import runs
from syncer.journal.approvals import COUNTING
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import PILES
from syncer.journal.undoable import Undoing

_LOOK, _CONFIRMED = "undo look", "undo confirmed"
"""In the session: the look that is shown; and the piles that somebody confirmed, until the run is there."""


def draw(version: int, former: int | None, now: InForce) -> None:
    """Draw the button, for a version under which there was a run. ``former`` is the one before it."""
    application = session.application()
    if Undoing(version=version).oldest_run(reading(application.database)) is None:
        return
    restores = former is not None and version == now.version
    needed = (Action.UNDO, Action.CONFIGURE) if restores else (Action.UNDO,)
    allowed = all(application.person.may(act) for act in needed)
    st.button(
        f"Back to version {former}, and put back what it did" if restores else "Put back what it did",
        icon=":material/undo:",
        key=f"undo version {version}",
        help="Shows first what comes back, what is put back, and what stays as it is. Nobody is deleted."
        if allowed
        else "Only an analyst or an administrator can ask for this.",
        on_click=ask,
        args=(version,),
        disabled=not allowed or pending_requests.pending(live_run.REQUEST),
    )


def ask(version: int) -> None:
    """Look what undoing the version would do, in a callback."""
    leave()
    st.session_state[_LOOK] = Look(session.application(), version)


def shown() -> Look | None:
    """The look that somebody wants to see."""
    look: Look | None = st.session_state.get(_LOOK)
    return look


def leave() -> None:
    """Show the versions again."""
    if look := st.session_state.pop(_LOOK, None):
        look.stop()


def confirm(look: Look) -> None:
    """Do what the look showed, in a callback."""
    leave()
    st.session_state[_CONFIRMED] = look.piles
    pending_requests.submit(live_run.REQUEST, lambda: session.worker_client().undo_version(look.version))


def draw_progress() -> None:
    """Draw the run that was confirmed here, and how it ended; where it waits, the way to it."""
    _go_on()
    if pending_requests.pending(live_run.REQUEST):
        engine = reading(session.application().database)
        live_run.draw(runs.in_progress(engine), runs.change_marker(engine))
    live_run.draw_outcome()


def _go_on() -> None:
    """Approve the undo that waits, where its count is what was shown and confirmed."""
    answer = pending_requests.answer(live_run.REQUEST)
    if answer is None or _CONFIRMED not in st.session_state:
        return
    shown_piles: dict[str, int] = st.session_state.pop(_CONFIRMED)
    application = session.application()
    run = runs.find(application.database, answer.run) if answer.run else None
    if run is None or run.trigger != Trigger.UNDO or run.state != RunState.WAITING:
        return
    numbers = run.numbers or {}
    if not application.person.may(Action.APPROVE) or not shown_piles.get(Pile.RESTORED):
        return
    if numbers.get(PILES) != shown_piles:
        st.info(
            "Something changed since you looked: other values can be put back than were shown. Nothing was"
            " written; look at the run once more, and approve it there."
        )
        return
    counting: int | None = numbers.get(COUNTING)
    pending_requests.submit(live_run.REQUEST, lambda: session.worker_client().approve(run.id, counting))
