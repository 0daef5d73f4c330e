"""One entry of the Integration Logs: what was done to a record, what went wrong, what to do about it, and
what came before and after."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard import navigation
from dashboard.shared import badges, query_params, record_links
from dashboard.shared.flow_labels import flow_label
from dashboard.shared.markdown import plain
from dashboard.shared.plans import field_changes
from dashboard.shared.record_names import Entry, RecordNames
from dashboard.shared.times import ago, when
from dashboard.views.logs import retry, table
from syncer.application.remedies import for_code
from syncer.connections.connections import ConnectionView
from syncer.core.plan import Direction, Status
from syncer.core.text import counted
from syncer.infra.database.engine import reading
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter
from syncer.sync import failures, log_search
from syncer.sync.failures import Failure

_HISTORY = 10


def draw(engine: Engine, entry: Entry, called: RecordNames, salesforce: ConnectionView | None) -> None:
    """The entry, with everything that is known of it. ``salesforce``: the connection, whose organization
    holds the record."""
    account = salesforce.account if salesforce else None
    _head(entry, called)
    _related(engine, entry)
    with reading(engine).connect() as connection:
        now = failures.of_record(connection, entry)
    if entry["status"] == Status.FAILED:
        _failed(entry, now, account)
    elif entry["reason"]:
        record_links.draw_reason(
            entry["reason"], account, (entry["element_id"], entry["salesforce_id"]), st.write
        )
    with st.container(horizontal=True, gap="large"):
        _identity(
            "Element ID" if entry["kind"] == "contact" else "Conversation ID",
            entry["element_id"],
            "in Element451",
            None,
        )
        _identity(
            "Salesforce ID",
            entry["salesforce_id"],
            "in Salesforce",
            record_links.salesforce_url(account, entry["salesforce_id"]),
        )
    st.subheader("Fields")
    if entry["status"] == Status.FAILED and entry["changes"]:
        st.caption("What would have been written; it was not.")
    field_changes.draw(entry["changes"], called.labels(entry), Direction(entry["direction"]))
    _history(engine, entry, called)


def _head(entry: Entry, called: RecordNames) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(plain(called.name(entry), longest=50), width="content", anchor=False)
        blocked = retry.blocked()
        st.button(
            "Retry",
            type="primary" if entry["status"] == Status.FAILED else "secondary",
            icon=":material/replay:",
            on_click=retry.one,
            args=(entry["entry"],),
            disabled=blocked is not None,
            help=(
                plain(blocked)
                if blocked
                else "Reads the record again in both systems, plans it anew and does it."
            ),
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        badges.badge(entry["status"])
        st.markdown(
            f"{flow_label(entry)} · {plain(when(entry['time']))} ({ago(entry['time'])})", width="content"
        )
        _page(navigation.RUNS, f"Run {entry['run']}", ":material/play_circle:", run=entry["run"])
        _page(
            navigation.VERSIONS,
            f"Settings version {entry['version']}",
            ":material/tune:",
            version=entry["version"],
        )
        record = entry["element_id"] if entry["direction"] == "export" else entry["salesforce_id"]
        if record and entry["kind"] == "contact":
            _page(
                navigation.PREVIEW,
                "Preview it now",
                ":material/visibility:",
                direction=entry["direction"],
                record=record,
            )


def _page(page: str, label: str, icon: str, **asked: object) -> None:
    """A link to another page."""
    st.page_link(
        page, label=label, icon=icon, query_params={name: str(value) for name, value in asked.items()}
    )


def _related(engine: Engine, entry: Entry) -> None:
    """What it repeats, what came of repeating it, and whom a conversation belongs to."""
    with st.container(horizontal=True):
        if of := entry["retry_of"]:
            st.button(
                f"Retry of entry {of}",
                on_click=opened,
                args=(of,),
                icon=":material/undo:",
                type="tertiary",
                key="retried",
            )
        for again in log_queries.retries(engine, dict(entry), 3):
            label = f"Done again {when(again['time'])}: {again['status']} (entry {again['entry']})"
            st.button(
                label,
                on_click=opened,
                args=(again["entry"],),
                icon=":material/redo:",
                type="tertiary",
                key=f"again {again['entry']}",
            )
        if contact := log_search.contact_of(engine, entry):
            st.button(
                "Entries of its contact",
                on_click=_whole_history,
                args=(contact,),
                icon=":material/person:",
                type="tertiary",
            )


def _failed(entry: Entry, now: Failure | None, account: Mapping[str, Any] | None) -> None:
    reason = entry["reason"] or "It failed, without a reason being given."
    record_links.draw_reason(
        reason,
        account,
        (entry["element_id"], entry["salesforce_id"]),
        lambda said: st.error(said, icon=":material/error:"),
    )
    same = now if now and now.code == entry["code"] else None
    remedy = for_code(entry["code"], same.cause if same else None)
    if now:
        st.info(f"**What to do:** {plain(remedy.advice, longest=1000)}", icon=":material/lightbulb:")
    _standing(now)
    if entry["code"] or entry["detail"]:
        side = "Element451" if entry["direction"] == "import" else "Salesforce"
        st.caption(f"{side}'s own text and code" if entry["detail"] else "Code")
        st.code("\n".join(filter(None, (entry["code"], entry["detail"]))), language=None, wrap_lines=True)


def _standing(now: Failure | None) -> None:
    """How the record stands at this moment, whatever the entry says."""
    if now is None:
        st.caption("This record does not fail any more in this direction: nothing needs to be done.")
        return
    tries = f"Tried {counted(now.tries, 'time', one='once')}"
    since = f" since {plain(when(now.since))}" if now.since else ""
    later = now.try_after if now.try_after and now.try_after > datetime.now(UTC) else None
    following = (
        f"in the first run after {plain(when(later))}, or in the next one once the record or the settings"
        " change"
        if later
        else "in the next run"
    )
    st.caption(f"{tries}{since}. Next try: {following}. Retry does it now.")


def _identity(label: str, identity: str | None, where: str, address: str | None) -> None:
    with st.container(width="content"):
        st.caption(label)
        if identity is None:
            st.markdown(f":gray[none {where} yet]")
            return
        st.code(identity, language=None)
        if address:
            st.link_button(f"Open {where}", address, icon=":material/open_in_new:")
        elif where == "in Element451":
            st.caption("Copy it into Element451's search.")


def _history(engine: Engine, entry: Entry, called: RecordNames) -> None:
    identities = tuple(
        str(identity) for identity in (entry["element_id"], entry["salesforce_id"]) if identity
    )
    found = log_queries.page(engine, LogFilter(records=identities), _HISTORY)
    if len(found.entries) > 1:
        st.subheader("History of this record", help="Its entries over time, newest first.")
        table.draw(found.entries, called, opened, choose=False)
    if found.next:
        st.button(
            "All entries of this record",
            on_click=_whole_history,
            args=(identities[0],),
            icon=":material/history:",
            type="tertiary",
        )


def opened(number: int) -> None:
    """Show this entry; the filters stay in the address, for the way back."""
    retry.forget()
    query_params.update(entry=number)


def _whole_history(identity: str) -> None:
    retry.forget()
    query_params.clear()
    query_params.update(record=identity)


def newest_of(engine: Engine, entry: Entry, run: int | None) -> int | None:
    """The number of the entry that a Retry of this one in ``run`` made; None where it made none."""
    return next(
        (int(again["entry"]) for again in log_queries.retries(engine, dict(entry)) if again["run"] == run),
        None,
    )
