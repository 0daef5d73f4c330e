"""What has to be there before anything can be previewed: both connections, and a mapping."""

import streamlit as st

from dashboard import navigation
from dashboard.shared import session
from syncer.configuration.config_file import Document
from syncer.core.records import System


def ready() -> Document | None:
    """The configuration in force; where nothing can be previewed yet, None, and what to do about it is
    drawn."""
    application = session.application()
    off = [
        system.label
        for system in System
        if not ((view := application.connections.view(system)) and view.usable)
    ]
    current = application.configuration.current()
    if off:
        st.info(
            f"{' and '.join(off)} must be connected first: records are read on both sides to say what would"
            " be done.",
            icon=":material/link_off:",
        )
        st.page_link(navigation.CONNECTION, label="Go to Connection", icon=":material/arrow_forward:")
    elif current is None:
        st.info(
            "Nothing is mapped yet. Say which fields go with which; then you can see here what that does.",
            icon=":material/info:",
        )
        st.page_link(navigation.MAPPINGS, label="Go to Mappings", icon=":material/arrow_forward:")
    else:
        return current[1]
    return None
