"""The state of the Sync Preferences page: what was chosen and not saved yet is kept, also while other pages
are open."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.shared import notices, session
from syncer.application.decisions import set_up
from syncer.configuration.acceptance import Edited
from syncer.configuration.config_file import default_document
from syncer.configuration.document import Document
from syncer.configuration.preference_labels import PREFERENCE_LABELS, PreferenceLabel
from syncer.configuration.versions import VersionConflict
from syncer.core.permissions import Action

CHOSEN = "preferences chosen"
FORM = "preferences form"
REVIEWED = "preferences reviewed"
OVERTAKEN = "preferences overtaken"
PLACE = "preferences"
"""Where notices are said."""
Path = tuple[str, ...]
_WORDS = {word.path: word for word in PREFERENCE_LABELS}


@dataclass(frozen=True)
class Form:
    """The values with which the widgets began: those of the version in force at that time (``base``), with
    what was chosen before (``seeds``). Each new beginning is another ``edition`` with new widgets, since the
    value of an existing widget may be set back by a run that is cut short."""

    edition: int
    version: int
    base: Mapping[Path, Any]
    seeds: Mapping[Path, Any]


@dataclass(frozen=True)
class Draft:
    """The version in force (0: none yet) with its document, the changed values (``chosen``), and whether
    somebody else saved meanwhile (``overtaken``)."""

    version: int
    document: Document
    chosen: Mapping[Path, Any]
    overtaken: bool

    @property
    def edited(self) -> Document:
        """The document with what was chosen."""
        made = deepcopy(self.document)
        for path, value in self.chosen.items():
            part = made["preferences"]
            for key in path[:-1]:
                part = part[key]
            part[path[-1]] = value
        return made


def begin() -> tuple[int, Document]:
    """The version in force and its document. The widgets are made again where they have to be: at first,
    after another page was open, and when a version was saved."""
    version, document = session.application().configuration.current() or (0, default_document())
    form: Form | None = st.session_state.get(FORM)
    if (
        form is None
        or form.version != version
        or not any(widget(path) in st.session_state for path in _WORDS)
    ):
        base = {path: one.value_in(document["preferences"]) for path, one in _WORDS.items()}
        _start(version, base, _chosen(form) if form else {})
    return version, document


def end(version: int, document: Document, values: Mapping[Path, Any]) -> Draft:
    """Keep what was chosen: the ``values`` of the widgets as far as they differ from what is in force."""
    chosen = {
        path: value
        for path, value in values.items()
        if value != _WORDS[path].value_in(document[("preferences")])
    }
    st.session_state[CHOSEN] = chosen
    if not chosen:
        for name in (REVIEWED, OVERTAKEN):
            st.session_state.pop(name, None)
    return Draft(version, document, chosen, OVERTAKEN in st.session_state)


def seed(path: Path) -> Any:
    """What a preference's widget begins with."""
    return st.session_state[FORM].seeds[path]


def widget(path: Path) -> str:
    """The key of a preference's widget."""
    return f"preference {'.'.join(path)} {st.session_state[FORM].edition}"


def word(*path: str) -> PreferenceLabel:
    """What a preference is called, and how its value is said."""
    return _WORDS[path]


def discard() -> None:
    """Forget what was chosen."""
    form: Form = st.session_state[FORM]
    for name in (CHOSEN, REVIEWED, OVERTAKEN):
        st.session_state.pop(name, None)
    _start(form.version, form.base, {})


def review(draft: Draft) -> None:
    """Look at what the change would do before it is saved: at what is chosen by then, which a quick hand has
    changed since ``draft`` was drawn."""
    st.session_state[REVIEWED] = True


def look_away() -> None:
    """Close what `review` opened."""
    st.session_state.pop(REVIEWED, None)


def is_reviewed(draft: Draft) -> bool:
    """Whether what is chosen and not saved is being looked at."""
    return bool(draft.chosen and st.session_state.get(REVIEWED))


def save(draft: Draft) -> None:
    """Make the change the next version; what was chosen is kept where that cannot be."""

    def act() -> str:
        try:
            store = session.application().configuration
            number = store.store(draft.edited, draft.version, Edited.PREFERENCES)
        except VersionConflict:
            raise VersionConflict(
                "Somebody else saved a change meanwhile. What you changed is kept, and shown against theirs:"
                " review it again, and save."
            ) from None
        discard()
        set_up.keep_preferences(session.application())
        return (
            f"Saved as version {number}. The next run works by it; where it would change much at once, that"
            " run waits for an approval."
        )

    look_away()
    notices.attempt(PLACE, act)


def draw_keep() -> None:
    """Draw the way to keep the preferences as they are, in a school that is being set up."""
    application = session.application()
    if set_up.preferences_are_open(application.database) and application.person.may(Action.CONFIGURE):
        st.bottom.button("Keep these preferences", type="primary", icon=":material/check:", on_click=_keep)


def _keep() -> None:
    def act() -> str:
        set_up.keep_preferences(session.application())
        return "Kept. Next, see what would happen: the first steps on the Overview lead on."

    notices.attempt(PLACE, act)


def _start(version: int, base: Mapping[Path, Any], chosen: Mapping[Path, Any]) -> None:
    former: Form | None = st.session_state.get(FORM)
    if former and former.version != version and chosen:
        st.session_state[OVERTAKEN] = True
    st.session_state[FORM] = Form(former.edition + 1 if former else 1, version, base, {**base, **chosen})


def _chosen(form: Form) -> dict[Path, Any]:
    """What was chosen until now, by the click too that this very run answers."""
    found = dict(st.session_state.get(CHOSEN, {}))
    found |= {path: st.session_state[widget(path)] for path in _WORDS if widget(path) in st.session_state}
    return {path: value for path, value in found.items() if value != form.base[path]}
