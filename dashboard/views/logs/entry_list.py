"""The list of the Integration Logs: filters, a page of entries, what can be done with them, and the way to
older and newer ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st
from sqlalchemy import Engine

from dashboard import navigation
from dashboard.shared import query_params, session
from dashboard.shared.markdown import plain
from dashboard.shared.record_names import Entry, RecordNames
from dashboard.shared.times import zone
from dashboard.views.logs import entry_detail, export, log_filters, retry, table
from syncer.configuration.config_file import Document
from syncer.core.records import System
from syncer.infra.database.engine import reading
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter, LogPage
from syncer.sync import failures, log_search
from syncer.sync.log_search import Meant


def draw(document: Document | None) -> None:
    """The list. ``document``: the configuration in force."""
    engine, filters = session.application().engine, log_filters.read()
    if not log_queries.entries(engine, LogFilter(), 1):
        _nothing_yet(document)
        return
    counts = _failing(engine, document)
    log_filters.draw(filters, log_queries.codes(engine), counts)
    meant = log_filters.meant(engine, document, filters)
    _who(meant)
    retry.draw()
    chosen = log_filters.chosen(filters, meant)
    page = log_queries.page(engine, chosen, table.ROWS)
    if not page.entries:
        _no_such(meant)
        st.button("Show everything", on_click=_everything, icon=":material/filter_alt_off:", type="tertiary")
        return
    actions = st.container(horizontal=True, vertical_alignment="center")
    selected = table.draw(page.entries, RecordNames(engine, document, page.entries), entry_detail.opened)
    with actions:
        _retry(selected, filters.code, counts)
        every = partial(export.file, engine, document, replace(chosen, before=None, after=None), zone())
        help = f"Everything that the filters choose; the newest {export.MOST:,} entries at most."
        st.download_button(
            "Download CSV",
            every,
            "integration-logs.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
            help=help,
        )
        if filters.active:
            st.button(
                "Clear filters", on_click=_everything, icon=":material/filter_alt_off:", type="tertiary"
            )
    _turn(page)


def _failing(engine: Engine, document: Document | None) -> Mapping[str, int]:
    """How many records fail now, by the code of the cause."""
    if document is None:
        return {}
    counts: dict[str, int] = {}
    with reading(engine).connect() as connection:
        for found in failures.by_cause(connection, document):
            counts[found.code] = counts.get(found.code, 0) + found.failures
    return counts


def _everything() -> None:
    retry.forget()
    query_params.clear()


def _who(meant: Meant | None) -> None:
    """Whom the search found."""
    if meant is None or not meant.ids:
        return
    if not meant.people:
        st.caption("The history of one record.")
        return
    names = list(dict.fromkeys(meant.people))
    shown = ", ".join(map(plain, names[:5])) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    more = (
        f" Others fit too: these are the first {log_search.PEOPLE} people. Write more of the name to see"
        " others."
        if meant.more
        else ""
    )
    st.caption(f"Entries of {shown}, and of their conversations.{more}")


def _retry(selected: Sequence[Entry], code: str | None, failing: Mapping[str, int]) -> None:
    blocked = retry.blocked()
    records = {
        (entry["kind"], entry["direction"], entry["element_id"] or entry["salesforce_id"]): int(
            entry["entry"]
        )
        for entry in reversed(selected)
    }
    label = f"Retry selected ({len(records)})" if records else "Retry selected"
    help = (
        plain(blocked)
        if blocked
        else (
            "Each selected record is read again in both systems, planned anew and done. Tick entries on the"
            " left."
        )
    )
    off = blocked is not None or not records
    st.button(
        label,
        icon=":material/replay:",
        on_click=retry.several,
        args=(list(records.values()),),
        disabled=off,
        help=help,
    )
    if code and failing.get(code):
        label = (
            "Retry the one failing for this cause"
            if failing[code] == 1
            else f"Retry all {failing[code]:,} failing for this cause"
        )
        help = (
            plain(blocked)
            if blocked
            else (
                "Every record that fails for this cause now, on other pages too. The guard does not ask"
                " first."
            )
        )
        st.button(
            label,
            icon=":material/restart_alt:",
            on_click=retry.cause,
            args=(code,),
            disabled=blocked is not None,
            help=help,
        )


def _turn(page: LogPage) -> None:
    """The way to newer and older entries; it never counts them."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.button(
            "Newer",
            on_click=_go,
            args=(None, page.newer),
            disabled=page.newer is None,
            icon=":material/chevron_left:",
        )
        st.caption("Newest first", width="content")
        st.button(
            "Older",
            on_click=_go,
            args=(page.next, None),
            disabled=page.next is None,
            icon=":material/chevron_right:",
            icon_position="right",
        )


def _go(before: int | None, after: int | None) -> None:
    query_params.update(before=before, after=after)


def _no_such(meant: Meant | None) -> None:
    if meant is not None and not meant.ids:
        st.info(
            "Nobody is known by this name, e-mail address or ID. Check its spelling; a part of it is enough."
        )
        return
    st.info(
        "No entry fits these filters. Records that needed nothing (unchanged) or that the settings leave"
        " alone (ignored) have no entries: each run only counts them."
    )


def _nothing_yet(document: Document | None) -> None:
    """What to do before there is anything to be listed."""
    connections = session.application().connections
    st.info(
        "Nothing has been synced yet. Every contact imported, contact exported and conversation exported will"
        " be listed here."
    )
    if not all((view := connections.view(system)) and view.usable for system in System):
        st.page_link(navigation.CONNECTION, label="Connect both systems", icon=":material/arrow_forward:")
    elif document is None:
        st.page_link(navigation.MAPPINGS, label="Map the fields", icon=":material/arrow_forward:")
    else:
        st.page_link(
            navigation.OVERVIEW,
            label="Go to the overview and choose Sync now",
            icon=":material/arrow_forward:",
        )
