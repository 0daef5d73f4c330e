"""The mapped fields of a kind: what is searched for, the table, what is wrong with rows, and what can be done
to several at once."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.shared import session
from dashboard.shared.markdown import plain
from dashboard.views.mappings import drafting, grid, state
from dashboard.views.mappings.labels import problems
from dashboard.views.mappings.state import MappingsPage
from syncer.configuration.document import Document, FieldKeys, field_keys, mapping_rows
from syncer.configuration.editor import edits
from syncer.configuration.editor.edits import MappingNotFound, MappingRequired
from syncer.configuration.editor.rows import MappedRow, search_rows
from syncer.core.permissions import Action
from syncer.core.records import Kind, System
from syncer.core.text import counted


def draw(page: MappingsPage, rows: Sequence[MappedRow]) -> None:
    """The rows that are searched for, as a table, below those that somebody suspended."""
    _suspended(page, rows)
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
    selected = grid.draw(page, found)
    of = f"{len(found)} of " if len(found) < len(rows) else ""
    hint = (
        " Tick rows to act on several at once." if session.application().person.may(Action.CONFIGURE) else ""
    )
    st.caption(f"{of}{counted(len(rows), 'mapped field')}.{hint}")
    _wrong(found)
    if selected:
        _acts(page, selected)


def _suspended(page: MappingsPage, rows: Sequence[MappedRow]) -> None:
    """What stands still because somebody asked for it, and the way back (rule 22)."""
    still = [field_keys(row) for row in mapping_rows(page.document, page.kind) if row.get("suspended")]
    may = session.application().person.may(Action.CONFIGURE)
    for row in (row for row in rows if row.keys in still):
        ours = f"{plain(row.label(System.ELEMENT451))} and " if row.owner else ""
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":orange[:material/pause_circle:] **{ours}{plain(row.label(System.SALESFORCE))}** stands"
                " still, as somebody asked: neither read nor written.",
                width="stretch",
            )
            st.button(
                "Resume",
                key=f"resume {'/'.join(row.keys)}",
                disabled=not may,
                help="It is read whole in the next run, and what it changes is asked for as usual.",
                on_click=_each,
                args=(page, [row.keys], lambda document, fields: edits.resume(document, page.kind, fields)),
            )


def _only(what: str, key: str, of_it: Sequence[MappedRow]) -> Sequence[MappedRow]:
    """The switch that leaves only rows with problems, or with notes, of which there are any; these where it
    is on."""
    return of_it if of_it and st.toggle(f"Only those with {what} ({len(of_it)})", key=key) else ()


def _wrong(rows: Sequence[MappedRow]) -> None:
    """What is wrong with rows, or doubtful, by row; how long a text may be is said in its dialog."""
    faulty = [row for row in rows if row.has_errors]
    noted = [row for row in rows if row.has_notes and not row.has_errors]
    for row in faulty:
        _problems(row)
    if noted:
        with st.expander(f"Notes on {counted(len(noted), 'mapped field')}", icon=":material/info:"):
            for row in noted:
                _problems(row)


def _problems(row: MappedRow) -> None:
    ours = f"{plain(row.label(System.ELEMENT451))} and " if row.owner else ""
    st.markdown(f"**{ours}{plain(row.label(System.SALESFORCE))}**")
    problems(problem for problem in row.problems if not problem.short)


def _acts(page: MappingsPage, selected: Sequence[FieldKeys]) -> None:
    number = len(selected)
    with st.bottom.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{counted(number, 'row')} selected**", width="content")
        if number == 1:  # by keyboard, a row is selected and then opened here
            st.button(
                "Edit it",
                key="edit selected",
                icon=":material/edit:",
                on_click=grid.open_row,
                args=(page, selected[0]),
            )
        if page.kind is Kind.CONTACT:
            for owner in System:
                st.button(
                    f"{owner.label} owns {'it' if number == 1 else 'them'}",
                    key=f"own {owner.value}",
                    on_click=_own,
                    args=(page, selected, owner),
                )
        st.button(
            f"Remove {number}",
            key="remove selected",
            icon=":material/delete:",
            help="The values stay as they are in both systems; nothing is emptied.",
            on_click=_remove,
            args=(page, selected),
        )


def _own(page: MappingsPage, selected: Sequence[FieldKeys], owner: System) -> None:
    def owned(document: Document, fields: FieldKeys) -> Document:
        row = next(row for row in mapping_rows(document, page.kind) if field_keys(row) == fields)
        if not row.get("owner"):
            return document
        return edits.replace(document, page.kind, fields, {**row, "owner": owner.value})

    _each(page, selected, owned)


def _remove(page: MappingsPage, selected: Sequence[FieldKeys]) -> None:
    _each(page, selected, lambda document, fields: edits.remove(document, page.kind, fields))


def _each(
    page: MappingsPage, selected: Sequence[FieldKeys], act: Callable[[Document, FieldKeys], Document]
) -> None:
    """Do something to each of the rows; those that may not be so are told, and stay."""
    document, refused = page.document, []
    for fields in selected:
        try:
            document = act(document, fields)
        except (MappingNotFound, MappingRequired) as error:
            refused.append(str(error))
    drafting.take(page.draft, document)
    if refused:
        state.say(" ".join(dict.fromkeys(refused)), wrong=True)
