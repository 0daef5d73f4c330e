"""A small world in step, and no more of it than a test asks for."""

import pytest
from sqlalchemy import Engine

from syncer.core.preferences import ExportMode
from tests.support.world import World


@pytest.fixture
def world(engine: Engine) -> World:
    """Both systems in memory with the sync between them, which updates what exists on either side."""
    world = World(engine)
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    return world
