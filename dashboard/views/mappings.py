"""Mappings: which fields go with which, who owns them, how values are translated, and what is wrong with any of it."""

import streamlit as st

from dashboard.parts import mapping_dialogs, mapping_head, mapping_rows, mapping_suggestions
from dashboard.parts import mapping_state as state
from syncer.configuration.editor.rows import mapped_rows
from syncer.core.records import System


def view() -> None:
    """Draw the page."""
    st.title("Mappings")
    version, document, lacking = state.configuration()
    known = state.fields(document)
    kind = mapping_head.category()
    page = state.Page(version, document, lacking, known, kind)
    problems = known.check(document)
    mapping_head.draw(page, problems)
    ours, theirs = (known.fields(system, document, kind) for system in System)
    mapping_suggestions.draw(page)
    mapping_rows.draw(page, mapped_rows(document["mappings"][kind.value], kind, ours, theirs, problems))
    mapping_dialogs.draw(page)


view()
