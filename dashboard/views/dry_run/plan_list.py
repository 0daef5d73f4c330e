"""The plans of a dry run as a table, with filters and pages. Each can be opened."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard.shared import badges
from dashboard.shared.flow_labels import FLOW_LABELS, flow_label
from dashboard.shared.record_names import RecordNames
from dashboard.views.dry_run import export
from syncer.configuration.document import Document
from syncer.core.plan import Flow
from syncer.infra import csv_export
from syncer.journal import dry_run_plans
from syncer.journal.dry_run_plans import PlanFilter, PlanPage
from syncer.journal.runs import Run
from syncer.sync import log_search

ROWS = 50
PLAN = "plan"
"""The parameter of the address with the number of the open plan."""
_PAGE_STARTS = "pages of the dry run"
"""In the session: after which plan each page begins, up to the one that is shown."""
_ROW_HEIGHT = 35
_MOST_HEIGHT = 640


def draw(engine: Engine, document: Document, run: Run) -> None:
    """Draw the filters, the table, and the links to its other pages. ``document`` is the configuration in
    force."""
    wanted = _draw_filters(engine, document, run)
    starts: list[int] = st.session_state.setdefault(_PAGE_STARTS, [0])
    page = dry_run_plans.page(engine, run.id, wanted, starts[-1], ROWS)
    if not page.plans:
        st.info("No record fits these filters.", icon=":material/filter_alt_off:")
        return
    preferences = document["preferences"]
    plans = [plan | {"entity": preferences[f"{plan['kind']}_entity"]} for plan in page.plans]
    _draw_table(RecordNames(engine, document, plans), plans)
    with st.container(horizontal=True, vertical_alignment="center"):
        _draw_pager(page, is_first=len(starts) == 1)
        st.space("stretch")
        st.download_button(
            "Download CSV",
            partial(export.file, engine, document, run.id, wanted),
            f"dry-run-{run.id}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
            help=(
                "Everything that the filters choose, a line for each field that changes; the first"
                f" {export.MOST_ROWS:,} lines at most."
            ),
        )


def show_first_page() -> None:
    """Go back to the first page."""
    st.session_state[_PAGE_STARTS] = [0]


def _draw_filters(engine: Engine, document: Document, run: Run) -> PlanFilter:
    numbers = {
        Flow.of(direction, kind): counts for direction, kind, counts in dry_run_plans.counts_by_flow(run)
    }
    statuses = [
        status for status in badges.RECORD_STATUSES if any(status in counts for counts in numbers.values())
    ]
    left, middle, right = st.columns([1, 1, 2])
    flow = left.selectbox(
        "What",
        list(numbers),
        None,
        FLOW_LABELS.__getitem__,
        placeholder="Everything",
        on_change=show_first_page,
        key="dry run what",
    )
    status = middle.selectbox(
        "Status",
        statuses,
        None,
        placeholder="Every status",
        on_change=show_first_page,
        key="dry run status",
    )
    search = right.text_input(
        "Name or ID",
        on_change=show_first_page,
        key="dry run who",
        max_chars=200,
        placeholder="ID, e-mail address or part of a name",
    )
    return PlanFilter(
        direction=flow.direction.value if flow else None,
        kind=flow.kind.value if flow else None,
        status=status,
        records=log_search.meant(engine, document, search).ids if search.strip() else None,
    )


def _draw_table(names: RecordNames, plans: Sequence[dict[str, Any]]) -> None:
    numbers = [int(plan["id"]) for plan in plans]
    key = f"plans {numbers[0]}-{numbers[-1]}-{len(numbers)}"
    st.dataframe(
        [_row(names, plan) for plan in plans],
        hide_index=True,
        key=key,
        height=min(_ROW_HEIGHT * (len(plans) + 1) + 3, _MOST_HEIGHT),
        column_config={
            "Open": st.column_config.ButtonColumn(
                "",
                width=65,
                type="tertiary",
                key=f"open {key}",
                on_click=_open,
                args=(f"open {key}", numbers),
                pinned=True,
            ),
            "Status": badges.column(width=105),
            "Name": st.column_config.TextColumn(width=170),
            "What": st.column_config.TextColumn(width=145),
            "What would happen": st.column_config.TextColumn(width=480),
        },
    )


def _row(names: RecordNames, plan: dict[str, Any]) -> dict[str, Any]:
    return {
        "Open": "Open",
        "Status": badges.cell(plan["status"]),
        "Name": csv_export.escape(names.name(plan)),
        "What": flow_label(plan),
        "What would happen": csv_export.escape(names.summary(plan)),
    }


def _open(key: str, numbers: Sequence[int]) -> None:
    row = st.session_state[key]["row"]
    if row < len(numbers):
        st.query_params[PLAN] = str(numbers[row])


def _draw_pager(page: PlanPage, *, is_first: bool) -> None:
    st.button("Previous", on_click=_show_previous_page, disabled=is_first, icon=":material/chevron_left:")
    st.button(
        "Next",
        on_click=_show_next_page,
        args=(page.next,),
        disabled=page.next is None,
        icon=":material/chevron_right:",
        icon_position="right",
    )


def _show_previous_page() -> None:
    st.session_state[_PAGE_STARTS] = st.session_state[_PAGE_STARTS][:-1]


def _show_next_page(after: int) -> None:
    st.session_state[_PAGE_STARTS] = [*st.session_state[_PAGE_STARTS], after]
