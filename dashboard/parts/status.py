"""Statuses and states, always in the same colour and the same word."""

from typing import Literal

import streamlit as st

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]

COLOURS: dict[str, Colour] = {
    # of a record (DESIGN.md §2)
    "inserted": "green",
    "updated": "blue",
    "upserted": "blue",
    "unchanged": "gray",
    "ignored": "gray",
    "deactivated": "orange",
    "failed": "red",
    # of a run (DESIGN.md §6)
    "done": "green",
    "running": "blue",
    "waiting": "orange",
    "cancelled": "gray",
    "skipped": "gray",
}


def colour(status: str) -> Colour:
    """The colour of a status or state."""
    return COLOURS[status]


def chip(status: str, help: str | None = None) -> None:
    """A status as a coloured word."""
    st.badge(status, color=colour(status), help=help)


def words(status: str) -> str:
    """The same inside a line of Markdown."""
    return f":{colour(status)}-badge[{status}]"
