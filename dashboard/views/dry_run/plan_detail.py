"""One plan of the newest dry run."""

import streamlit as st
from sqlalchemy import Engine

from dashboard import navigation
from dashboard.shared import badges, session
from dashboard.shared.flow_labels import flow_label
from dashboard.shared.plans.plan_cards import PlanCards
from syncer.configuration.document import Document
from syncer.core.records import System
from syncer.journal import dry_run_plans


def draw(engine: Engine, document: Document, number: int) -> None:
    """Draw a plan with the fields that would get another value. ``document`` is the configuration in
    force."""
    plan = dry_run_plans.find(engine, number)
    if plan is None:
        st.info("This plan is not kept any more: only those of the newest dry run are.")
        return
    salesforce = session.application().connections.view(System.SALESFORCE)
    cards = PlanCards(engine, document, salesforce.account if salesforce else None)
    cards.look_up([plan])
    st.subheader(cards.title(plan), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        badges.badge(plan["status"])
        st.markdown(flow_label(plan))
    cards.draw_reason(plan)
    cards.draw_changes(plan)
    record_id = plan["element_id"] or plan["salesforce_id"]
    st.page_link(
        navigation.PREVIEW,
        label="Preview it as it stands now",
        query_params={"direction": plan["direction"], "record": str(record_id)},
        icon=":material/visibility:",
    )
