"""What was edited on a page and is not saved yet: told on every other page too, and asked about before the
browser leaves (`connection_watch.js`). Other pages of the dashboard keep it; a closed tab does not."""

import streamlit as st

from syncer.core.text import counted

MARK = "unsaved-changes"
"""The key of what is drawn while something is not saved: the script finds it by its class."""
_NOTED = "unsaved"


def note(page: str, title: str, changes: int) -> None:
    """A page says how many of its changes are not saved."""
    noted: dict[str, tuple[str, int]] = st.session_state.setdefault(_NOTED, {})
    noted.pop(page, None)
    if changes:
        noted[page] = (title, changes)


def draw() -> None:
    """Draw, in the sidebar and after the page, where something is not saved; nothing where all is."""
    noted: dict[str, tuple[str, int]] = st.session_state.get(_NOTED, {})
    if not noted:
        return
    with st.sidebar.container(key=MARK, gap="xsmall"):
        for page, (title, changes) in noted.items():
            left = f"{title}: {counted(changes, 'change')} not saved"
            st.page_link(page, label=left, icon=":material/edit:")
