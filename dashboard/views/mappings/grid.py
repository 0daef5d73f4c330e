"""The table of mapped fields: a row each, in which the owner and the value of new records are edited, with
samples of what both systems hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dashboard.shared import session
from dashboard.views.mappings import drafting, state
from dashboard.views.mappings.state import MappingsPage
from syncer.application import known_values
from syncer.application.known_values import FieldSample
from syncer.configuration import required_mappings
from syncer.configuration.document import Document, FieldKeys, entity_name, field_keys, mapping_rows
from syncer.configuration.editor import edits
from syncer.configuration.editor.draft import MappingDraft
from syncer.configuration.editor.edits import MappingNotFound, MappingRequired
from syncer.configuration.editor.rows import MappedRow
from syncer.core.permissions import Action
from syncer.core.records import Kind, System
from syncer.infra import csv_export

_GRID, _NUMBER = "mappings grid", "mappings grids"
PICK, OWNER, DEFAULT = "Select", "Canonical System", "New records get"
HOLDS = {system: f"{system.label} holds" for system in System}
"""The columns with samples."""
_OWNERS = {System.ELEMENT451: "Element451 →", System.SALESFORCE: "← Salesforce"}
_SAMPLED = f"Of the first {known_values.SAMPLE} records that stand in both systems, as last read."
_ROW_HEIGHT, _MOST_HEIGHT = 35, 600


@dataclass(frozen=True)
class Grid:
    """The table as it began: its rows, and which mapped field each is. What is edited in it is kept by the
    widget, and taken over into the draft on every run; so the table stays what it is while somebody works in
    it. Where anything else changes, another one begins."""

    number: int
    kind: Kind
    fields: tuple[FieldKeys, ...]
    rows: tuple[dict[str, Any], ...]
    basis: str = ""

    @property
    def key(self) -> str:
        """The key of its widget."""
        return f"mappings table {self.number}"


def take_cells(draft: MappingDraft) -> MappingDraft:
    """The draft with what was edited in the cells of the table since the last run."""
    grid: Grid | None = st.session_state.get(_GRID)
    changes: Mapping[str, Any] = (st.session_state.get(grid.key) if grid else None) or {}
    if grid is None:
        return draft
    document = draft.edited
    for at, cells in changes.get("edited_rows", {}).items():
        document = _with_cells(document, grid.kind, grid.fields[int(at)], cells)
    if document is draft.edited:
        return draft
    drafting.take(draft, document)
    # The table shows these edits already.
    if _GRID in st.session_state:
        st.session_state[_GRID] = replace(grid, basis=_basis(document, grid.kind))
    return draft.taking(document)


def draw(page: MappingsPage, rows: Sequence[MappedRow]) -> list[FieldKeys]:
    """Draw the table; gives the fields that are selected in it."""
    may = session.application().person.may(Action.CONFIGURE)
    grid = _grid(page, rows)
    open_key = f"{grid.key} open"
    st.data_editor(
        list(grid.rows),
        hide_index=True,
        key=grid.key,
        height=min(_ROW_HEIGHT * (len(grid.rows) + 1) + 3, _MOST_HEIGHT),
        disabled=True if not may else [name for name in grid.rows[0] if name not in _editable(page.kind)],
        alt="The mapped fields",
        column_config={
            PICK: st.column_config.CheckboxColumn(
                "", width=40, pinned=True, help="Select rows to act on them"
            ),
            "Open": st.column_config.ButtonColumn(
                "",
                width=58,
                type="tertiary",
                key=open_key,
                on_click=_open,
                args=(page, grid, open_key),
                pinned=True,
            ),
            "Element451": st.column_config.TextColumn(width=145),
            OWNER: st.column_config.SelectboxColumn(
                options=list(_OWNERS.values()),
                width=130,
                help="Whose value wins. Element451 stands at the left, Salesforce at the right.",
            ),
            "Salesforce": st.column_config.TextColumn(width=145),
            **{name: st.column_config.TextColumn(width=120, help=_SAMPLED) for name in HOLDS.values()},
            "Agree": st.column_config.TextColumn(
                width=65, help="How many hold the same on both sides, by this mapping. " + _SAMPLED
            ),
            "State": st.column_config.TextColumn(width=95),
            "Value map": st.column_config.TextColumn(width=85),
            DEFAULT: st.column_config.TextColumn(
                width=135,
                help="What a new Salesforce record gets where Element451 has no value. Write it as Salesforce"
                " holds it.",
            ),
            "Filled": st.column_config.TextColumn(
                width=110, help="How many values are not empty: Element451 / Salesforce. " + _SAMPLED
            ),
        },
    )
    changes: Mapping[str, Any] = st.session_state.get(grid.key) or {}
    return [grid.fields[int(at)] for at, cells in changes.get("edited_rows", {}).items() if cells.get(PICK)]


def _grid(page: MappingsPage, rows: Sequence[MappedRow]) -> Grid:
    """The table that was begun, where it still shows these rows; else another one."""
    former: Grid | None = st.session_state.get(_GRID)
    fields = tuple(row.keys for row in rows)
    basis = _basis(page.document, page.kind)
    begun = former and former.key in st.session_state
    if former and begun and (former.kind, former.fields, former.basis) == (page.kind, fields, basis):
        return former
    number = st.session_state[_NUMBER] = st.session_state.get(_NUMBER, 0) + 1
    samples = _samples(page, rows)
    drawn = tuple(_cells(page, row, samples.get(row.keys)) for row in rows)
    grid = st.session_state[_GRID] = Grid(number, page.kind, fields, drawn, basis)
    return grid


def _basis(document: Document, kind: Kind) -> str:
    """What the table was made from, to be compared."""
    return repr(mapping_rows(document, kind))


def _samples(page: MappingsPage, rows: Sequence[MappedRow]) -> dict[FieldKeys, FieldSample]:
    engine = session.application().database
    mapped = [row.mapped_field for row in rows if row.mapped_field]
    return known_values.sample(engine, page.kind, entity_name(page.document, page.kind), mapped)


def _cells(page: MappingsPage, row: MappedRow, sample: FieldSample | None) -> dict[str, Any]:
    must = required_mappings.required_mapping(page.kind, row.keys)
    edited = {edit.fields: edit.what for edit in page.draft.edits if edit.kind is page.kind}
    held = {system: " · ".join(sample.values[system]) if sample else "" for system in System}
    if must:
        said = "🔒 required"
    elif row.has_errors:
        said = "✖ error"
    elif row.keys in _suspended(page):
        said = "⏸ suspended"
    else:
        said = {"added": "＋ new", "changed": "✎ changed"}.get(edited.get(row.keys, ""), "")
    return {
        PICK: False,
        "Open": "Edit",
        "Element451": csv_export.escape(row.label(System.ELEMENT451)) if row.owner else "(fixed value)",
        OWNER: _OWNERS[row.owner] if row.owner else None,
        "Salesforce": csv_export.escape(row.label(System.SALESFORCE)),
        **{HOLDS[system]: csv_export.escape(held[system]) for system in System},
        "Agree": percent(sample.agreeing) if sample else "",
        "State": said,
        "Value map": f"{len(row.values)} values" if row.values else "",
        DEFAULT: row.default,
        "Filled": " / ".join(percent(sample.filled[system]) for system in System) if sample else "",
    }


def _suspended(page: MappingsPage) -> list[FieldKeys]:
    return [field_keys(row) for row in mapping_rows(page.document, page.kind) if row.get("suspended")]


def percent(share: float | None) -> str:
    """A share for people; all is said only of all."""
    return "–" if share is None else f"{int(share * 100)} %"


def _editable(kind: Kind) -> tuple[str, ...]:
    return (PICK, "Open", OWNER, DEFAULT) if kind is Kind.CONTACT else (PICK, "Open", DEFAULT)


def _with_cells(document: Document, kind: Kind, fields: FieldKeys, cells: Mapping[str, Any]) -> Document:
    """The document with what was edited in the cells of one row; a cell that may not be so is told, and
    stays."""
    row = next((row for row in mapping_rows(document, kind) if field_keys(row) == fields), None)
    if row is None:
        return document
    made = dict(row)
    if cells.get(OWNER) and row.get("owner"):
        made["owner"] = next(system.value for system, text in _OWNERS.items() if text == cells[OWNER])
    if DEFAULT in cells:
        default = str(cells[DEFAULT] or "").strip()
        made = {name: part for name, part in made.items() if name != "default"}
        made |= {"default": default} if default or not fields[0] else {}
    if made == row:
        return document
    try:
        return edits.replace(document, kind, fields, made)
    except (MappingNotFound, MappingRequired) as refused:
        state.say(str(refused), wrong=True)
        st.session_state.pop(_GRID, None)  # the table begins anew, without that cell
        return document


def _open(page: MappingsPage, grid: Grid, key: str) -> None:
    """Open the dialog of the row whose button was pressed."""
    at = st.session_state[key]["row"]
    if at < len(grid.fields):
        open_row(page, grid.fields[at])


def open_row(page: MappingsPage, fields: FieldKeys) -> None:
    """Open the dialog of the row of these fields, in a callback."""
    stored = next(row for row in mapping_rows(page.document, page.kind) if field_keys(row) == fields)
    begin = state.open_mapping if stored.get("owner") else state.open_constant
    begin(page, fields, stored)
