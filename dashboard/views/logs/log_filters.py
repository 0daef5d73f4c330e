"""The filters of the Integration Logs. The page's address holds them, so that a link can be shared: widgets
show what it holds and write to it. Values in it that mean nothing are ignored."""

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
from syncer.configuration.document import Document
from syncer.core.plan import Status
from syncer.journal.log_queries import LogFilter
from syncer.sync import log_search
from syncer.sync.log_search import Meant

_LISTS = ("kind", "status", "code")
_WIDGETS = ("record", *_LISTS, "since", "until", "run")
_LONGEST = 200
FAILING = "failing"
"""In place of a status: what failed and no run has resolved."""
_STATUS_WORDS = {"": "Any status", FAILING: "failing now", Status.FAILED.value: "failed, resolved too"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; None or empty means everything.

    ``record`` is a name or an ID, ``kind`` a flow (of `FLOW_LABELS`), ``since`` and ``until`` are whole days
    in the viewer's time zone. ``before`` and ``after`` are the entries next to which a page begins.
    """

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
        choices = (self.record, self.kind, self.status, self.since, self.until, self.run)
        return any(choices) or self.code is not None

    @property
    def folded_in_use(self) -> bool:
        """Whether one of those filters is used that are folded in otherwise."""
        return any((self.kind, self.since, self.until, self.run)) or self.code is not None


def read() -> Filters:
    """The filters in the page's address."""
    params = st.query_params
    kind, status = params.get("kind"), params.get("status")
    return Filters(
        record=params.get("record", "").strip()[:_LONGEST],
        kind=kind if kind in FLOW_LABELS else None,
        status=status if status in (FAILING, *RECORD_STATUSES) else None,
        code=params.get("code", "").strip()[:_LONGEST] or None,
        since=_day(params.get("since")),
        until=_day(params.get("until")),
        run=number(params.get("run")),
        before=number(params.get("before")),
        after=number(params.get("after")),
    )


def search(engine: Engine, document: Document | None, filters: Filters) -> Meant | None:
    """The records that the searched name or ID matches; None if nothing is searched for."""
    if not filters.record:
        return None
    return log_search.meant(engine, document, filters.record) if document else Meant(())


def entries_wanted(filters: Filters, matches: Meant | None) -> LogFilter:
    """The entries that the filters choose. ``matches`` are those of `search`."""
    direction, _, kind = (filters.kind or "").partition("_")
    return LogFilter(
        status=Status.FAILED.value if filters.status == FAILING else filters.status,
        unresolved=filters.status == FAILING,
        run=filters.run,
        direction=direction or None,
        kind=kind or None,
        code=filters.code,
        since=_midnight(filters.since),
        until=_midnight(_day_after(filters.until)),
        records=matches.ids if matches else None,
        before=filters.before,
        after=None if filters.before else filters.after,
    )


def draw(filters: Filters, codes: Sequence[str], failing: Mapping[str, int]) -> None:
    """Draw the widgets. ``codes`` are those that were ever logged; ``failing`` says for some of them how many
    records fail now."""
    if filters.code:
        codes = [*codes, filters.code]
    by_number = sorted({*codes, *failing}, key=lambda code: (-failing.get(code, 0), code))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Search",
            placeholder="Name, e-mail address or ID",
            icon=":material/search:",
            width=370,
            **_bound(filters, "record"),
        )
        st.selectbox(
            "Status",
            ["", FAILING, *RECORD_STATUSES],
            format_func=lambda status: _STATUS_WORDS.get(status, status),
            width=190,
            **_bound(filters, "status"),
        )
    with (
        st.expander("More filters", expanded=filters.folded_in_use),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.selectbox(
            "What",
            ["", *FLOW_LABELS],
            format_func=lambda flow: FLOW_LABELS.get(flow, "Everything"),
            width=205,
            **_bound(filters, "kind"),
        )
        st.selectbox(
            "Cause",
            ["", *by_number],
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
    """The arguments of a widget that shows what the address holds of ``name``, and writes choices to it."""
    value = getattr(filters, name)
    st.session_state[_key(name)] = "" if value is None and name in _LISTS else value
    return {"key": _key(name), "on_change": _update_address}


def _update_address() -> None:
    """Write the values of all widgets to the address, since somebody may choose again before the browser
    knows the address of their last choice."""
    values = {name: st.session_state[_key(name)] for name in _WIDGETS if _key(name) in st.session_state}
    params = {name: None if value in (None, "") else str(value) for name, value in values.items()}
    update(**params, before=None, after=None)


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


def _day_after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day and day < date.max else None


def _midnight(day: date | None) -> datetime | None:
    """The beginning of this day in the viewer's time zone."""
    if day is None:
        return None
    try:
        return datetime.combine(day, time(), zone()).astimezone(UTC)
    except OverflowError:
        return None
