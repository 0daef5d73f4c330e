"""Databases for trials that need one sort only."""

import pytest

from tests.support.databases import Databases


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Fresh SQLite databases."""
    return Databases(tmp_path_factory.mktemp("databases"), None)
