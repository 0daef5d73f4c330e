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

AGREE, DIFFER, UNKNOWN = "✓ agree", "≠ differ", "? not read yet"
WHY = "Why?"
_ASKED = "why of a field"
_ROW_HEIGHT, _MOST_HEIGHT = 35, 640


def draw(engine: Engine, document: Document, student: Student) -> None:
    """Draw the table, those that differ first."""
    if not student.fields:
        return
    labels = catalogue.last_read_labels(engine, entity_name(document, Kind.CONTACT))
    ordered = sorted(student.fields, key=lambda field: field["agree"] is not False)
    rows = [row(field, labels) for field in ordered]
    keys = [str(field["salesforce"]) for field in ordered]
    key = f"fields {student.identity}"
    st.dataframe(
        rows,
        hide_index=True,
        key=key,
        height=min(_ROW_HEIGHT * (len(rows) + 1) + 3, _MOST_HEIGHT),
        column_config={
            "Field": st.column_config.TextColumn(width=130),
            WHY: st.column_config.ButtonColumn(
                "", width=70, key=f"why {key}", on_click=_ask_why, args=(f"why {key}", keys)
            ),
            "Element451": st.column_config.TextColumn(width=170),
            "Salesforce": st.column_config.TextColumn(width=170),
            "Together": st.column_config.MultiselectColumn(
                options=[AGREE, DIFFER, UNKNOWN], color=["green", "orange", "gray"], width=120
            ),
            "Owner": st.column_config.TextColumn(width=100),
            "Held": st.column_config.TextColumn(width=150),
        },
    )
    asked = st.session_state.pop(_ASKED, None)
    for field in student.fields:
        if field["salesforce"] == asked:
            why_dialog.draw(student, field, name(field, labels))


def _ask_why(key: str, keys: list[str]) -> None:
    number = st.session_state[key]["row"]
    if number < len(keys):
        st.session_state[_ASKED] = keys[number]


def row(field: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    """The cells of a field."""
    together = {True: AGREE, False: DIFFER}.get(field["agree"], UNKNOWN)
    held = field["held"]
    return {
        "Field": name(field, labels),
        "Element451": _value(field, System.ELEMENT451),
        "Salesforce": _value(field, System.SALESFORCE),
        "Together": [together],
        "Owner": System(field["owner"]).label,
        WHY: WHY,
        "Held": visible(f"by {held['by']}" if held["by"] else "yes") if held else "",
    }


def name(field: Mapping[str, Any], labels: Labels) -> str:
    """What the field is called, as Salesforce does."""
    return visible(labels.of(System.SALESFORCE, field["salesforce"]))


def _value(field: Mapping[str, Any], system: System) -> str:
    side = field["values"][system.value]
    return csv_export.escape(entry_words.short(side["value"])) if side["known"] else "not read yet"
