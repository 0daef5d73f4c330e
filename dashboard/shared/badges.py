"""Statuses and states as coloured badges, with the same colour and word everywhere. The colour never says
more than the word."""

from typing import Any, Literal

import streamlit as st

from syncer.connections.connection_state import ConnectionState
from syncer.core.plan import Status
from syncer.core.trust.verdict import State
from syncer.journal.run_state import RunState

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]
Appearance = tuple[Colour, str]
"""The colour of a status or state, and a sentence that says what it means."""

RECORD_STATUSES: dict[str, Appearance] = {
    Status.INSERTED: ("green", "A new record was created."),
    Status.UPDATED: ("blue", "An existing record got other values."),
    Status.UNCHANGED: ("gray", "Both sides agreed already; nothing was written."),
    Status.IGNORED: ("gray", "The settings say to leave it alone; nothing was written."),
    Status.DEACTIVATED: (
        "orange",
        "It was deleted or merged on one side, so it left the sync; nothing was deleted on the other.",
    ),
    Status.UPSERTED: ("violet", "The conversation was created in Salesforce, or brought up to date there."),
    Status.FAILED: ("red", "It could not be written; it is tried again, or waits to be put right."),
}
REJECTED = "rejected"
RUN_STATES: dict[str, Appearance] = {
    RunState.DONE: ("green", "The run went through everything that was due."),
    RunState.RUNNING: ("blue", "The run is going on."),
    RunState.WAITING: ("orange", "It waits for somebody to approve it."),
    RunState.CANCELLED: ("gray", "The run was stopped; the rest stays due."),
    REJECTED: ("gray", "Somebody rejected the run: it wrote nothing, and its records stay due."),
    RunState.SKIPPED: ("gray", "The run did not take place."),
    RunState.FAILED: ("red", "The run could not go on; what it did not do stays due."),
}
"""The states of a run, and `REJECTED`: a run that was cancelled by rejecting it."""
_RUN_ICONS = {
    RunState.DONE: ":material/check_circle:",
    "partly": ":material/warning:",
    RunState.RUNNING: ":material/sync:",
    RunState.WAITING: ":material/pause_circle:",
    RunState.CANCELLED: ":material/stop_circle:",
    REJECTED: ":material/block:",
    RunState.SKIPPED: ":material/skip_next:",
    RunState.FAILED: ":material/error:",
}
"""The shapes of a run's states; "partly": it went through, but some records failed."""
CONNECTION_STATES: dict[str, Appearance] = {
    ConnectionState.CONNECTED: ("green", "Calls can be made."),
    ConnectionState.RECONNECT_NEEDED: ("red", "Somebody has to connect again."),
    ConnectionState.DISCONNECTED: ("gray", "Nothing is synced until somebody connects it."),
    ConnectionState.KEY_MISSING: ("red", "The key that its secrets were encrypted with is not there."),
}
PROOFS: dict[str, Appearance] = {
    State.PROVED: ("green", "It was tried on the connected system, and holds."),
    State.DISPROVED: ("red", "It was tried on the connected system, and does not hold."),
    State.NOT_PROVED: ("gray", "It could not be tried, or there was nothing to try it on."),
}
"""The states of what is assumed of a system."""
ALL: dict[str, Appearance] = RUN_STATES | CONNECTION_STATES | RECORD_STATUSES | PROOFS
"""Every status and state. "failed" means that of a record here."""
_LABELS: dict[str, str] = {
    ConnectionState.RECONNECT_NEEDED: "must be connected again",
    ConnectionState.DISCONNECTED: "not connected",
}


def colour(status: str) -> Colour:
    """The colour of a status or state."""
    return ALL[status][0]


def label(status: str) -> str:
    """The word for a status or state on the screen."""
    return _LABELS.get(status, status)


def badge(status: str, records: int | None = None) -> None:
    """Draw a status, with the number of ``records`` that have it if given; its meaning is the tooltip."""
    text = label(status) if records is None else f"{records:,} {status}"
    st.badge(text, color=colour(status), help=ALL[status][1])


def run_state(state: str, failed: int = 0) -> tuple[str, Colour, str]:
    """The state of a run of which so many records failed, in words, its colour, and what it means. One that
    went through, but not with every record, is not green."""
    if state == RunState.DONE and failed:
        return f"done, {failed:,} failed", "orange", f"{RUN_STATES[state][1]} Some records failed."
    return state, colour(state), RUN_STATES[state][1]


def run_icon(state: str, failed: int = 0) -> str:
    """The shape of a run's state."""
    return _RUN_ICONS["partly" if state == RunState.DONE and failed else state]


def run_badge(state: str, failed: int = 0) -> None:
    """Draw the state of a run; its meaning is the tooltip."""
    words, shade, meaning = run_state(state, failed)
    st.badge(words, color=shade, help=meaning)


def inline(status: str) -> str:
    """A status as a badge within a line of Markdown."""
    return f":{colour(status)}-badge[{label(status)}]"


def column(width: Literal["small", "medium", "large"] | int | None = None) -> Any:
    """The column of an ``st.dataframe`` that shows statuses of records as badges, with their meanings as the
    tooltip of its head. Its cells are made by `cell`."""
    meanings = "  \n".join(f"**{status}**: {meaning}" for status, (_, meaning) in RECORD_STATUSES.items())
    return st.column_config.MultiselectColumn(
        "Status",
        options=list(RECORD_STATUSES),
        color=[colour(status) for status in RECORD_STATUSES],
        width=width,
        help=meanings,
    )


def cell(status: str) -> list[str]:
    """A status for a cell of `column`."""
    return [status]
