"""What was edited on the Mappings page and is not saved yet: kept while other pages are open, moved onto what
somebody else saves meanwhile, reviewed once, and saved as one version."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import session
from dashboard.views.mappings import state
from syncer.configuration import required_mappings
from syncer.configuration.acceptance import Edited
from syncer.configuration.config_file import BadConfiguration, default_document
from syncer.configuration.document import Document, FieldKeys
from syncer.configuration.editor.draft import MappingDraft
from syncer.configuration.versions import VersionConflict
from syncer.core.permissions import NotPermitted
from syncer.core.text import counted

_DRAFT, _REVIEWED, _OVERLAPS = "mappings draft", "mappings reviewed", "mappings overlaps"


def begin() -> tuple[MappingDraft, bool]:
    """The version in force with every required mapping, and what was edited; and whether that version lacked
    a required mapping."""
    version, stored = session.application().configuration.current() or (0, default_document())
    document = required_mappings.with_required_mappings(stored)
    found: MappingDraft | None = st.session_state.get(_DRAFT)
    if found is None or not found.edits:
        _forget()
        return MappingDraft(version, document, document), document != stored
    if found.version != version:
        st.session_state[_OVERLAPS] = found.overlaps(document)
    # Preferences, too, are those in force: only mapped fields are edited here.
    found = found.onto(version, document)
    st.session_state[_DRAFT] = found
    return found, document != stored


def take(draft: MappingDraft, edited: Document) -> None:
    """Take an edit over into the draft, and close the dialog that it comes from."""
    st.session_state[_DRAFT] = draft.taking(edited)
    state.close()


def discard() -> None:
    """Forget what was edited."""
    st.session_state.pop(_DRAFT, None)
    _forget()


def overlaps() -> list[FieldKeys] | None:
    """Which of the edited fields somebody else changed too, and saved meanwhile; None where nobody saved."""
    found: list[FieldKeys] | None = st.session_state.get(_OVERLAPS)
    return found


def review() -> None:
    """Look at what the edits would do before they are saved."""
    st.session_state[_REVIEWED] = True


def look_away() -> None:
    """Close what `review` opened."""
    st.session_state.pop(_REVIEWED, None)


def is_reviewed() -> bool:
    """Whether the edits are being looked at."""
    return bool(st.session_state.get(_REVIEWED) and st.session_state.get(_DRAFT))


def save(draft: MappingDraft) -> None:
    """Make the edits one new version. Where that cannot be, say why; the edits are kept."""
    edits = draft.edits
    done = f"{counted(len(edits), 'change')} saved" if edits else "The mappings were saved"
    try:
        store = session.application().configuration
        number = store.store(draft.edited, draft.version, Edited.MAPPINGS)
    except VersionConflict:
        _refused(
            "Somebody else saved a change meanwhile. Your changes are kept, and shown against theirs: review"
            " them again, and save."
        )
    except BadConfiguration as bad:
        _refused(" ".join(problem.message for problem in bad.problems))
    except NotPermitted as refused:
        _refused(str(refused))
    except SQLAlchemyError:
        _refused("The database does not answer. Nothing was saved; try again in a moment.")
    else:
        discard()
        state.say(
            f"{done} as version {number}. The next run carries it out; where it would change much, that run"
            " waits for an approval."
        )


def _refused(sentence: str) -> None:
    look_away()
    state.say(sentence, wrong=True)


def _forget() -> None:
    for name in (_REVIEWED, _OVERLAPS):
        st.session_state.pop(name, None)
