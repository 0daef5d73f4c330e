"""A pause that the school's own share of Salesforce's limit made ends when the share is raised, and no other
one does (docs/architecture.md, "A run")."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from syncer.configuration.versions import ConfigStore
from syncer.connections.connection_store import ConnectionStore
from syncer.core.permissions import OPERATOR
from syncer.core.records import System
from syncer.infra.vault import Vault
from tests.support.documents import document

KEY = "pvUAhWWmc3mY4SXvGXZbFO6tGJKXQAp8hZ6lXq8vJcM="


@pytest.mark.parametrize(
    ("paused_by", "share", "goes_on"), [(50, 80, True), (50, 50, False), (50, 20, False), (None, 80, False)]
)
def test_a_pause_ends_when_the_share_that_made_it_is_raised(
    engine: Engine, paused_by: int | None, share: int, goes_on: bool
) -> None:
    connections, until = ConnectionStore(engine, Vault((KEY,))), datetime.now(UTC) + timedelta(hours=1)
    configuration = ConfigStore(engine)
    configuration.store(document(api_share_percent=50))
    for system in System:
        connections.save(OPERATOR, system, "https://x", account={}, secrets={})
        connections.pause(system, until, paused_by if system is System.SALESFORCE else None)
    configuration.store(document(api_share_percent=share, batch_size=20))
    paused = {system: found.view.paused_until for system in System if (found := connections.find(system))}
    assert paused == {System.SALESFORCE: None if goes_on else until, System.ELEMENT451: until}


def test_a_limit_that_salesforce_set_after_that_of_the_share_is_kept(engine: Engine) -> None:
    connections, until = ConnectionStore(engine, Vault((KEY,))), datetime.now(UTC) + timedelta(hours=1)
    connections.save(OPERATOR, System.SALESFORCE, "https://x", account={}, secrets={})
    connections.pause(System.SALESFORCE, until, 50)
    connections.pause(System.SALESFORCE, until, None)
    ConfigStore(engine).store(document(api_share_percent=90))
    found = connections.find(System.SALESFORCE)
    assert found is not None
    assert found.view.paused_until == until
