"""The parts of the page of a student: both systems side by side, what happened, the conversations."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard.shared import record_links
from dashboard.shared.markdown import plain
from dashboard.shared.plans.plan_cards import PlanCards
from dashboard.shared.record_names import RecordNames
from dashboard.views.student import actions, conversations, fields, requests, timeline
from syncer.application.remedies import for_code
from syncer.application.students import Student
from syncer.configuration.document import Document


def draw(engine: Engine, document: Document, student: Student, account: Mapping[str, Any] | None) -> None:
    """Draw the parts. ``document`` is the configuration in force, ``account`` that of the Salesforce
    connection."""
    if student.untold:
        st.warning(plain(student.untold, longest=1000), icon=":material/warning:")
    names = RecordNames(engine, document)
    actions.draw(student, names)
    _draw_failures(student, account)
    requests.draw(student, PlanCards(engine, document, account))
    fields.draw(engine, document, student)
    timeline.draw(engine, student, names)
    conversations.draw(student)


def _draw_failures(student: Student, account: Mapping[str, Any] | None) -> None:
    """Why the student fails now, and what to do."""
    ids = (student.person.element_id, student.person.salesforce_id)
    for now in student.failing:
        record_links.draw_reason(
            f"Failing now in {now.direction.target.label}: {now.failure.reason}",
            account,
            ids,
            lambda text: st.error(text, icon=":material/error:"),
        )
        advice = for_code(now.failure.code, now.failure.cause).advice
        st.markdown(f":material/lightbulb: **What to do:** {plain(advice, longest=1000)}")
