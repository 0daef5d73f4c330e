"""The plans of a dry run as a table: filtered, page by page, each to be opened."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard.shared import badges, csv_export
from dashboard.shared.flow_labels import FLOW_LABELS, flow_label
from dashboard.shared.record_names import RecordNames
from dashboard.views.dry_run import export
from syncer.configuration.config_file import Document
from syncer.journal import dry_run_plans
from syncer.journal.dry_run_plans import PlanFilter
from syncer.journal.runs import Run
from syncer.sync import log_search

ROWS = 50
PLAN = "plan"
"""What the address calls the plan that is open."""
_PAGES = "pages of the dry run"


def draw(engine: Engine, document: Document, run: Run) -> None:
    """Filters, the table, and the way to its other pages. ``document``: the configuration in force."""
    wanted = _filters(engine, document, run)
    behind: list[int] = st.session_state.setdefault(_PAGES, [0])
    page = dry_run_plans.page(engine, run.id, wanted, behind[-1], ROWS)
    if not page.plans:
        st.info("No record fits these filters.", icon=":material/filter_alt_off:")
        return
    called = RecordNames(engine, document, page.plans)
    _table(
        called, [plan | {"entity": document["preferences"][f"{plan['kind']}_entity"]} for plan in page.plans]
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Previous", on_click=_back, disabled=len(behind) == 1, icon=":material/chevron_left:")
        st.button(
            "Next",
            on_click=_on,
            args=(page.next,),
            disabled=page.next is None,
            icon=":material/chevron_right:",
            icon_position="right",
        )
        st.space("stretch")
        file = partial(export.file, engine, document, run.id, wanted)
        help = (
            "Everything that the filters choose, a line for each field that changes; the first"
            f" {export.MOST:,} lines at most."
        )
        st.download_button(
            "Download CSV",
            file,
            f"dry-run-{run.id}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
            help=help,
        )


def _filters(engine: Engine, document: Document, run: Run) -> PlanFilter:
    counts = {
        f"{direction.value}_{kind.value}": numbers
        for direction, kind, numbers in dry_run_plans.counts_by_flow(run)
    }
    found = [name for name in badges.RECORD_STATUSES if any(name in numbers for numbers in counts.values())]
    left, middle, right = st.columns([1, 1, 2])
    what = left.selectbox(
        "What",
        list(counts),
        None,
        FLOW_LABELS.__getitem__,
        placeholder="Everything",
        on_change=first_page,
        key="dry run what",
    )
    chosen = middle.selectbox(
        "Status", found, None, placeholder="Every status", on_change=first_page, key="dry run status"
    )
    who = right.text_input(
        "Name or ID",
        on_change=first_page,
        key="dry run who",
        max_chars=200,
        placeholder="ID, e-mail address or part of a name",
    )
    direction, _, kind = what.partition("_") if what else (None, None, None)
    records = log_search.meant(engine, document, who).ids if who.strip() else None
    return PlanFilter(direction, kind, chosen, records)


def first_page() -> None:
    """Begin at the beginning again."""
    st.session_state[_PAGES] = [0]


def _table(called: RecordNames, plans: Sequence[dict[str, Any]]) -> None:
    numbers = [int(plan["id"]) for plan in plans]
    key = f"plans {numbers[0]}-{numbers[-1]}-{len(numbers)}"
    open = st.column_config.ButtonColumn(
        "",
        width=65,
        type="tertiary",
        key=f"open {key}",
        on_click=_open,
        args=(f"open {key}", numbers),
        pinned=True,
    )
    st.dataframe(
        [_row(called, plan) for plan in plans],
        hide_index=True,
        key=key,
        height=min(35 * (len(numbers) + 1) + 3, 640),
        column_config={
            "Open": open,
            "Status": badges.column(width=105),
            "Name": st.column_config.TextColumn(width=170),
            "What": st.column_config.TextColumn(width=145),
            "What would happen": st.column_config.TextColumn(width=480),
        },
    )


def _row(called: RecordNames, plan: dict[str, Any]) -> dict[str, Any]:
    row = {
        "Open": "Open",
        "Status": badges.cell(plan["status"]),
        "Name": csv_export.escape(called.name(plan)),
        "What": flow_label(plan),
    }
    return row | {"What would happen": csv_export.escape(called.summary(plan))}


def _open(clicked: str, numbers: list[int]) -> None:
    row = st.session_state[clicked]["row"]
    if row < len(numbers):
        st.query_params[PLAN] = str(numbers[row])


def _back() -> None:
    st.session_state[_PAGES] = st.session_state[_PAGES][:-1]


def _on(after: int) -> None:
    st.session_state[_PAGES] = [*st.session_state[_PAGES], after]
