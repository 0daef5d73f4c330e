"""catalogue."""

import streamlit as st

from dashboard.shared import session
from syncer.configuration.catalogue_snapshot import CatalogueSnapshot, entity_name, take_snapshot
from syncer.configuration.config_file import Document
from syncer.core.records import Kind, System


def fields(document: Document) -> CatalogueSnapshot:
    """What is known of both systems' fields. A system that does not answer is not asked again within a
    minute, by whichever click."""
    application = session.application()
    views = [application.connections.view(system) for system in System]
    connected = tuple((view.state, str(view.connected_at)) if view else None for view in views)
    return _fields(
        (application.settings.database_url, connected),
        tuple(sorted({entity_name(document, kind) for kind in Kind})),
    )


@st.cache_data(ttl=60, max_entries=10, show_spinner="Reading the fields of both systems …")
def _fields(of: object, entities: tuple[str, ...]) -> CatalogueSnapshot:
    return take_snapshot(session.application().catalogues, entities)
