"""The state of the Mappings page: the configuration as it was read, the open dialog, and notices."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import streamlit as st

from dashboard.shared import catalogue
from syncer.configuration.catalogue_snapshot import CatalogueSnapshot
from syncer.configuration.document import Document, FieldKeys, MappingRow, field_keys, unlisted_passes
from syncer.configuration.editor import edits
from syncer.configuration.editor.draft import MappingDraft
from syncer.configuration.editor.value_maps import Pairs
from syncer.core.records import Kind, System

OWNER = "mapping owner"
"""The key of the widget in which the owner is chosen."""
UNLISTED = "mapping unlisted"
"""The key of the widget that says whether values which the value map does not list pass."""
BARRED = "mapping barred"
"""The key of the switch that shows fields which cannot be mapped."""
DEFAULT = "mapping default"
"""The key of the widget in which the value of new records is chosen."""
_DIALOG = "mappings dialog"
_NOTICE = "mappings notice"
_WIDGET_VALUES = "mapping kept"


@dataclass(frozen=True)
class MappingsPage:
    """The mappings of a kind, as they were read for one run of the page. ``draft``: the version in force (0
    before the first), with every required mapping, and the edits that are not saved. ``lacking``: the version
    in force lacks a required mapping."""

    draft: MappingDraft
    lacking: bool
    known: CatalogueSnapshot
    kind: Kind

    @property
    def version(self) -> int:
        """The version in force."""
        return self.draft.version

    @property
    def document(self) -> Document:
        """The configuration with what was edited."""
        return self.draft.edited

    @property
    def taken(self) -> list[FieldKeys]:
        """Which fields are mapped."""
        return [field_keys(row) for row in self.document["mappings"][self.kind.value]]


@dataclass(frozen=True)
class DialogState:
    """The dialog that is open. ``what`` it is about: a mapped field, or a fixed value.

    ``fields``: the mapped field that it is about, None for a new one. ``row``: what its widgets begin with
    (empty texts where nothing is chosen), but for the value map, which is in ``pairs``. ``edition`` counts
    how often the value map was filled in for the person. ``error``: why it was not taken over.
    """

    what: Literal["mapping", "constant"]
    kind: Kind
    fields: FieldKeys | None
    row: MappingRow
    pairs: Pairs
    edition: int = 0
    error: str = ""


def read_again(document: Document) -> None:
    """Read all fields now."""
    found = catalogue.read_again(document)
    if found.missing:
        say(
            " ".join(["Not all fields could be read.", *(missing.sentence for missing in found.missing)]),
            wrong=True,
        )
    else:
        say("The fields of both systems were read.")


def open_dialog() -> DialogState | None:
    """The dialog that is open."""
    found: DialogState | None = st.session_state.get(_DIALOG)
    return found


def open_mapping(page: MappingsPage, fields: FieldKeys | None, row: MappingRow | None = None) -> None:
    """Open the dialog of a mapped field, or of a new one, with ``row`` filled in."""
    chosen = row or {"element451": "", "salesforce": ""}  # the owner is proposed once both are chosen
    _open(DialogState("mapping", page.kind, fields, chosen, tuple(chosen.get("values", {}).items())))


def open_constant(page: MappingsPage, fields: FieldKeys | None, row: MappingRow | None = None) -> None:
    """Open the dialog of a fixed value, or of a new one, with ``row`` filled in."""
    _open(DialogState("constant", page.kind, fields, row or edits.constant_row("", ""), ()))


def _open(dialog: DialogState) -> None:
    for key in [key for key in st.session_state if str(key).startswith("mapping ")]:
        del st.session_state[key]
    st.session_state[_DIALOG] = dialog
    row = dialog.row
    for system in System:
        st.session_state[widget(system)] = row.get(system.value) or None
    st.session_state[OWNER] = System(row["owner"]) if row.get("owner") else None
    st.session_state[UNLISTED] = unlisted_passes(row)
    st.session_state[DEFAULT] = row.get("default") or None


def keep() -> None:
    """Keep what the dialog's widgets hold, as they were just drawn: Streamlit forgets a widget that a run
    which was cut short did not draw."""
    st.session_state[_WIDGET_VALUES] = {
        key: st.session_state[key] for key in _widgets() if key in st.session_state
    }


def bring_back() -> bool:
    """Give the dialog's widgets what they held, where that was forgotten; whether any was."""
    forgotten = {
        key: value
        for key, value in st.session_state.get(_WIDGET_VALUES, {}).items()
        if key not in st.session_state
    }
    for key, value in forgotten.items():
        st.session_state[key] = value
    return bool(forgotten)


def _widgets() -> list[str]:
    return [*map(widget, System), OWNER, UNLISTED, DEFAULT]


def propose(owner: System) -> None:
    """Let a new mapping begin with this owner, where none is chosen. An owner that is chosen stays, whatever
    fields are chosen with it later."""
    if st.session_state.get(OWNER) is None:
        st.session_state[OWNER] = owner


def widget(system: System) -> str:
    """The name of the widget in which a system's field is chosen."""
    return f"mapping {system.value}"


def change(**parts: Any) -> None:
    """Change what is known of the open dialog."""
    dialog = open_dialog()
    if dialog:
        st.session_state[_DIALOG] = replace(dialog, **parts)


def close() -> None:
    """Close the dialog."""
    st.session_state.pop(_DIALOG, None)


def say(sentence: str, wrong: bool = False) -> None:
    """Keep a notice to be drawn above the table next; ``wrong``: something was not done."""
    st.session_state[_NOTICE] = sentence, wrong


def pop_notice() -> tuple[str, bool]:
    """The notice to be drawn above the table, once, and whether something was not done."""
    found: tuple[str, bool] = st.session_state.pop(_NOTICE, ("", False))
    return found
