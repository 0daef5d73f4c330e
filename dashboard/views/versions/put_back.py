"""Undo a version: what its runs wrote is put back; where it is in force, the settings before it come first
(rule 21)."""

import streamlit as st

from dashboard.shared import pending_requests, session
from dashboard.shared.runs import live_run
from dashboard.views.versions.state import InForce
from syncer.core.permissions import Action
from syncer.infra.database.engine import reading
from syncer.journal import runs
from syncer.journal.undoable import Undoing


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
        help=_help(former if restores else None)
        if allowed
        else "Only an analyst or an administrator can ask for this.",
        on_click=_ask,
        args=(version,),
        disabled=not allowed or pending_requests.pending(live_run.REQUEST),
    )


def draw_progress() -> None:
    """Draw the run that somebody asked for here, and the way to it once it waits."""
    if pending_requests.pending(live_run.REQUEST):
        engine = reading(session.application().database)
        live_run.draw(runs.in_progress(engine), runs.change_marker(engine))
    live_run.draw_outcome()


def _help(restored: int | None) -> str:
    first = f"The settings of version {restored} are in force again at once. " if restored else ""
    return (
        f"{first}Then every value that runs under this version wrote is looked at, and listed on the page of"
        " a run: no value is written before somebody approves it there. What was changed since is left, and"
        " nobody is deleted."
    )


def _ask(version: int) -> None:
    pending_requests.submit(live_run.REQUEST, lambda: session.worker_client().undo_version(version))
