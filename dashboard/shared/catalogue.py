"""The fields of both systems for the settings' pages, read at most once a minute."""

import streamlit as st

from dashboard.shared import session
from syncer.configuration import catalogue_snapshot
from syncer.configuration.catalogue_snapshot import CatalogueSnapshot
from syncer.configuration.document import Document, entity_name
from syncer.core.records import Kind, System


def known_fields(document: Document) -> CatalogueSnapshot:
    """What is known of both systems' fields. A system that does not answer is asked again after a minute,
    however often somebody clicks."""
    application = session.application()
    views = [application.connections.view(system) for system in System]
    connections = tuple((view.state, str(view.connected_at)) if view else None for view in views)
    return _cached((application.settings.database_url, connections), _entities(document))


def read_again(document: Document) -> CatalogueSnapshot:
    """Read all fields now, instead of those that are kept."""
    found = catalogue_snapshot.take_snapshot(
        session.application().catalogues, _entities(document), fresh=True
    )
    _cached.clear()
    return found


def _entities(document: Document) -> tuple[str, ...]:
    return tuple(sorted({entity_name(document, kind) for kind in Kind}))


@st.cache_data(ttl=60, max_entries=10, show_spinner="Reading the fields of both systems …")
def _cached(key: object, entities: tuple[str, ...]) -> CatalogueSnapshot:
    """``key``: the database and the state of both connections, with which the answer changes."""
    return catalogue_snapshot.take_snapshot(session.application().catalogues, entities)
