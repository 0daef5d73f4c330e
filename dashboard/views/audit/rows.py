"""The audit trail as a table and as a file."""

from collections.abc import Callable

import streamlit as st

from dashboard.shared import csv_export, session, times
from dashboard.shared.markdown import plain
from syncer.core.permissions import Act, Role
from syncer.journal import audit
from syncer.journal.audit import AuditEntry

COLUMNS = ("When", "Who", "Role", "What", "About", "More")
Reader = Callable[[int | None, int | None], list[AuditEntry]]
"""Reads acts: those before a number, so many."""


def reader(by: str | None, act: str | None) -> Reader:
    """Bound to whoever looks and to what they chose, for a download is made after the page was drawn, by
    nobody in particular."""
    application, chosen = session.application(), Act(act) if act else None
    return lambda before, limit: audit.entries(
        application.engine, application.person, before, limit, by=by, act=chosen
    )


def draw(acts: list[AuditEntry]) -> None:
    """A page of acts, every word of each."""
    st.table([_shown(noted) for noted in acts], border="horizontal", hide_index=True)


def whole(read: Reader) -> bytes:
    """All of them as CSV, with times in UTC."""
    return csv_export.file(
        COLUMNS, (_row(noted, noted.time.isoformat(timespec="seconds")) for noted in read(None, None))
    )


def _shown(noted: AuditEntry) -> dict[str, str]:
    """An act in three columns, so that it can be read on a telephone."""
    row = {
        name: plain(value, longest=1000)
        for name, value in _row(noted, f"{times.local(noted.time):%Y-%m-%d %H:%M:%S}").items()
    }
    what = [f"**{row['What']}**", row["About"], f":small[:gray[{row['More']}]]" if row["More"] else ""]
    return {
        "When": row["When"],
        "Who": f"{row['Who']}  \n:small[:gray[{row['Role']}]]",
        "What": "  \n".join(filter(None, what)),
    }


def _row(noted: AuditEntry, time: object) -> dict[str, object]:
    more = ", ".join(f"{name}: {value}" for name, value in noted.detail.items())
    return dict(
        zip(COLUMNS, (time, noted.person, Role(noted.role).label, noted.act, noted.about, more), strict=True)
    )
