"""How fields, owners and problems are put into words on the Mappings page."""

from collections.abc import Iterable

import streamlit as st

from dashboard.shared.markdown import plain
from syncer.configuration.editor.field_type_labels import type_details
from syncer.configuration.problems import Problem
from syncer.core.fields import Field
from syncer.core.records import System


def field_lines(label: str, key: str, field: Field | None) -> str:
    """A field in two lines of Markdown: its label; its key and type. A field that is not known has its key
    alone."""
    return (
        f"**{plain(label)}**  \n:small[:gray[{plain(key)} · {plain(type_details(field))}]]"
        if field
        else f"**{plain(key)}**"
    )


def owner_line(owner: System) -> str:
    """The owner with the way that values go."""
    return f"{owner.label} {arrow(owner)}" if owner is System.ELEMENT451 else f"{arrow(owner)} {owner.label}"


def arrow(owner: System) -> str:
    """The way that values go, Element451 being drawn at the left."""
    return ":material/arrow_forward:" if owner is System.ELEMENT451 else ":material/arrow_back:"


def problems(found: Iterable[Problem]) -> None:
    """Each problem as a sentence: errors in red, what may go wrong in gray."""
    for problem in found:
        error = problem.severity == "error"
        icon, colour = (":material/error:", "red") if error else (":material/info:", "gray")
        st.markdown(f":small[:{colour}[{icon} {plain(problem.short or problem.message, 600)}]]")
