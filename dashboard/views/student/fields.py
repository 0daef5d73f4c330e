"""Every mapped field of a student on both sides: who owns it, whether both agree, and whether it is held."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard.shared.students import entry_words
from dashboard.views.student import why_dialog
from syncer.application.students import Student
from syncer.configuration import catalogue
from syncer.configuration.catalogue import Labels
from syncer.configuration.document import Document, entity_name
from syncer.core.records import Kind, System
from syncer.core.text import visible
from syncer.infra import csv_export
from syncer.sync.record_search import Person

AGREE, DIFFER, UNKNOWN = "✓ agree", "≠ differ", "? not read yet"
WHY = "Why?"
_ASKED, _CHOSEN = "why of a field", "choose a field"
_NO_RECORD = "no record yet"
_ROW_HEIGHT, _MOST_HEIGHT = 35, 640


def draw(engine: Engine, document: Document, student: Student) -> None:
    """Draw the table, those that differ first, and the dialog of the field about which Why? was asked."""
    if not student.fields:
        return
    labels = catalogue.last_read_labels(engine, entity_name(document, Kind.CONTACT))
    ordered = sorted(student.fields, key=lambda field: field["agree"] is not False)
    keys = [str(field["salesforce"]) for field in ordered]
    rows = [row(field, labels, student.person) for field in ordered]
    key = f"fields {student.identity}"
    _draw_choice(ordered, labels)
    st.dataframe(
        rows,
        hide_index=True,
        key=key,
        height=min(_ROW_HEIGHT * (len(rows) + 1) + 3, _MOST_HEIGHT),
        column_config={
            "Field": st.column_config.TextColumn(width=105),
            WHY: st.column_config.ButtonColumn(
                "", width=65, key=f"why {key}", on_click=_ask_why, args=(f"why {key}", keys)
            ),
            "Element451": st.column_config.TextColumn(width=105),
            "Salesforce": st.column_config.TextColumn(width=105),
            "Together": st.column_config.MultiselectColumn(
                options=[AGREE, DIFFER, UNKNOWN], color=["green", "orange", "gray"], width=115
            ),
            "Owner": st.column_config.TextColumn(width=90),
            "Held": st.column_config.TextColumn(width=80),
        },
    )
    asked = st.session_state.pop(_ASKED, None)
    for field in student.fields:
        if field["salesforce"] == asked:
            why_dialog.draw(student, field, name(field, labels))


def _draw_choice(ordered: list[dict[str, Any]], labels: Labels) -> None:
    """Draw the list by which Why? is asked with the keyboard, or with one thumb."""
    named = {str(field["salesforce"]): name(field, labels) for field in ordered}
    st.selectbox(
        "Why does a field hold what it holds?",
        list(named),
        index=None,
        format_func=lambda key: named.get(key, key),
        placeholder="Why? Choose a field",
        label_visibility="collapsed",
        key=_CHOSEN,
        on_change=_choose,
        width=260,
    )


def _choose() -> None:
    st.session_state[_ASKED] = st.session_state[_CHOSEN]
    st.session_state[_CHOSEN] = None


def _ask_why(key: str, keys: list[str]) -> None:
    number = st.session_state[key]["row"]
    if number < len(keys):
        st.session_state[_ASKED] = keys[number]


def row(field: Mapping[str, Any], labels: Labels, person: Person) -> dict[str, Any]:
    """The cells of a field."""
    together = {True: AGREE, False: DIFFER}.get(field["agree"], UNKNOWN)
    alone = not (person.element_id and person.salesforce_id)
    held = field["held"]
    return {
        "Field": name(field, labels),
        WHY: WHY,
        "Element451": _value(field, System.ELEMENT451, person.element_id),
        "Salesforce": _value(field, System.SALESFORCE, person.salesforce_id),
        "Together": [] if alone else [together],
        "Owner": System(field["owner"]).label,
        "Held": visible(f"by {held['by']}" if held["by"] else "yes") if held else "",
    }


def name(field: Mapping[str, Any], labels: Labels) -> str:
    """What the field is called, as Salesforce does."""
    return visible(labels.of(System.SALESFORCE, field["salesforce"]))


def _value(field: Mapping[str, Any], system: System, identity: str | None) -> str:
    side = field["values"][system.value]
    if side["known"]:
        return csv_export.escape(entry_words.short(side["value"]))
    return "not read yet" if identity else _NO_RECORD
