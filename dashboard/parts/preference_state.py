"""What somebody chose on the Sync Preferences page and has not saved: kept while they go on, whatever page they look at meanwhile."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import here
from dashboard.parts import notices
from syncer.config import Document, starter
from syncer.preference_words import WORDS, Word

CHOSEN, SEEN, REVIEWED, OVERTAKEN = "preferences chosen", "preferences version", "preferences reviewed", "preferences overtaken"
PLACE = "preferences"
"""Where notices are said."""
Path = tuple[str, ...]
_WORDS = {word.path: word for word in WORDS}


@dataclass(frozen=True)
class Draft:
    """The version in force (0: none yet) with its document, what was chosen otherwise, and whether somebody else saved meanwhile."""

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
    """The version in force, with every widget's value in place: what was chosen before, else what is in force."""
    version, document = here.application().configuration.current() or (0, starter())
    chosen = st.session_state.setdefault(CHOSEN, {})
    seen = st.session_state.get(SEEN)
    former = here.application().configuration.document(seen) if seen and seen != version else None
    for one in WORDS:
        key, now = widget(one.path), one.of(document["preferences"])
        if key not in st.session_state:
            st.session_state[key] = chosen.get(one.path, now)
        elif former and one.path not in chosen and st.session_state[key] == one.of(former["preferences"]):
            st.session_state[key] = now  # somebody else changed it meanwhile, and this person did not
    return version, document


def end(version: int, document: Document, values: Mapping[Path, Any]) -> Draft:
    """Keep what was chosen: the ``values`` of the widgets as far as they differ from what is in force."""
    chosen = {path: value for path, value in values.items() if value != _WORDS[path].of(document["preferences"])}
    if chosen and st.session_state.get(SEEN, version) != version:
        st.session_state[OVERTAKEN] = True
    st.session_state[CHOSEN], st.session_state[SEEN] = chosen, version
    if not chosen:
        for name in (REVIEWED, OVERTAKEN):
            st.session_state.pop(name, None)
    return Draft(version, document, chosen, OVERTAKEN in st.session_state)


def widget(path: Path) -> str:
    """The key of a preference's widget."""
    return "preference " + ".".join(path)


def word(*path: str) -> Word:
    """What a preference is called, and how its value is said."""
    return _WORDS[path]


def discard() -> None:
    """Forget what was chosen."""
    for path in _WORDS:
        st.session_state.pop(widget(path), None)
    for name in (CHOSEN, SEEN, REVIEWED, OVERTAKEN):
        st.session_state.pop(name, None)


def review(draft: Draft) -> None:
    """Look at what the change would do before it is saved: at what is chosen by then, which a quick hand has changed since ``draft`` was drawn."""
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
        number = here.application().configuration.store(draft.edited, draft.version)
        discard()
        return f"Saved as version {number}. The next run works by it; where it would change much at once, that run waits for an approval."

    notices.attempt(PLACE, act)
