"""Statuses and states, always in the same colour and the same word; nothing is said by the colour alone."""

from typing import Any, Literal

import streamlit as st

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]

RECORD: dict[str, tuple[Colour, str]] = {
    "inserted": ("green", "A new record was created."),
    "updated": ("blue", "An existing record got other values."),
    "unchanged": ("gray", "Both sides agreed already; nothing was written."),
    "ignored": ("gray", "The settings say to leave it alone; nothing was written."),
    "deactivated": ("orange", "It was deleted or merged on one side, so that it left the sync; nothing was deleted on the other."),
    "upserted": ("violet", "The conversation was created in Salesforce, or brought up to date there."),
    "failed": ("red", "It could not be written; it is tried again, or waits to be put right."),
}
"""What became of a record (DESIGN.md §2)."""
_OTHERS: dict[str, tuple[Colour, str]] = {
    # of a run (DESIGN.md §6)
    "done": ("green", "The run went through everything that was due."),
    "running": ("blue", "The run is going on."),
    "waiting": ("orange", "The run wrote nothing yet: it waits for somebody to approve it."),
    "cancelled": ("gray", "The run was stopped; the rest stays due."),
    "skipped": ("gray", "The run did not take place."),
    # of a connection (`syncer.grants`)
    "connected": ("green", "Calls can be made."),
    "reconnect needed": ("red", "Somebody has to connect again."),
    "disconnected": ("gray", "Nothing is connected."),
}
MEANING: dict[str, tuple[Colour, str]] = RECORD | _OTHERS
"""Each status and state with its colour, and what it means."""


def colour(status: str) -> Colour:
    """The colour of a status or state."""
    return MEANING[status][0]


def chip(status: str, help: str | None = None) -> None:
    """A status as a coloured word; what it means where somebody points at it, unless ``help`` says more."""
    st.badge(status, color=colour(status), help=help or MEANING[status][1])


def words(status: str) -> str:
    """The same inside a line of Markdown."""
    return f":{colour(status)}-badge[{status}]"


def column(label: str = "Status", width: Literal["small", "medium", "large"] | int | None = None) -> Any:
    """The column of an ``st.dataframe`` that shows statuses as coloured words; its cells hold a list of one status (`cell`)."""
    return st.column_config.MultiselectColumn(label, options=list(MEANING), color=[colour(status) for status in MEANING], width=width)


def cell(status: str) -> list[str]:
    """A status for a cell of `column`."""
    return [status]
