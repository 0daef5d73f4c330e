"""Pairs of fields that look as if they belonged together, to be added many at once or dismissed."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.shared import session
from dashboard.views.mappings import drafting
from dashboard.views.mappings.state import MappingsPage
from syncer.configuration.compilation import to_preferences
from syncer.configuration.document import field_keys
from syncer.configuration.editor import edits
from syncer.configuration.editor.dismissed_suggestions import bring_back, dismiss, dismissed
from syncer.configuration.editor.suggestions import Suggestion, suggest_mappings
from syncer.core.permissions import Action
from syncer.core.records import Kind, System
from syncer.core.text import counted
from syncer.infra import csv_export

_ADD, _OWNER = "Add", "Canonical System"
_OWNERS = {System.ELEMENT451: "Element451 →", System.SALESFORCE: "← Salesforce"}
_ROW_HEIGHT, _MOST_HEIGHT = 35, 420


def draw(page: MappingsPage) -> None:
    """The suggestions, all ticked; nothing where there are none, or for somebody who may not add any."""
    application = session.application()
    if not application.person.may(Action.CONFIGURE):
        return
    unwanted = dismissed(application.database, page.kind)
    ours, theirs = (page.known.fields(system, page.document, page.kind).values() for system in System)
    found = suggest_mappings(
        ours, theirs, page.kind, page.taken, to_preferences(page.document).creates_in, unwanted
    )
    if not found and not unwanted:
        return
    with st.expander(
        f"{counted(len(found), 'suggestion')}: fields with like names that are not mapped yet",
        expanded=len(page.taken) <= 2 and bool(found),
    ):
        if found:
            _table(page, found)
        if unwanted:
            st.button(
                f"Show the {len(unwanted)} dismissed again",
                type="tertiary",
                on_click=_bring_back,
                args=(page.kind,),
            )


def _table(page: MappingsPage, found: Sequence[Suggestion]) -> None:
    st.caption("Untick what does not belong together, and choose whose value wins.")
    key = f"mappings suggestions {hash(tuple(one.fields for one in found))}"
    st.data_editor(
        [_row(one) for one in found],
        hide_index=True,
        key=key,
        height=min(_ROW_HEIGHT * (len(found) + 1) + 3, _MOST_HEIGHT),
        disabled=_fixed(page.kind),
        alt="Suggested mappings",
        column_config={
            _ADD: st.column_config.CheckboxColumn(width=50, pinned=True),
            _OWNER: st.column_config.SelectboxColumn(
                options=list(_OWNERS.values()), width=140, required=True
            ),
        },
    )
    rows = _chosen(found, key)
    left = [one for one in found if one.fields not in {field_keys(row) for row in rows}]
    with st.container(horizontal=True):
        st.button(
            f"Add {len(rows)}",
            key="add suggestions",
            icon=":material/add:",
            type="primary",
            disabled=not rows,
            on_click=_add,
            args=(page, rows),
        )
        if left:
            st.button(
                f"Dismiss the {len(left)} unticked",
                key="dismiss suggestions",
                icon=":material/close:",
                help="They are not suggested again, to anybody.",
                on_click=_dismiss,
                args=(page.kind, left),
            )


def _fixed(kind: Kind) -> list[str]:
    """The columns that are not edited: conversations always belong to Element451."""
    return ["Element451", "Salesforce", "Value map", *([_OWNER] if kind is Kind.CONVERSATION else [])]


def _row(one: Suggestion) -> dict[str, Any]:
    return {
        _ADD: True,
        "Element451": csv_export.escape(f"{one.element451.label} ({one.element451.key})"),
        _OWNER: _OWNERS[one.owner],
        "Salesforce": csv_export.escape(f"{one.salesforce.label} ({one.salesforce.key})"),
        "Value map": f"{len(one.values)} values" if one.values else "",
    }


def _chosen(found: Sequence[Suggestion], key: str) -> list[dict[str, Any]]:
    """The ticked ones as rows of a document, with the owners that were chosen."""
    changes: Mapping[int, Any] = (st.session_state.get(key) or {}).get("edited_rows", {})
    rows = []
    for at, one in enumerate(found):
        cells = changes.get(at, {})
        if cells.get(_ADD, True):
            chosen = cells.get(_OWNER, _OWNERS[one.owner])
            owner = next(system for system, text in _OWNERS.items() if text == chosen)
            rows.append(edits.mapping_row(*one.fields, owner, one.values))
    return rows


def _add(page: MappingsPage, rows: Sequence[dict[str, Any]]) -> None:
    document = page.document
    for row in rows:
        document = edits.add(document, page.kind, row)
    drafting.take(page.draft, document)


def _dismiss(kind: Kind, left: Sequence[Suggestion]) -> None:
    application = session.application()
    dismiss(application.database, application.person, kind, [one.fields for one in left])


def _bring_back(kind: Kind) -> None:
    bring_back(session.application().database, session.application().person, kind)
