"""Mappings: which fields go with which, who owns them, how values are translated, and what is wrong with any
of it."""

import streamlit as st

from dashboard.shared import catalogue
from dashboard.views.mappings import dialogs, header, rows, state, suggestions
from syncer.configuration.editor.rows import mapped_rows
from syncer.core.records import System


def view() -> None:
    """Draw the page."""
    st.title("Mappings")
    version, document, lacking = state.configuration()
    known = catalogue.known_fields(document)
    kind = header.category()
    page = state.MappingsPage(version, document, lacking, known, kind)
    problems = known.check(document)
    header.draw(page, problems)
    ours, theirs = (known.fields(system, document, kind) for system in System)
    suggestions.draw(page)
    rows.draw(page, mapped_rows(document["mappings"][kind.value], kind, ours, theirs, problems))
    dialogs.draw(page)


view()
