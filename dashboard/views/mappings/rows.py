"""The table of mapped fields: both sides, the owner, the value map, and beside each row what is wrong with
it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.shared import session
from dashboard.shared.markdown import plain
from dashboard.views.mappings import state
from dashboard.views.mappings.labels import arrow, field_lines, owner_line, problems
from dashboard.views.mappings.state import MappingsPage
from syncer.configuration import required_mappings
from syncer.configuration.document import FieldKeys, field_keys
from syncer.configuration.editor import value_maps
from syncer.configuration.editor.rows import MappedRow, search_rows
from syncer.core.permissions import Action
from syncer.core.records import System
from syncer.core.text import counted

A_PAGE = 25
"""Mapped fields that are drawn at once."""
_WIDTHS = [4, 2.2, 4, 2.4]
_MAY_NOT = "Your role may look at mappings, not change them."


def draw(page: MappingsPage, rows: Sequence[MappedRow]) -> None:
    """The rows that are searched for, a page at a time."""
    faulty, noted = [row for row in rows if row.has_errors], [row for row in rows if row.has_notes]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Search",
            type="search",
            placeholder="Label, key or value",
            key="mappings search",
            live=True,
            width=320,
        )
        only = _only("problems", "mappings faulty", faulty) or _only("notes", "mappings noted", noted)
    found = search_rows(only or rows, words or "")
    if not found:
        st.info("No mapped field is called so. Search for another word, or add a mapping.")
        return
    pages = -(-len(found) // A_PAGE)
    # Another search begins with the first page.
    key = f"mappings page {page.kind.value} {words} {len(only)} {pages}"
    shown = int(st.session_state.get(key, 1))
    seen: set[FieldKeys] = set()
    for row in found[(shown - 1) * A_PAGE : shown * A_PAGE]:
        _row(page, row, again=row.fields in seen)
        seen.add(row.fields)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        of = f"{len(found)} of " if len(found) < len(rows) else ""
        st.caption(of + counted(len(rows), "mapped field"))
        if pages > 1:
            st.pagination(pages, key=key)


def _only(what: str, key: str, of_it: Sequence[MappedRow]) -> Sequence[MappedRow]:
    """The switch that leaves only rows with problems, or with notes, of which there are any; these where it
    is on."""
    return of_it if of_it and st.toggle(f"Only those with {what} ({len(of_it)})", key=key) else ()


def _row(page: MappingsPage, row: MappedRow, again: bool) -> None:
    """``again``: the very same fields stand in a row before; what is wrong says so, and that one is to be
    edited or removed first."""
    must = required_mappings.required_mapping(page.kind, row.fields)
    with st.container(border=True, gap="xsmall"):
        ours, owner, theirs, acts = st.columns(_WIDTHS, vertical_alignment="center")
        if row.owner:
            ours.markdown(field_lines(row.label(System.ELEMENT451), row.element451, row.element451_field))
            with owner.container(gap="xsmall"):
                st.markdown(f"{owner_line(row.owner)}  \n:small[:gray[Canonical System]]")
                if row.values and not again:
                    _values(row)
        else:
            ours.markdown(f"**{plain(row.default)}**  \n:small[:gray[Fixed value of every new record]]")
            owner.markdown(arrow(System.ELEMENT451))
        theirs.markdown(field_lines(row.label(System.SALESFORCE), row.salesforce, row.salesforce_field))
        if not again:
            with acts.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
                _acts(page, row, bool(must))
        if must:
            st.caption(f":material/lock: Required. {must.why}")
        # How long a text may be is said beside the field already.
        if row.owner and row.default:
            st.caption(f"A new record gets {plain(row.default)} where the other side has no value.")
        problems(problem for problem in row.problems if not problem.short)


def _values(row: MappedRow) -> None:
    names = [
        (
            {
                value: value_maps.option_label((value, label))
                for value, label in value_maps.field_options(field)
            }
            if field
            else {}
        )
        for field in (row.element451_field, row.salesforce_field)
    ]
    with st.popover(f"Value map: {len(row.values)}", type="tertiary", icon=":material/swap_horiz:"):
        pairs = [
            {"Element451": names[0].get(ours, ours), "Salesforce": names[1].get(theirs, theirs)}
            for ours, theirs in row.values.items()
        ]
        st.dataframe(pairs, hide_index=True, width=420, key=f"values of {' '.join(row.fields)}")


def _acts(page: MappingsPage, row: MappedRow, required: bool) -> None:
    name = " ".join(row.fields)
    may = session.application().person.may(Action.CONFIGURE)
    unknown = not page.known.element451 or not page.known.fields(System.SALESFORCE, page.document, page.kind)
    why = None
    if not may:
        why = _MAY_NOT
    elif unknown:
        why = "It can be edited once the fields of both systems can be read."
    stored = next(raw for raw in page.document["mappings"][page.kind.value] if field_keys(raw) == row.fields)
    st.button(
        "Edit",
        key=f"edit {name}",
        icon=":material/edit:",
        type="tertiary",
        disabled=why is not None,
        help=why,
        on_click=state.open_mapping if row.owner else state.open_constant,
        args=(page, row.fields, stored),
    )
    if not required:
        st.button(
            "Remove",
            key=f"remove {name}",
            icon=":material/delete:",
            type="tertiary",
            disabled=not may,
            help=None if may else _MAY_NOT,
            on_click=state.open_removal,
            args=(page, row.fields),
        )
