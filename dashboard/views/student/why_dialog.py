"""Why? of one field: who owns it since when, who wrote each value, when, under which version, and what stood
there before; and what can be done about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard import navigation
from dashboard.shared.markdown import plain
from dashboard.shared.plans import field_changes
from dashboard.shared.times import when
from dashboard.views.student import actions, requests
from syncer.application.students import Student
from syncer.core.permissions import Action
from syncer.core.records import System

_ORIGINS = {
    "there before the sync": "It was there before the sync wrote anything.",
    "older than the log": "It was written longer ago than the log reaches.",
    "changed outside the sync": "Somebody changed it there, after the sync wrote it.",
    "not read yet": "It has not been read yet.",
}
Json = Mapping[str, Any]


def draw(student: Student, field: Json, name: str) -> None:
    """Draw the dialog over the page."""
    st.dialog(f"{plain(name)}: why?", width="medium")(_body)(student, field, requests.times())


def _body(student: Student, field: Json, opened: int) -> None:
    if requests.times() != opened:  # something was asked for in it: the page says what comes of that
        st.rerun()
    if since := field.get("owned_since"):
        by = f", by {plain(since['person'])}" if since["person"] else ""
        st.caption(
            f"{System(field['owner']).label} owns it since settings version {since['version']}"
            f" ({plain(when(since['time']))}{by}). The owner’s value goes to the other system."
        )
    for system in System:
        _draw_side(field, system)
    st.divider()
    if held := field["held"]:
        _draw_held(held)
        return
    _draw_put_back(student, field)
    with st.expander("Hold this field", icon=":material/pause_circle:"):
        key = str(field["salesforce"])
        actions.draw_hold(student, key, key)


def _draw_side(field: Json, system: System) -> None:
    side = field["values"][system.value]
    value = field_changes.format_value(side["value"]) if side["known"] else field_changes.UNKNOWN
    read = f" :small[:gray[read {plain(_moment(side['read_at']))}]]" if side["read_at"] else ""
    st.markdown(f"**{system.label}**: {value}{read}")
    if sentence := _ORIGINS.get(side["origin"]):
        st.markdown(sentence)
    if wrote := side["written_by"]:
        _draw_write(wrote)


def _draw_write(wrote: Json) -> None:
    before = field_changes.format_value(wrote["before"]) if wrote["before_known"] else "not known"
    by = f", which {plain(wrote['person'])} saved" if wrote["person"] else ""
    made = "created the record with it" if wrote["created"] else f"wrote it; before: {before}"
    st.markdown(
        f"Run {wrote['run']} {made} ({plain(_moment(wrote['time']))}, settings version"
        f" {wrote['version']}{by})."
    )
    params = {"entry": str(wrote["entry"])}
    st.page_link(navigation.LOGS, label="Log entry", icon=":material/arrow_forward:", query_params=params)


def _draw_held(held: Json) -> None:
    until = f" until {plain(_moment(held['until']))}" if held["until"] else ""
    by = f" by {plain(held['by'])}" if held["by"] else ""
    st.markdown(f":material/pause_circle: Held{by}{until}: {plain(held['reason'], longest=500)}")
    actions.draw_release(dict(held))


def _draw_put_back(student: Student, field: Json) -> None:
    wrote = field["written_by"]
    if not wrote or wrote["created"] or not wrote["before_known"] or field["changed_outside"]:
        return
    target = System(wrote["system"]).label
    why_not = requests.blocked(Action.UNDO)
    st.button(
        f"Put back in {target}: {field_changes.format_value(wrote['before'])}",
        icon=":material/undo:",
        key="put back field",
        on_click=requests.put_back,
        args=(student, wrote["entry"], field["salesforce"]),
        disabled=why_not is not None,
        help=why_not or "It is held afterwards, so that the next run does not write it again.",
    )


def _moment(text: str | datetime) -> str:
    return when(datetime.fromisoformat(text) if isinstance(text, str) else text)
