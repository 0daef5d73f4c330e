"""The audit trail as a table and as a file."""

from collections.abc import Callable

import streamlit as st

from dashboard import here
from dashboard.parts import csv_file, times
from syncer import audit
from syncer.audit import Noted
from syncer.people import Act, Role

COLUMNS = ("When", "Who", "Role", "What", "About", "More")
Reader = Callable[[int | None, int | None], list[Noted]]
"""Reads acts: those before a number, so many."""


def reader(by: str | None, act: str | None) -> Reader:
    """Bound to whoever looks and to what they chose, for a download is made after the page was drawn, by nobody in particular."""
    application, chosen = here.application(), Act(act) if act else None
    return lambda before, limit: audit.trail(application.engine, application.person, before, limit, by=by, act=chosen)


def draw(acts: list[Noted]) -> None:
    """A page of acts. Times as moments, so that a click on the head sorts them."""
    when = {"When": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm:ss")}
    rows = [
        {name: value if name == "When" else csv_file.cell(value) for name, value in _row(noted, times.local(noted.time)).items()} for noted in acts
    ]
    st.dataframe(rows, hide_index=True, column_config=when)


def whole(read: Reader) -> bytes:
    """All of them as CSV, with times in UTC."""
    return csv_file.table(COLUMNS, (_row(noted, noted.time.isoformat(timespec="seconds")) for noted in read(None, None)))


def _row(noted: Noted, time: object) -> dict[str, object]:
    more = ", ".join(f"{name}: {value}" for name, value in noted.detail.items())
    return dict(zip(COLUMNS, (time, noted.person, Role(noted.role).label, noted.act, noted.about, more), strict=True))
