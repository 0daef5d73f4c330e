"""A value map edited as a table: the options of both sides, what is left out, and which value is used on
import."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.shared.markdown import plain
from dashboard.views.mappings import state
from dashboard.views.mappings.state import DialogState
from syncer.configuration.editor import value_maps
from syncer.configuration.editor.value_maps import Pairs, ValueMapDraft
from syncer.core.fields import Field


def is_there(dialog: DialogState, ours: Field, theirs: Field) -> bool:
    """Whether these fields have a value map to be edited: where one makes sense, or there is one already."""
    return bool(dialog.pairs) or value_maps.supports_value_map(ours, theirs)


def edited(dialog: DialogState) -> ValueMapDraft:
    """The value map as the table has it now."""
    found = value_maps.draft_from_pairs(pairs(dialog))
    chosen = {
        theirs: st.session_state.get(_prefers(theirs)) for theirs in value_maps.shared_values(found.values)
    }
    preferred = value_maps.with_preferred(
        found.values, {theirs: ours for theirs, ours in chosen.items() if ours}
    )
    return ValueMapDraft(preferred, found.problems, found.incomplete)


def begin(ours: Field, theirs: Field) -> None:
    """Begin the value map of a new mapping with the options of like names, where both fields have some to
    choose from."""
    both = (
        value_maps.supports_value_map(ours, theirs)
        and value_maps.field_options(ours)
        and value_maps.field_options(theirs)
    )
    dialog = state.open_dialog()
    if dialog:
        state.change(
            pairs=tuple(value_maps.match_by_label(ours, theirs, {}).items()) if both else (),
            edition=dialog.edition + 1,
        )


def pairs(dialog: DialogState) -> Pairs:
    """The rows of the table: those that it began with, and what the person did to them."""
    changes: dict[str, Any] = st.session_state.get(_key(dialog)) or {}
    rows: list[tuple[str | None, str | None]] = []
    for at, (ours, theirs) in enumerate(_beginning(dialog)):
        if at not in changes.get("deleted_rows", ()):
            cells = changes.get("edited_rows", {}).get(at, {})
            rows.append((cells.get("ours", ours), cells.get("theirs", theirs)))
    return tuple(rows + [(row.get("ours"), row.get("theirs")) for row in changes.get("added_rows", ())])


def filled(dialog: DialogState) -> Pairs:
    """The rows of the table in which anything is chosen."""
    return tuple(pair for pair in pairs(dialog) if any(pair))


def draw(dialog: DialogState, ours: Field, theirs: Field) -> None:
    """The table with its helpers."""
    known = pairs(dialog)
    named = value_maps.draft_from_pairs(known).values
    alike = value_maps.match_by_label(ours, theirs, named)
    title = f"Value map ({len(named) or 'none'})"
    with st.expander(
        title,
        icon=":material/swap_horiz:",
        expanded=bool(dialog.pairs or alike),
        key=f"value map {ours.key} {theirs.key}",
    ):
        st.caption("Which value of one side is which of the other.")
        st.data_editor(
            {
                "ours": [pair[0] for pair in _beginning(dialog)],
                "theirs": [pair[1] for pair in _beginning(dialog)],
            },
            column_config={
                "ours": _column(ours, [pair[0] for pair in known]),
                "theirs": _column(theirs, [pair[1] for pair in known]),
            },
            num_rows="dynamic",
            hide_index=True,
            placeholder="to be chosen",
            key=_key(dialog),
        )
        listed = {*alike, *(pair[0] for pair in known)}
        _fill_in(
            dialog,
            known,
            alike,
            [
                value
                for value, _ in value_maps.unmapped_options(ours, theirs, named, passes())
                if value not in listed
            ],
        )
        if named:
            _unlisted()
        _left_out(ours, theirs, list(named))
        _left_out(theirs, ours, list(named.values()))
        _preferred(named, dict(value_maps.field_options(ours)))


def passes() -> bool:
    """Whether values that are not listed are carried over as they are."""
    return bool(st.session_state.get(state.UNLISTED))


def _unlisted() -> None:
    """Draw the choice of what becomes of other values."""
    sentences = {
        False: "The field is not carried over, and the record fails with the value's name",
        True: "They are carried over as they are, where the other field takes them",
    }
    st.radio(
        "Values that are not listed", list(sentences), format_func=sentences.__getitem__, key=state.UNLISTED
    )


def _column(field: Field, used: Sequence[str | None]) -> Any:
    """A column with a list to choose from if the field has options, including values that the table holds
    already; else a column of text."""
    label, options = field.system.label, value_maps.field_options(field)
    if not options:
        return st.column_config.TextColumn(label, width="small")
    more = [(value, value) for value in dict.fromkeys(used) if value and value not in dict(options)]
    names = {option[0]: value_maps.option_label(option) for option in (*options, *more)}
    return st.column_config.SelectboxColumn(
        label, options=list(names), format_func=lambda value: names.get(str(value), str(value)), width="small"
    )


def _fill_in(dialog: DialogState, known: Pairs, alike: dict[str, str], missing: Sequence[str]) -> None:
    with st.container(horizontal=True):
        if alike:
            st.button(
                f"Add {len(alike)} with like names",
                icon=":material/auto_fix_high:",
                on_click=_add,
                args=(dialog, known, tuple(alike.items())),
            )
        if missing:
            rows = tuple((value, None) for value in missing)
            st.button(
                f"List the {len(missing)} left out",
                icon=":material/playlist_add:",
                on_click=_add,
                args=(dialog, known, rows),
            )


def _add(dialog: DialogState, known: Pairs, more: Pairs) -> None:
    """Put more pairs into the table: what a row lacks is filled in, the others are added."""
    found = dict(more)
    rows = [
        (ours, theirs or found.get(ours)) if ours else (ours, theirs)
        for ours, theirs in known
        if ours or theirs
    ]
    there = {ours for ours, _ in rows}
    state.change(pairs=(*rows, *(pair for pair in more if pair[0] not in there)), edition=dialog.edition + 1)


def _left_out(source: Field, target: Field, mapped: Sequence[str]) -> None:
    left = value_maps.unmapped_options(source, target, mapped, passes())
    if left:
        names = value_maps.quoted_list([value_maps.option_label(option) for option in left])
        st.caption(f"Not listed, from {source.system.label}: {plain(names, 500)}")


def _preferred(named: dict[str, str], labels: dict[str, str]) -> None:
    groups = value_maps.shared_values(named)
    if groups:
        st.caption(
            "Several Element451 values become one Salesforce value. Choose which of them an import brings"
            " back:"
        )
    for theirs, ours in groups.items():
        st.selectbox(
            f"Where Salesforce has {plain(theirs)}, Element451 gets",
            ours,
            format_func=lambda value: value_maps.option_label((str(value), labels.get(value, str(value)))),
            key=_prefers(theirs),
        )


def _beginning(dialog: DialogState) -> Pairs:
    """The rows that the table begins with: at least an empty one, by which the table knows that its columns
    hold text."""
    return dialog.pairs or ((None, None),)


def _key(dialog: DialogState) -> str:
    return f"mapping values {dialog.edition}"


def _prefers(theirs: str) -> str:
    return f"mapping prefers {theirs}"
