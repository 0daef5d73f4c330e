"""The state of the Mappings page: the configuration as it was read, the open dialog, and saving."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import catalogue, session
from syncer.configuration import required_mappings
from syncer.configuration.acceptance import Edited
from syncer.configuration.catalogue_snapshot import CatalogueSnapshot
from syncer.configuration.config_file import BadConfiguration, default_document
from syncer.configuration.document import Document, FieldKeys, MappingRow, field_keys, unlisted_passes
from syncer.configuration.editor import edits
from syncer.configuration.editor.value_maps import Pairs
from syncer.configuration.versions import VersionConflict
from syncer.core.permissions import NotPermitted
from syncer.core.records import Kind, System

OWNER = "mapping owner"
"""The key of the widget in which the owner is chosen."""
UNLISTED = "mapping unlisted"
"""The key of the widget that says whether values which the value map does not list pass."""
DEFAULT = "mapping default"
"""The key of the widget in which the value of new records is chosen."""
_DIALOG = "mappings dialog"
_NOTICE = "mappings notice"
_PROPOSED_OWNER = "mapping owner proposed"
_WIDGET_VALUES = "mapping kept"


@dataclass(frozen=True)
class MappingsPage:
    """The mappings of a kind, as they were read for one run of the page. ``version`` is the one in force, 0
    before the first. ``document`` holds every required mapping; ``lacking``: the version in force does
    not."""

    version: int
    document: Document
    lacking: bool
    known: CatalogueSnapshot
    kind: Kind

    @property
    def taken(self) -> list[FieldKeys]:
        """Which fields are mapped."""
        return [field_keys(row) for row in self.document["mappings"][self.kind.value]]


@dataclass(frozen=True)
class DialogState:
    """The dialog that is open. ``what`` it is about: a mapped field, a fixed value, or removing one of them.

    ``fields``: the mapped field that it is about, None for a new one. ``row``: what its widgets begin with
    (empty texts where nothing is chosen), but for the value map, which is in ``pairs``. ``base_version``: the
    version that it was opened on. ``edition`` counts how often the value map was filled in for the person.
    ``forecast``: the step in which is shown what it would change. ``error``: why it was not saved.
    """

    what: Literal["mapping", "constant", "removal"]
    kind: Kind
    fields: FieldKeys | None
    row: MappingRow
    pairs: Pairs
    base_version: int
    edition: int = 0
    forecast: bool = False
    error: str = ""


def configuration() -> tuple[int, Document, bool]:
    """The version in force (0: none yet), its document with every required mapping, and whether it lacked
    one."""
    version, stored = session.application().configuration.current() or (0, default_document())
    document = required_mappings.with_required_mappings(stored)
    return version, document, document != stored


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
    chosen = row or edits.mapping_row("", "", System.ELEMENT451)
    _open(
        DialogState(
            "mapping", page.kind, fields, chosen, tuple(chosen.get("values", {}).items()), page.version
        )
    )


def open_constant(page: MappingsPage, fields: FieldKeys | None, row: MappingRow | None = None) -> None:
    """Open the dialog of a fixed value, or of a new one, with ``row`` filled in."""
    _open(DialogState("constant", page.kind, fields, row or edits.constant_row("", ""), (), page.version))


def open_removal(page: MappingsPage, fields: FieldKeys) -> None:
    """Open the dialog that asks whether to remove a mapped field."""
    _open(
        DialogState(
            "removal", page.kind, fields, edits.mapping_row(*fields, System.ELEMENT451), (), page.version
        )
    )


def _open(dialog: DialogState) -> None:
    for key in [key for key in st.session_state if str(key).startswith("mapping ")]:
        del st.session_state[key]
    st.session_state[_DIALOG] = dialog
    fill(dialog.row)
    st.session_state[_PROPOSED_OWNER] = st.session_state[OWNER]


def fill(row: MappingRow) -> None:
    """Let the dialog's widgets show this row, but for its value map."""
    for system in System:
        st.session_state[widget(system)] = row.get(system.value) or None
    st.session_state[OWNER] = System(row.get("owner", System.ELEMENT451))
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
    """Let the dialog begin with this owner, where it still shows the one that was proposed before: a person's
    choice stays."""
    if st.session_state.get(OWNER) == st.session_state.get(_PROPOSED_OWNER) != owner:
        st.session_state[OWNER] = st.session_state[_PROPOSED_OWNER] = owner


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


def save(document: Document, base_version: int, what: str) -> None:
    """Make ``document`` the next version, and say so with ``what`` was done; where it cannot be, say why, and
    an open dialog keeps everything."""
    try:
        number = session.application().configuration.store(document, base_version, Edited.MAPPINGS)
    except VersionConflict:
        _refuse(
            "Somebody else saved a change meanwhile. What you chose is still here: look at it again, and"
            " save.",
            configuration()[0],
        )
    except BadConfiguration as bad:
        _refuse(" ".join(problem.message for problem in bad.problems), base_version)
    except NotPermitted as refused:
        _refuse(str(refused), base_version)
    except SQLAlchemyError:
        _refuse("The database does not answer. Nothing was saved; try again in a moment.", base_version)
    else:
        close()
        say(
            f"{what} Saved as version {number}. The next run carries it out; where it would change much, that"
            " run waits for an approval."
        )


def _refuse(sentence: str, base_version: int) -> None:
    if open_dialog():
        change(error=sentence, base_version=base_version)
    else:
        say(sentence, wrong=True)
