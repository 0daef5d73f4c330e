"""What a write does to each field, as a table that anybody can read: Preview, Dry run and the Integration
Logs draw it alike."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.shared.markdown import plain
from dashboard.shared.times import local
from syncer.configuration.catalogue import Labels
from syncer.core.records import System

EMPTY, UNKNOWN, SAME = ":gray[empty]", ":gray[not known yet]", ":gray[unchanged]"
LONGEST, LONGEST_WORD = 120, 50
"""Characters of a value, and of a word in it, that a cell shows; the whole of what is longer stands beneath
the table."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
"""A date and time as values have it (`records.Value`)."""


def draw(
    changes: Sequence[Mapping[str, Any]], labels: Labels | None = None, direction: str | None = None
) -> None:
    """The ``changes`` of a plan or of a log entry (docs/architecture.md, "Surfaces"): each field with its
    owner, before and after. ``labels`` name the fields, else their keys do; ``direction`` (import or export)
    names the system that is written."""
    if not changes:
        st.caption("No field gets another value.")
        return
    names, written = (
        labels or Labels(),
        {"import": " in Element451", "export": " in Salesforce"}.get(direction or "", ""),
    )
    rows = [
        {
            "Field": field(change, names),
            f"Before{written}": UNKNOWN if change.get("known") is False else value(change["before"]),
            f"After{written}": value(change["after"]) if differs(change) else SAME,
        }
        for change in changes
    ]
    st.table(rows, border="horizontal", hide_index=True)
    whole_values(changes, names, ("before", "after"))


def differs(change: Mapping[str, Any]) -> bool:
    """Whether the field gets another value; where the one before is not known, it is taken to."""
    return change.get("known") is False or change["before"] != change["after"]


def field(change: Mapping[str, Any], labels: Labels) -> str:
    """A mapped field as Markdown: what both sides call it, and small its owner. Its keys stand on the
    Mappings page."""
    names = dict.fromkeys(labels.of(system, str(change[system.value])) for system in System)
    return f"**{' · '.join(map(plain, names))}**  \n:small[:gray[{System(change['owner']).label} owns it]]"


def value(what: object) -> str:
    """A value as Markdown that shows it letter by letter; a long one is cut. A moment is that of the viewer's
    time zone."""
    if what is None:
        return EMPTY
    if isinstance(what, str) and _MOMENT.fullmatch(what):
        with suppress(ValueError):  # 30 February is shown as it stands
            return plain(f"{local(datetime.fromisoformat(what)):%Y-%m-%d %H:%M:%S}")
    return plain(text(what), LONGEST_WORD if _long_word(text(what)) else LONGEST)


def text(what: object) -> str:
    """A value as people write it."""
    if isinstance(what, bool):
        return "Yes" if what else "No"
    return ", ".join(map(str, what)) if isinstance(what, list) else "" if what is None else str(what)


def whole_values(changes: Sequence[Mapping[str, Any]], labels: Labels, names: Sequence[str]) -> None:
    """What was cut in the cells above, in full, to unfold. ``names``: under which keys of a change values
    stand."""
    cut = [
        (change, name)
        for change in changes
        for name in names
        if len(text(change.get(name))) > LONGEST or _long_word(text(change.get(name)))
    ]
    if not cut:
        return
    with st.expander("Long values in full"):
        for change, name in cut:
            st.caption(f"{plain(labels.of(System.SALESFORCE, str(change['salesforce'])))}, {name}")
            st.code(text(change[name]), language=None, wrap_lines=True)


def _long_word(shown: str) -> bool:
    return any(len(word) > LONGEST_WORD for word in shown.split())
