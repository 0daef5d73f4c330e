"""Everything that a waiting run would do as a table: filtered, a page at a time, as CSV, and ticked where
it is to be left out."""

from collections.abc import Collection, Sequence
from functools import partial
from itertools import groupby, islice
from typing import Any

import streamlit as st

from dashboard.shared import pager, session
from dashboard.shared.plans import field_changes
from dashboard.shared.runs import change_words
from dashboard.shared.students import student_links
from dashboard.views.runs import left_out
from dashboard.views.runs.waiting_rows import LEAVE_OUT, Plans, RecordRows, Wanted, record_id
from syncer.application.container import Application
from syncer.application.decisions import waiting_run
from syncer.configuration.catalogue import Labels
from syncer.configuration.document import Document
from syncer.infra import csv_export
from syncer.journal.approvals import COUNTING
from syncer.journal.runs import Run
from syncer.sync import log_search

ROWS, MOST_ROWS = 50, 100_000
"""Records of a page, and lines of a file; more would take the dashboard's memory."""
KIND, FIELD, WHO = "waiting kind", "waiting field", "waiting who"
_PLACES = "waiting places"
"""In the session, for each run: behind which record each page begins, up to the one that is shown."""
_BEGAN = "waiting ticks"
_ROW_HEIGHT, _MOST_HEIGHT = 35, 460


def draw(run: Run, document: Document, labels: Labels, may_answer: bool) -> None:
    """Draw the filters, the table, and the ways to its other pages. ``document`` is the configuration in
    force. Raises what `waiting_run.page` does."""
    application = session.application()
    st.markdown("**Each record**")
    wanted = _filters(application, run, document, labels)
    places: list[int] = st.session_state.setdefault(f"{_PLACES} {run.id}", [0])
    page = waiting_run.page(
        application,
        run.id,
        kind=wanted.kind,
        field=wanted.field,
        records=wanted.records,
        after=places[-1],
        limit=ROWS,
    )
    records = [list(plans) for _, plans in groupby(page["changes"], key=lambda plan: plan["number"])]
    if records:
        shown = hash((_counting(run), left_out.times(run.id), wanted, places[-1]))
        key = f"waiting {run.id} {shown}"
        _table(run, records, RecordRows(application.database, document, wanted), key, may_answer)
    elif page["next"] is None and len(places) == 1:
        st.info("No record fits these filters.", icon=":material/filter_alt_off:")
    else:
        st.info("None on this page fits. Look on the next one.", icon=":material/search:")
    with st.container(horizontal=True, vertical_alignment="center"):
        pager.draw(
            _turn,
            (run.id, places[:-1]) if len(places) > 1 else None,
            None if page["next"] is None else (run.id, [*places, page["next"]]),
            words=pager.BY_ORDER,
            key="waiting",
        )
        st.download_button(
            "Download CSV",
            partial(_file, application, run.id, wanted),
            f"run-{run.id}-waiting.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
            help=f"What the filters choose, a line for each field; the first {MOST_ROWS:,} at most.",
        )


def _filters(application: Application, run: Run, document: Document, labels: Labels) -> Wanted:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            "Kind of change",
            change_words.in_order((run.numbers or {}).get("kinds", {})),
            None,
            format_func=lambda kind: f"{change_words.KINDS[kind].noun.capitalize()}s",
            placeholder="Every kind",
            key=KIND,
            on_change=_turn,
            args=(run.id, [0]),
            width=180,
        )
        field = st.selectbox(
            "Field",
            left_out.field_names(run, kind),
            None,
            format_func=lambda name: left_out.field_text(name, labels),
            placeholder="Every field",
            key=FIELD,
            on_change=_turn,
            args=(run.id, [0]),
            width=280,
        )
        who = st.text_input(
            "Name or ID",
            key=WHO,
            max_chars=200,
            placeholder="ID, e-mail address or part of a name",
            on_change=_turn,
            args=(run.id, [0]),
            width=280,
        )
    meant = log_search.meant(application.database, document, who).ids if who.strip() else None
    return Wanted(kind, field, meant)


def _table(run: Run, records: Sequence[Plans], words: RecordRows, key: str, may_answer: bool) -> None:
    ids = [record_id(plans) for plans in records]
    began: dict[str, Collection[str]] = st.session_state.setdefault(_BEGAN, {})
    if key not in st.session_state or key not in began:
        # The table keeps its own ticks from here on: it must go on showing what it began with.
        st.session_state[_BEGAN] = began = {key: left_out.chosen(run).records}
    rows = words.rows(records, began[key])
    kinds = change_words.KINDS.values()
    _draw_choice(dict(zip(ids, (row["Student"] for row in rows), strict=True)), key)
    st.data_editor(
        rows,
        hide_index=True,
        key=key,
        height=min(_ROW_HEIGHT * (len(rows) + 1) + 3, _MOST_HEIGHT),
        disabled=["Kind", "What would happen"] if may_answer else True,
        on_change=_ticked,
        args=(run.id, key, ids),
        alt="Every record that waits",
        column_config={
            LEAVE_OUT: st.column_config.CheckboxColumn(
                "Out", width=70, pinned=True, help="What is ticked is left out, and held"
            ),
            "Student": student_links.column(f"student {key}", ids, width=135),
            "What would happen": st.column_config.TextColumn(width=410),
            "Kind": st.column_config.MultiselectColumn(
                options=[words.cell for words in kinds],
                color=[change_words.COLOURS[kind] for kind in change_words.KINDS],
                width=125,
            ),
        },
    )


def _draw_choice(names: dict[str, str], key: str) -> None:
    """Draw the list by which a student of this page is opened with the keyboard, or with one thumb."""
    chosen = f"student of {key}"
    st.selectbox(
        "Open a student of this page",
        list(names),
        index=None,
        format_func=lambda identity: names.get(identity, identity),
        placeholder="Open a student",
        label_visibility="collapsed",
        key=chosen,
        on_change=_open,
        args=(chosen,),
        width=260,
    )


def _open(chosen: str) -> None:
    if identity := st.session_state[chosen]:
        student_links.open_student(identity)


def _ticked(run: int, key: str, ids: Sequence[str]) -> None:
    """Take over the ticks of the table."""
    edited: dict[int, dict[str, Any]] = (st.session_state.get(key) or {}).get("edited_rows", {})
    left_out.take(
        run, [(ids[int(at)], bool(cells[LEAVE_OUT])) for at, cells in edited.items() if LEAVE_OUT in cells]
    )


def _file(application: Application, run: int, wanted: Wanted) -> bytes:
    rows = waiting_run.rows(application, run, kind=wanted.kind, field=wanted.field, records=wanted.records)
    return csv_export.file(waiting_run.COLUMNS, islice(map(_line, rows), MOST_ROWS))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: field_changes.value_text(row[name]) for name in ("Before", "After")}


def _counting(run: Run) -> int:
    number: int = (run.numbers or {}).get(COUNTING, 0)
    return number


def _turn(run: int, places: list[int]) -> None:
    st.session_state[f"{_PLACES} {run}"] = places
