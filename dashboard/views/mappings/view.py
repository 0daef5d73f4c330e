"""Mappings: which fields go with which, who owns them, how values are translated, and what is wrong with any
of it."""

import streamlit as st

from dashboard.shared import catalogue
from dashboard.views.mappings import (
    dialogs,
    drafting,
    grid,
    header,
    listing,
    saving,
    state,
    suggestions,
    transfer,
)
from syncer.configuration.editor.rows import mapped_rows
from syncer.core.records import System


def view() -> None:
    """Draw the page."""
    st.title("Mappings")
    draft, lacking = drafting.begin()
    draft = grid.take_cells(draft)
    document = draft.edited
    known = catalogue.known_fields(document)
    kind = header.category()
    page = state.MappingsPage(draft, lacking, known, kind)
    problems = known.check(document)
    header.draw(page, problems)
    ours, theirs = (known.fields(system, document, kind) for system in System)
    suggestions.draw(page)
    transfer.draw(page)
    listing.draw(page, mapped_rows(document["mappings"][kind.value], kind, ours, theirs, problems))
    saving.draw(page)
    dialogs.open_from_address(page)
    dialogs.draw(page)


view()
