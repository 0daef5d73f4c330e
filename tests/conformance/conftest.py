"""Every system under test, in memory and over HTTP."""

from collections.abc import Iterator

import pytest

from syncer.core.fields import Entity
from tests.conformance import accounts, orgs
from tests.connectors.salesforce.sandbox_client import client_of
from tests.support.sandbox import RunningSandbox


@pytest.fixture(params=["memory", "http"])
def account(request: pytest.FixtureRequest) -> Iterator[accounts.Account]:
    """An empty Element451 account."""
    if request.param == "memory":
        yield accounts.InMemory()
        return
    on_sandbox = accounts.OnSandbox(request.getfixturevalue("running"))
    yield on_sandbox
    on_sandbox.client.close()


@pytest.fixture(scope="session")
def entities(running: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Entity]:
    """The objects of the suite as the sandbox describes them, by API name."""
    client = client_of(running, tmp_path_factory.mktemp("describe"))
    return {name: client.describe(name) for name in orgs.OBJECTS}


@pytest.fixture(params=["memory", "http"])
def org(request: pytest.FixtureRequest, entities: dict[str, Entity]) -> orgs.Org:
    """An empty org."""
    if request.param == "memory":
        return orgs.InMemory(entities)
    return orgs.OnSandbox(request.getfixturevalue("running"), request.getfixturevalue("tmp_path"))


@pytest.fixture
def contact(entities: dict[str, Entity]) -> Entity:
    return entities["Contact"]


@pytest.fixture
def student(entities: dict[str, Entity]) -> Entity:
    return entities["E451_Student__c"]


@pytest.fixture
def talk(entities: dict[str, Entity]) -> Entity:
    return entities["E451_Conversation__c"]
