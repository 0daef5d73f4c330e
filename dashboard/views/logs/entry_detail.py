"""One entry of the Integration Logs: what was done to a record, its fields, and its entries before and
after."""

import streamlit as st
from sqlalchemy import Engine

from dashboard import navigation
from dashboard.shared import badges, query_params, record_links
from dashboard.shared.flow_labels import flow_label
from dashboard.shared.markdown import plain
from dashboard.shared.plans import field_changes
from dashboard.shared.record_names import Entry, RecordNames
from dashboard.shared.students import entry_rows, student_links
from dashboard.shared.times import ago, when
from dashboard.views.logs import entry_failure, retry
from syncer.connections.connection_store import ConnectionView
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind
from syncer.infra.database.engine import reading
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter
from syncer.sync import failures, log_search

PARTLY_WRITTEN = "What is marked was not written; the rest was."
_HISTORY_ROWS = 10
_MOST_RETRIES = 3
_RETRY_HELP = "Reads the record again in both systems, plans it anew and does it."


def draw(engine: Engine, entry: Entry, names: RecordNames, salesforce: ConnectionView | None) -> None:
    """Draw everything about the entry. ``salesforce`` is the connection, whose organization holds the
    record."""
    account = salesforce.account if salesforce else None
    failed = entry["status"] == Status.FAILED
    _draw_header(entry, names)
    _draw_related(engine, entry)
    current = entry_failure.failing_now(engine, entry) if failed else None
    if failed:
        entry_failure.draw(engine, entry, current, names, account)
    elif entry["reason"]:
        own_ids = (entry["element_id"], entry["salesforce_id"])
        record_links.draw_reason(entry["reason"], account, own_ids, st.write)
    _draw_ids(entry, record_links.salesforce_url(account, entry["salesforce_id"]))
    st.subheader("Fields")
    if failed and entry["changes"]:
        left_out = {bool(change.get("left_out")) for change in entry["changes"] if not change.get("held")}
        partly = left_out == {True, False}
        st.caption(PARTLY_WRITTEN if partly else "What would have been written; it was not.")
    blamed = current.fields if current else ()
    field_changes.draw(entry["changes"], names.labels(entry), Direction(entry["direction"]), blamed)
    _draw_history(engine, entry, names)


def open_entry(number: int) -> None:
    """Show this entry. The filters stay in the address, for the way back."""
    retry.forget()
    query_params.update(entry=number)


def entry_of_retry(engine: Engine, entry: Entry, run: int | None) -> int | None:
    """The number of the entry that a Retry of ``entry`` made in ``run``; None if it made none."""
    found = (again for again in log_queries.retries(engine, dict(entry)) if again["run"] == run)
    return next((int(again["entry"]) for again in found), None)


def _draw_header(entry: Entry, names: RecordNames) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            talk = "Conversation with " if entry["kind"] == Kind.CONVERSATION else ""
            st.subheader(f"{talk}{plain(names.name(entry), longest=50)}", width="content", anchor=False)
            student_links.draw("Open the student", entry)
        blocked = retry.blocked_reason()
        st.button(
            "Retry",
            type="primary" if entry["status"] == Status.FAILED else "secondary",
            icon=":material/replay:",
            on_click=retry.retry_entry,
            args=(entry["entry"],),
            disabled=blocked is not None,
            help=plain(blocked) if blocked else _RETRY_HELP,
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        badges.badge(entry["status"])
        time = f"{plain(when(entry['time']))} ({ago(entry['time'])})"
        st.markdown(f"{flow_label(entry)} · {time}", width="content")
        _draw_link(navigation.RUNS, f"Run {entry['run']}", ":material/play_circle:", run=entry["run"])
        _draw_link(
            navigation.VERSIONS,
            f"Settings version {entry['version']}",
            ":material/tune:",
            version=entry["version"],
        )
        direction = Direction(entry["direction"])
        record_id = entry["element_id"] if direction is Direction.EXPORT else entry["salesforce_id"]
        if record_id and entry["kind"] == Kind.CONTACT:
            _draw_link(
                navigation.PREVIEW,
                "Preview it now",
                ":material/visibility:",
                direction=direction,
                record=record_id,
            )


def _draw_link(page: str, label: str, icon: str, **params: object) -> None:
    query = {name: str(value) for name, value in params.items()}
    st.page_link(page, label=label, icon=icon, query_params=query)


def _draw_related(engine: Engine, entry: Entry) -> None:
    """Draw links to the entry that this one repeats, to those that repeat it, and to the contact of a
    conversation."""
    with st.container(horizontal=True):
        repeated = entry["retry_of"]
        if repeated:
            st.button(
                f"Retry of entry {repeated}",
                on_click=open_entry,
                args=(repeated,),
                icon=":material/undo:",
                type="tertiary",
                key="retried",
            )
        for again in log_queries.retries(engine, dict(entry), _MOST_RETRIES):
            st.button(
                f"Done again {when(again['time'])}: {again['status']} (entry {again['entry']})",
                on_click=open_entry,
                args=(again["entry"],),
                icon=":material/redo:",
                type="tertiary",
                key=f"again {again['entry']}",
            )
        contact = log_search.contact_of(engine, entry)
        if contact:
            st.button(
                "Entries of its contact",
                on_click=_show_all_entries,
                args=(contact,),
                icon=":material/person:",
                type="tertiary",
            )


def _draw_ids(entry: Entry, salesforce_url: str | None) -> None:
    with st.container(horizontal=True, gap="large"):
        with st.container(width="content"):
            st.caption("Element ID" if entry["kind"] == Kind.CONTACT else "Conversation ID")
            if entry["element_id"] is None:
                st.markdown(":gray[none in Element451 yet]")
            else:
                st.code(entry["element_id"], language=None)
                st.caption("Copy it into Element451's search.")
        with st.container(width="content"):
            st.caption("Salesforce ID")
            if entry["salesforce_id"] is None:
                st.markdown(":gray[none in Salesforce yet]")
            else:
                st.code(entry["salesforce_id"], language=None)
                if salesforce_url:
                    st.link_button("Open in Salesforce", salesforce_url, icon=":material/open_in_new:")


def _draw_history(engine: Engine, entry: Entry, names: RecordNames) -> None:
    ids = [str(record_id) for record_id in (entry["element_id"], entry["salesforce_id"]) if record_id]
    page = log_queries.page(engine, LogFilter(records=tuple(ids)), _HISTORY_ROWS)
    if len(page.entries) > 1:
        st.subheader("History of this record", help="Its entries over time, newest first.")
        with reading(engine).connect() as connection:
            still = failures.still(connection, page.entries)
        entry_rows.draw(page.entries, names, still, open_entry, with_names=False)
    if page.next:
        st.button(
            "All entries of this record",
            on_click=_show_all_entries,
            args=(ids[0],),
            icon=":material/history:",
            type="tertiary",
        )


def _show_all_entries(record_id: str) -> None:
    retry.forget()
    query_params.clear()
    query_params.update(record=record_id)
