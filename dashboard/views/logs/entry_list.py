"""The list of the Integration Logs: the filters, a page of entries, what can be done with them, and links to
newer and older pages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st
from sqlalchemy import Engine

from dashboard import navigation
from dashboard.shared import pager, query_params, session
from dashboard.shared.markdown import plain
from dashboard.shared.record_names import Entry, RecordNames
from dashboard.shared.students import entry_rows
from dashboard.shared.times import zone
from dashboard.views.logs import entry_detail, export, log_filters, retry
from syncer.configuration.document import Document
from syncer.core.records import System
from syncer.infra.database.engine import reading
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter, LogPage
from syncer.sync import failures, log_search
from syncer.sync.log_search import Meant

ROWS = 50
"""Entries of a page of the list."""
_NAMES_SHOWN = 5


def draw(document: Document | None) -> None:
    """Draw the list. ``document`` is the configuration in force."""
    engine = session.application().database
    filters = log_filters.read()
    if not log_queries.entries(engine, LogFilter(), 1):
        _draw_first_hint(document)
        return
    failing = _failing_by_code(engine, document)
    log_filters.draw(filters, log_queries.codes(engine), failing)
    matches = log_filters.search(engine, document, filters)
    _draw_matches(matches)
    retry.draw()
    wanted = log_filters.entries_wanted(filters, matches)
    page = log_queries.page(engine, wanted, ROWS)
    if not page.entries:
        _draw_nothing_found(matches)
        return
    still = _failing_still(engine, page)
    with st.container(horizontal=True, vertical_alignment="center"):
        _draw_retry_shown([entry for entry in page.entries if entry["entry"] in still])
        if filters.code and failing.get(filters.code):
            _draw_retry_cause(filters.code, failing[filters.code])
        _draw_download(engine, document, wanted)
        if filters.active:
            _draw_clear_filters("Clear filters")
    entry_rows.draw(page.entries, RecordNames(engine, document, page.entries), still, entry_detail.open_entry)
    with st.container(horizontal=True):
        pager.draw(
            _go_to,
            None if page.newer is None else (None, page.newer),
            None if page.next is None else (page.next, None),
            key="logs",
        )


def _failing_still(engine: Engine, page: LogPage) -> set[int]:
    with reading(engine).connect() as connection:
        return failures.still(connection, page.entries)


def _failing_by_code(engine: Engine, document: Document | None) -> Mapping[str, int]:
    """How many records fail now, by the code of the cause."""
    numbers: dict[str, int] = {}
    if document:
        with reading(engine).connect() as connection:
            for cause in failures.by_cause(connection, document):
                numbers[cause.code] = numbers.get(cause.code, 0) + cause.failures
    return numbers


def _draw_matches(matches: Meant | None) -> None:
    """Draw whom the search found."""
    if matches is None or not matches.ids:
        return
    if not matches.people:
        st.caption("The history of one record.")
        return
    names = list(dict.fromkeys(matches.people))
    shown = ", ".join(map(plain, names[:_NAMES_SHOWN]))
    if len(names) > _NAMES_SHOWN:
        shown += f" and {len(names) - _NAMES_SHOWN} more"
    more = ""
    if matches.more:
        more = (
            f" Others fit too: these are the first {log_search.PEOPLE} people. Write more of the name to see"
            " others."
        )
    st.caption(f"Entries of {shown}, and of their conversations.{more}")


def _draw_retry_shown(failing: Sequence[Entry]) -> None:
    """Draw the button that does again what this page shows to be failing now."""
    blocked = retry.blocked_reason()
    # Of several entries of one record in one direction, the newest is retried.
    newest = {
        (entry["kind"], entry["direction"], entry["element_id"] or entry["salesforce_id"]): entry["entry"]
        for entry in reversed(failing)
    }
    if not newest:
        return
    tooltip = "Each of these records is read again in both systems, planned anew and done."
    st.button(
        f"Retry the {len(newest)} failing here" if len(newest) > 1 else "Retry the one failing here",
        icon=":material/replay:",
        on_click=retry.retry_entries,
        args=([int(entry) for entry in newest.values()],),
        disabled=blocked is not None,
        help=plain(blocked) if blocked else tooltip,
    )


def _draw_retry_cause(code: str, failing: int) -> None:
    blocked = retry.blocked_reason()
    label = "Retry the one failing for this cause"
    if failing > 1:
        label = f"Retry all {failing:,} failing for this cause"
    tooltip = (
        "Every record that fails for this cause now, on other pages too. A lot at once waits for approval."
    )
    st.button(
        label,
        icon=":material/restart_alt:",
        on_click=retry.retry_cause,
        args=(code,),
        disabled=blocked is not None,
        help=plain(blocked) if blocked else tooltip,
    )


def _draw_download(engine: Engine, document: Document | None, wanted: LogFilter) -> None:
    all_pages = replace(wanted, before=None, after=None)
    st.download_button(
        "Download CSV",
        partial(export.file, engine, document, all_pages, zone()),
        "integration-logs.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
        help=f"Everything that the filters choose; the newest {export.MOST_ROWS:,} entries at most.",
    )


def _draw_clear_filters(label: str) -> None:
    st.button(label, on_click=_clear_filters, icon=":material/filter_alt_off:", type="tertiary")


def _go_to(before: int | None, after: int | None) -> None:
    query_params.update(before=before, after=after)


def _clear_filters() -> None:
    retry.forget()
    query_params.clear()


def _draw_nothing_found(matches: Meant | None) -> None:
    if matches is not None and not matches.ids:
        st.info(
            "Nobody is known by this name, e-mail address or ID. Check its spelling; a part of it is enough."
        )
    else:
        st.info(
            "No entry fits these filters. Records that needed nothing (unchanged) or that the settings leave"
            " alone (ignored) have no entries: each run only counts them."
        )
    _draw_clear_filters("Show everything")


def _draw_first_hint(document: Document | None) -> None:
    """Draw what to do before there is any entry."""
    connections = session.application().connections
    views = [connections.view(system) for system in System]
    st.info(
        "Nothing has been synced yet. Every contact imported, contact exported and conversation exported will"
        " be listed here."
    )
    page, label = navigation.OVERVIEW, "Go to the overview and choose Sync now"
    if not all(view and view.usable for view in views):
        page, label = navigation.CONNECTION, "Connect both systems"
    elif document is None:
        page, label = navigation.MAPPINGS, "Map the fields"
    st.page_link(page, label=label, icon=":material/arrow_forward:")
