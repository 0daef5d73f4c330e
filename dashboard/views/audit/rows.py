"""The audit trail as a table on the page and as a CSV file."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from dashboard.shared import session, times
from dashboard.shared.markdown import plain
from syncer.core.permissions import Action, Role
from syncer.infra import csv_export
from syncer.journal import audit
from syncer.journal.audit import AuditEntry

COLUMNS = ("When", "Who", "Role", "What", "About", "More")
Reader = Callable[[int | None, int | None], list[AuditEntry]]
"""Reads acts, newest first: those before a number (None: from the newest on), and how many (None: all)."""


def reader(person: str | None, act: str | None) -> Reader:
    """A reader of the acts of a person, or of all, and of one sort, or of every one.

    It keeps the application of whoever is looking, because a file is written after the page was drawn,
    outside of anybody's session.
    """
    application = session.application()
    wanted = Action(act) if act else None
    return lambda before, limit: audit.entries(
        application.database, application.person, before, limit, by=person, act=wanted
    )


def draw(acts: list[AuditEntry]) -> None:
    """Draw a page of acts, in three columns so that a phone can show them."""
    st.table([_drawn_row(act) for act in acts], border="horizontal", hide_index=True)


def to_csv(read: Reader) -> bytes:
    """All acts as CSV, with times in UTC."""
    rows = (_columns(act) | {"When": act.time.isoformat(timespec="seconds")} for act in read(None, None))
    return csv_export.file(COLUMNS, rows)


def _drawn_row(act: AuditEntry) -> dict[str, str]:
    columns = {name: plain(value, longest=1000) for name, value in _columns(act).items()}
    what = [f"**{columns['What']}**", columns["About"]]
    if columns["More"]:
        what.append(f":small[:gray[{columns['More']}]]")
    return {
        "When": plain(_local_time(act.time)),
        "Who": f"{columns['Who']}  \n:small[:gray[{columns['Role']}]]",
        "What": "  \n".join(filter(None, what)),
    }


def _columns(act: AuditEntry) -> dict[str, object]:
    """The columns of an act, except its time."""
    return {
        "Who": act.person,
        "Role": Role(act.role).label,
        "What": act.act,
        "About": act.about,
        "More": ", ".join(f"{name}: {value}" for name, value in act.detail.items()),
    }


def _local_time(moment: datetime) -> str:
    return f"{times.local(moment):%Y-%m-%d %H:%M:%S}"
