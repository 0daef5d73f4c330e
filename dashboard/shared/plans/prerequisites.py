"""What must exist before anything can be previewed: both connections, and a mapping."""

import streamlit as st

from dashboard import navigation
from dashboard.shared import session
from syncer.configuration.document import Document
from syncer.core.records import System


def configuration_or_hint() -> Document | None:
    """The configuration in force. While nothing can be previewed: None, and a hint at what to do is drawn."""
    application = session.application()
    missing = []
    for system in System:
        view = application.connections.view(system)
        if view is None or not view.usable:
            missing.append(system.label)
    if missing:
        st.info(
            f"{' and '.join(missing)} must be connected first: records are read on both sides to say what"
            " would be done.",
            icon=":material/link_off:",
        )
        st.page_link(navigation.CONNECTION, label="Go to Connection", icon=":material/arrow_forward:")
        return None
    current = application.configuration.current()
    if current is None:
        st.info(
            "Nothing is mapped yet. Say which fields go with which; then you can see here what that does.",
            icon=":material/info:",
        )
        st.page_link(navigation.MAPPINGS, label="Go to Mappings", icon=":material/arrow_forward:")
        return None
    _, document = current
    return document
