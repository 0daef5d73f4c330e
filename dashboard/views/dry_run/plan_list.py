"""What a dry run would do, a person a block, with filters and pages: the same table as Preview, for
everybody."""

from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard import navigation
from dashboard.shared import badges, pager, session
from dashboard.shared.flow_labels import FLOW_LABELS
from dashboard.shared.markdown import plain
from dashboard.shared.plans.plan_cards import Block, PlanCards
from dashboard.views.dry_run import export
from syncer.configuration import catalogue
from syncer.configuration.document import Document, is_constant
from syncer.core.plan import Flow
from syncer.core.records import Kind, System
from syncer.journal import dry_run_plans
from syncer.journal.dry_run_plans import EMPTIES, PlanFilter
from syncer.journal.runs import Run
from syncer.sync import log_search

PEOPLE = 20
"""People of a page."""
_SKIPPED = "people skipped of the dry run"
"""In the session: how many people are on the pages before the one that is shown."""


def draw(engine: Engine, document: Document, run: Run) -> None:
    """Draw the filters, the people, and the ways to the other pages. ``document`` is the configuration in
    force."""
    wanted = _draw_filters(engine, document, run)
    skipped: int = st.session_state.setdefault(_SKIPPED, 0)
    people, more = dry_run_plans.people(engine, run.id, wanted, skipped, PEOPLE)
    if not people:
        st.info("No record fits these filters.", icon=":material/filter_alt_off:")
        return
    salesforce = session.application().connections.view(System.SALESFORCE)
    cards = PlanCards(engine, document, salesforce.account if salesforce else None)
    plans = [plan for person in people for plan in person]
    cards.draw(plans, whole=False, links=_draw_preview_link)
    with st.container(horizontal=True, vertical_alignment="center"):
        pager.draw(
            _turn,
            (skipped - PEOPLE,) if skipped else None,
            (skipped + PEOPLE,) if more else None,
            words=pager.BY_ORDER,
            key="dry run",
        )
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
    st.session_state[_SKIPPED] = 0


def _draw_preview_link(block: Block) -> None:
    plan = block[0]
    if plan["kind"] == Kind.CONTACT:
        st.page_link(
            navigation.PREVIEW,
            label="Preview it now",
            query_params={"record": str(plan["element_id"] or plan["salesforce_id"])},
            icon=":material/visibility:",
        )


def _draw_filters(engine: Engine, document: Document, run: Run) -> PlanFilter:
    counts = {Flow.of(direction, kind): found for direction, kind, found in dry_run_plans.counts_by_flow(run)}
    statuses = [status for status in badges.RECORD_STATUSES if any(status in one for one in counts.values())]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        status = st.selectbox(
            "What will happen",
            [EMPTIES, *statuses],
            None,
            placeholder="Everything",
            on_change=show_first_page,
            key="dry run status",
            width=180,
        )
        flow = st.selectbox(
            "Which way",
            list(counts),
            None,
            FLOW_LABELS.__getitem__,
            placeholder="Both ways",
            on_change=show_first_page,
            key="dry run what",
            width=180,
        )
        fields = _fields(engine, document)
        field = st.selectbox(
            "Field",
            list(fields),
            None,
            fields.__getitem__,
            placeholder="Every field",
            on_change=show_first_page,
            key="dry run field",
            width=200,
        )
        search = st.text_input(
            "Name or ID",
            on_change=show_first_page,
            key="dry run who",
            max_chars=200,
            placeholder="ID, e-mail address or part of a name",
            width=280,
        )
    return PlanFilter(
        direction=flow.direction.value if flow else None,
        kind=flow.kind.value if flow else None,
        status=status,
        records=log_search.meant(engine, document, search).ids if search.strip() else None,
        field=field,
    )


def _fields(engine: Engine, document: Document) -> dict[tuple[str, str], str]:
    """The mapped fields, by slug and API name, as Salesforce calls them."""
    found = {}
    for kind in Kind:
        labels = catalogue.last_read_labels(engine, str(document["preferences"][f"{kind}_entity"]))
        for row in document["mappings"][kind]:
            if not is_constant(row):
                name: Any = row["salesforce"]
                found[row["element451"], name] = plain(labels.of(System.SALESFORCE, name), 60)
    return found


def _turn(skipped: int) -> None:
    st.session_state[_SKIPPED] = max(0, skipped)
