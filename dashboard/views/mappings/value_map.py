"""A value map edited as a table: the options of both sides, what is left out, and which value is used on
import."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from dashboard.shared import session
from dashboard.shared.markdown import plain
from dashboard.views.mappings import state
from dashboard.views.mappings.state import DialogState, MappingsPage
from syncer.application import known_values
from syncer.application.known_values import ValueCounts
from syncer.configuration.document import entity_name
from syncer.configuration.editor import value_maps
from syncer.configuration.editor.value_maps import Pairs, ValueMapDraft
from syncer.core.fields import Field
from syncer.core.mapping import MappedField
from syncer.core.records import Kind, System
from syncer.core.text import counted

_MOST_SHOWN = 12
"""Values that are not listed and whose outcome is shown."""


Held = Mapping[System, Mapping[str, int]]
"""By system: how many records hold each value of the field, the most frequent first."""


@st.cache_data(ttl=60, max_entries=60, show_spinner="Counting the values that records hold …")
def _counts(key: object, kind: Kind, entity: str, _field: Field) -> ValueCounts:
    """``key``: the database and the field, with which the answer changes."""
    return known_values.value_counts(session.application().database, kind, entity, _field)


def held_values(page: MappingsPage, ours: Field, theirs: Field) -> Held:
    """What the known records hold in both fields."""
    database, entity = session.application().settings.database_url, entity_name(page.document, page.kind)
    return {
        field.system: _counts((database, field.system, field.key), page.kind, entity, field).counts
        for field in (ours, theirs)
    }


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


def draw(dialog: DialogState, mapped: MappedField, held: Held) -> None:
    """The table with its helpers. ``mapped``: the mapped field as it is put together now."""
    ours, theirs = mapped.element451, mapped.salesforce
    known = pairs(dialog)
    named = value_maps.draft_from_pairs(known).values
    alike = value_maps.match_by_label(ours, theirs, named, held[System.ELEMENT451])
    title = f"Value map ({len(named) or 'none'})"
    with st.expander(
        title,
        icon=":material/swap_horiz:",
        expanded=bool(dialog.pairs or alike),
        key=f"value map {ours.key} {theirs.key}",
    ):
        st.caption("Which value of one side is which of the other. Write any value that records may hold.")
        st.data_editor(
            {
                "ours": [pair[0] for pair in _beginning(dialog)],
                "theirs": [pair[1] for pair in _beginning(dialog)],
            },
            column_config={
                "ours": _column(ours, [pair[0] for pair in known], held),
                "theirs": _column(theirs, [pair[1] for pair in known], held),
            },
            num_rows="dynamic",
            hide_index=True,
            placeholder="to be chosen",
            alt="Value map",
            key=_key(dialog),
        )
        _another(dialog, known, mapped, held)
        listed = {*alike, *(pair[0] for pair in known)}
        missing = value_maps.unmapped_options(ours, theirs, named, passes())
        _fill_in(dialog, known, alike, [value for value, _ in missing if value not in listed])
        if named:
            _unlisted()
        _outcomes(mapped, held)
        _preferred(named, dict(value_maps.field_options(ours)))


def _another(dialog: DialogState, known: Pairs, mapped: MappedField, held: Held) -> None:
    """Draw two boxes for one more pair: of values that records hold, of the catalogue's, or any other."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for system in System:
            names = _names(mapped.of(system), held)
            st.selectbox(
                f"{system.label} value",
                list(names),
                index=None,
                format_func=partial(_named, names),
                placeholder="Choose or write one",
                accept_new_options=True,
                filter_mode="contains",
                key=_another_key(dialog, system),
            )
        ours, theirs = (st.session_state.get(_another_key(dialog, system)) for system in System)
        st.button(
            "Add pair",
            icon=":material/add:",
            disabled=not (ours and theirs),
            on_click=_add,
            args=(dialog, known, ((ours, theirs),)),
        )


def _named(names: Mapping[str, str], value: str) -> str:
    return names.get(value, value)


def _another_key(dialog: DialogState, system: System) -> str:
    return f"mapping pair {system.value} {dialog.edition}"


def _outcomes(mapped: MappedField, held: Held) -> None:
    """What becomes of the owner's values that are not listed, those that records hold first."""
    source = mapped.of(mapped.owner)
    found = value_maps.unlisted_values(mapped, held[mapped.owner])
    shown = [one for one in found if one.problem or one.records][:_MOST_SHOWN]
    if not shown:
        return
    names = dict(value_maps.field_options(source))
    st.markdown(f"**Values of {source.system.label} that are not listed**")
    st.table(
        [
            {
                "Value": plain(value_maps.option_label((one.value, names.get(one.value, one.value)))),
                "Records": f"{one.records:,}" if one.records else "–",
                "What will happen": (
                    f":material/error: fails: {plain(one.problem)}"
                    if one.problem
                    else ":material/check: carried over as it is"
                ),
            }
            for one in shown
        ],
        border="horizontal",
        hide_index=True,
    )
    if len(found) > _MOST_SHOWN:
        st.caption(f"and {len(found) - _MOST_SHOWN} more")


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


def _column(field: Field, used: Sequence[str | None], held: Held) -> Any:
    """A column with a list to choose from if any value is known, including those that the table holds
    already; else a column of text."""
    names = _names(field, held)
    if not names:
        return st.column_config.TextColumn(field.system.label, width="small")
    names |= {value: value for value in dict.fromkeys(used) if value and value not in names}
    return st.column_config.SelectboxColumn(
        field.system.label,
        options=list(names),
        format_func=lambda value: names.get(str(value), str(value)),
        width="small",
    )


def _names(field: Field, held: Held) -> dict[str, str]:
    """Every value to choose from, as a list shows it: with the number of records that hold it."""
    counts = held[field.system]
    return {
        option[0]: value_maps.option_label(option)
        + (f" · {counted(counts[option[0]], 'record')}" if option[0] in counts else "")
        for option in value_maps.known_options(field, counts)
    }


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
