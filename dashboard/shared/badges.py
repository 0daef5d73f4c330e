"""Statuses and states, always in the same colour and the same word; nothing is said by the colour alone."""

from typing import Any, Literal

import streamlit as st

from syncer.core.plan import Status
from syncer.journal.run_state import RunState

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]

RECORD: dict[str, tuple[Colour, str]] = {
    Status.INSERTED: ("green", "A new record was created."),
    Status.UPDATED: ("blue", "An existing record got other values."),
    Status.UNCHANGED: ("gray", "Both sides agreed already; nothing was written."),
    Status.IGNORED: ("gray", "The settings say to leave it alone; nothing was written."),
    Status.DEACTIVATED: (
        "orange",
        "It was deleted or merged on one side, so that it left the sync; nothing was deleted on the other.",
    ),
    Status.UPSERTED: ("violet", "The conversation was created in Salesforce, or brought up to date there."),
    Status.FAILED: ("red", "It could not be written; it is tried again, or waits to be put right."),
}
"""What became of a record (docs/architecture.md, "Words")."""
RUN: dict[str, tuple[Colour, str]] = {
    RunState.DONE: ("green", "The run went through everything that was due."),
    RunState.RUNNING: ("blue", "The run is going on."),
    RunState.WAITING: ("orange", "The run wrote nothing yet: it waits for somebody to approve it."),
    RunState.CANCELLED: ("gray", "The run was stopped; the rest stays due."),
    "rejected": ("gray", "Somebody rejected the run: it wrote nothing, and its records stay due."),
    RunState.SKIPPED: ("gray", "The run did not take place."),
    RunState.FAILED: ("red", "The run could not go on; what it did not do stays due."),
}
"""How a run stands (docs/architecture.md, "Surfaces")."""
_CONNECTION: dict[str, tuple[Colour, str]] = {
    "connected": ("green", "Calls can be made."),
    "reconnect needed": ("red", "Somebody has to connect again."),
    "disconnected": ("gray", "Nothing is synced until somebody connects it."),
}
"""How a connection stands (`syncer.connections.token_store`)."""
MEANING: dict[str, tuple[Colour, str]] = RUN | _CONNECTION | RECORD
"""Each status and state with its colour, and what it means; failed as a record does."""
_WORDS = {"reconnect needed": "must be connected again", "disconnected": "not connected"}


def colour(status: str) -> Colour:
    """The colour of a status or state."""
    return MEANING[status][0]


def word(status: str) -> str:
    """What a status or state is called."""
    return _WORDS.get(status, status)


def chip(status: str, records: int | None = None) -> None:
    """A status as a coloured word, with how many ``records`` have it; what it means where somebody points at
    it."""
    st.badge(
        word(status) if records is None else f"{records:,} {status}",
        color=colour(status),
        help=MEANING[status][1],
    )


def run(state: str) -> None:
    """The state of a run as a coloured word; what it means where somebody points at it."""
    st.badge(state, color=colour(state), help=RUN[state][1])


def words(status: str) -> str:
    """A status as a coloured word inside a line of Markdown."""
    return f":{colour(status)}-badge[{word(status)}]"


def column(label: str = "Status", width: Literal["small", "medium", "large"] | int | None = None) -> Any:
    """The column of an ``st.dataframe`` that shows statuses of records as coloured words, with what they mean
    in its head; its cells hold a list of one status (`cell`)."""
    help = "  \n".join(f"**{status}**: {meaning}" for status, (_, meaning) in RECORD.items())
    return st.column_config.MultiselectColumn(
        label, options=list(RECORD), color=[colour(status) for status in RECORD], width=width, help=help
    )


def cell(status: str) -> list[str]:
    """A status for a cell of `column`."""
    return [status]
