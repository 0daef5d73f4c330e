"""A table of what a write does to each field. Preview, Dry run, the Integration Logs and waiting runs share
it."""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.shared.markdown import plain
from dashboard.shared.times import local
from syncer.configuration.catalogue import Labels
from syncer.core.plan import Direction
from syncer.core.records import System

EMPTY = ":gray[empty]"
UNKNOWN = ":gray[not known yet]"
SAME = ":gray[unchanged]"
LEFT_OUT = ":orange[not written]"
HELD = ":orange[held]"
BLAMED = "  \n:red-badge[:material/error: to blame]"
_LONGEST = 120
"""Characters of a value that a cell shows. Longer values are shown in full below the table."""
_LONGEST_WORD = 50
"""Characters of a value with a word that is longer than this: it could not be wrapped."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
"""A date and time, as `records.Value` has it."""


def draw(
    changes: Sequence[Mapping[str, Any]],
    labels: Labels | None = None,
    direction: Direction | None = None,
    blamed: Collection[tuple[str, str]] = (),
) -> None:
    """Draw the ``changes`` of a plan or log entry: each field with its owner, before and after.

    Without ``labels``, fields are named by their keys; ``direction`` tells which system is written.
    ``blamed``: the fields, by slug and API name, that make the record fail.
    """
    if not changes:
        st.caption("No field gets another value.")
        return
    labels = labels or Labels()
    where = f" in {direction.target.label}" if direction else ""
    rows = [
        {
            "Field": field_label(change, labels) + (BLAMED if _is_blamed(change, blamed) else ""),
            f"Before{where}": UNKNOWN if change.get("known") is False else format_value(change["before"]),
            f"After{where}": _after(change),
        }
        for change in changes
    ]
    st.table(rows, border="horizontal", hide_index=True)
    draw_long_values(changes, labels, ("before", "after"))


def _is_blamed(change: Mapping[str, Any], blamed: Collection[tuple[str, str]]) -> bool:
    return (change["element451"], change["salesforce"]) in blamed


def _after(change: Mapping[str, Any]) -> str:
    after = format_value(change["after"]) if differs(change) else SAME
    if change.get("held"):
        return f"{after} {HELD}"
    return f"{after} {LEFT_OUT}" if change.get("left_out") else after


def differs(change: Mapping[str, Any]) -> bool:
    """Whether the field gets another value. An unknown value before counts as another one."""
    return change.get("known") is False or change["before"] != change["after"]


def field_label(change: Mapping[str, Any], labels: Labels) -> str:
    """A mapped field as Markdown: its label on both sides, and its owner; or a field with a fixed value. Keys
    are shown on the Mappings page."""
    keys = {system: str(change[system.value]) for system in System if change[system.value]}
    names = dict.fromkeys(labels.of(system, key) for system, key in keys.items())
    owner = f"{System(change['owner']).label} owns it" if len(keys) == len(System) else "a fixed value"
    return f"**{' · '.join(map(plain, names))}**  \n:small[:gray[{owner}]]"


def format_value(value: object) -> str:
    """A value as Markdown for a cell: a long one is cut, a moment is in the viewer's time zone."""
    if value is None:
        return EMPTY
    text = plain_text(value)
    return plain(text, _LONGEST_WORD if _has_long_word(text) else _LONGEST)


def plain_text(value: object) -> str:
    """A value as text, whole; a moment is in the viewer's time zone."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        with suppress(ValueError):  # no such day: shown as it is
            return f"{local(datetime.fromisoformat(value)):%Y-%m-%d %H:%M:%S}"
    return value_text(value)


def value_text(value: object) -> str:
    """A value as people write it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def draw_long_values(changes: Sequence[Mapping[str, Any]], labels: Labels, names: Sequence[str]) -> None:
    """Draw in full the values that the cells cut, to unfold. ``names`` are the keys of a change under which
    values are."""
    cut = [(change, name) for change in changes for name in names if _is_cut(value_text(change.get(name)))]
    if not cut:
        return
    with st.expander("Long values in full"):
        for change, name in cut:
            st.caption(f"{plain(labels.of(System.SALESFORCE, str(change['salesforce'])))}, {name}")
            st.code(value_text(change[name]), language=None, wrap_lines=True)


def _is_cut(text: str) -> bool:
    return len(text) > _LONGEST or _has_long_word(text)


def _has_long_word(text: str) -> bool:
    return any(len(word) > _LONGEST_WORD for word in text.split())
