"""Which entries of the Integration Logs are shown: chosen with widgets, and held by the page's address, so
that a link can be shared.

The address is what counts: widgets show it and write to it. What it holds that means nothing is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard.shared.badges import RECORD_STATUSES
from dashboard.shared.flow_labels import FLOW_LABELS
from dashboard.shared.query_params import number, update
from dashboard.shared.times import zone
from syncer.application.remedies import for_code
from syncer.configuration.config_file import Document
from syncer.journal.log_queries import LogFilter
from syncer.sync import log_search
from syncer.sync.log_search import Meant

_LISTS = ("kind", "status", "code")
_WIDGETS = ("record", *_LISTS, "since", "until", "run")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; None or empty: everything. ``record`` is a name or an ID, ``kind`` one of
    `FLOW_LABELS`, ``since`` and ``until`` are whole days where the viewer is, ``before`` and ``after`` the
    entry that a page lies behind or in front of."""

    record: str = ""
    kind: str | None = None
    status: str | None = None
    code: str | None = None
    since: date | None = None
    until: date | None = None
    run: int | None = None
    before: int | None = None
    after: int | None = None

    @property
    def active(self) -> bool:
        """Whether anything is filtered."""
        return any(
            (self.record, self.kind, self.status, self.code is not None, self.since, self.until, self.run)
        )


def read() -> Filters:
    """The filters in the page's address."""
    asked = st.query_params
    kind, status = asked.get("kind"), asked.get("status")
    return Filters(
        record=asked.get("record", "").strip()[:_LONGEST],
        kind=kind if kind in FLOW_LABELS else None,
        status=status if status in RECORD_STATUSES else None,
        code=asked.get("code", "").strip()[:_LONGEST] or None,
        since=_day(asked.get("since")),
        until=_day(asked.get("until")),
        run=number(asked.get("run")),
        before=number(asked.get("before")),
        after=number(asked.get("after")),
    )


def chosen(filters: Filters, meant: Meant | None) -> LogFilter:
    """The entries that these filters choose; ``meant``: the records that the searched name or ID means."""
    direction, _, kind = (filters.kind or "").partition("_")
    return LogFilter(
        status=filters.status,
        run=filters.run,
        direction=direction or None,
        kind=kind or None,
        code=filters.code,
        since=_midnight(filters.since),
        until=(
            _midnight(filters.until + timedelta(days=1))
            if filters.until and filters.until < date.max
            else None
        ),
        records=meant.ids if meant else None,
        before=filters.before,
        after=None if filters.before else filters.after,
    )


def meant(engine: Engine, document: Document | None, filters: Filters) -> Meant | None:
    """The records that the search means; None where nothing is searched."""
    if not filters.record:
        return None
    return log_search.meant(engine, document, filters.record) if document else Meant(())


def draw(filters: Filters, codes: Sequence[str], failing: Mapping[str, int]) -> None:
    """The widgets. ``codes`` are the causes that were ever logged, ``failing`` how many records fail for each
    now."""
    known = sorted(
        {*codes, *failing, *([filters.code] if filters.code else [])},
        key=lambda code: (-failing.get(code, 0), code),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Search",
            placeholder="Name, e-mail address or ID",
            icon=":material/search:",
            width=370,
            **_bound(filters, "record"),
        )
        st.selectbox(
            "What",
            ["", *FLOW_LABELS],
            format_func=lambda name: FLOW_LABELS.get(name, "Everything"),
            width=205,
            **_bound(filters, "kind"),
        )
        st.selectbox(
            "Status",
            ["", *RECORD_STATUSES],
            format_func=lambda name: name or "Any status",
            width=150,
            **_bound(filters, "status"),
        )
        st.selectbox(
            "Cause",
            ["", *known],
            format_func=lambda code: _cause(code, failing),
            width=330,
            **_bound(filters, "code"),
        )
        st.date_input("From", None, format="YYYY-MM-DD", width=150, **_bound(filters, "since"))
        st.date_input("Until", None, format="YYYY-MM-DD", width=150, **_bound(filters, "until"))
        st.number_input(
            "Run", 1, 2**31 - 1, None, step=1, placeholder="Any run", width=130, **_bound(filters, "run")
        )


def _bound(filters: Filters, name: str) -> dict[str, Any]:
    """A widget that shows what the address holds of ``name``, and puts what is chosen there."""
    key, held = _key(name), getattr(filters, name)
    st.session_state[key] = "" if held is None and name in _LISTS else held
    return {"key": key, "on_change": _take}


def _take() -> None:
    """Put what all widgets hold into the address: a quick hand chooses again before the browser has learned
    of the last choice."""
    held = {name: st.session_state[_key(name)] for name in _WIDGETS if _key(name) in st.session_state}
    update(
        **{name: str(value) if value not in (None, "") else None for name, value in held.items()},
        before=None,
        after=None,
    )


def _key(name: str) -> str:
    return f"logs {name}"


def _cause(code: str, failing: Mapping[str, int]) -> str:
    if not code:
        return "Any cause"
    now = f" · {failing[code]:,} failing now" if failing.get(code) else ""
    return f"{for_code(code).title}{now} ({code})"


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _midnight(day: date | None) -> datetime | None:
    """When this day begins where the viewer is."""
    if day is None:
        return None
    try:
        return datetime.combine(day, time(), zone()).astimezone(UTC)
    except OverflowError:
        return None
