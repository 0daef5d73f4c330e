"""What is changed again and again where it is not owned, so that the sync overwrites it each time."""

from datetime import UTC, datetime

import streamlit as st

from dashboard import navigation
from dashboard.shared import change_review, session
from dashboard.shared.markdown import plain
from syncer.application.container import Application
from syncer.configuration.document import Document
from syncer.core.records import Kind, System
from syncer.core.text import counted
from syncer.core.trust.overwritten import Overwritten
from syncer.infra.database.engine import reading
from syncer.journal import overwritten

_KEPT_FOR = 600
_AGAIN_AND_AGAIN = 3
"""Fewer times in a week are not worth a line."""
_SHOWN = 5


def draw(document: Document) -> None:
    """Draw a line for each field, the most frequent first; nothing where there is none."""
    application = session.application()
    found = _found(application.settings.database_url, application)
    if not found:
        return
    name = change_review.field_names(document, document)
    st.subheader("Overwritten again and again", anchor=False)
    with st.container(border=True, gap="xsmall"):
        for one in found[:_SHOWN]:
            key = one.salesforce if one.where is System.SALESFORCE else one.element451
            label = plain(name(Kind.CONTACT, one.where, key))
            st.markdown(
                f":orange[:material/sync_problem:] **{label}** is changed in {one.where.label}, but"
                f" {one.where.other.label} owns it: {counted(one.times, 'time')} this week, for"
                f" {counted(one.records, 'student')}."
            )
        st.caption("Each time the owner's value was put back. Tell whoever edits there, or change the owner.")
        st.page_link(navigation.MAPPINGS, label="Open Mappings", icon=":material/arrow_forward:")


@st.cache_data(ttl=_KEPT_FOR, max_entries=4, show_spinner=False)
def _found(database: str, _application: Application) -> list[Overwritten]:
    """``database`` is the key of the cache."""
    found = overwritten.this_week(reading(_application.database), datetime.now(UTC))
    return [one for one in found if one.times >= _AGAIN_AND_AGAIN]
