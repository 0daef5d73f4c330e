"""A sign-in at Salesforce counts where it comes back to the browser that it was begun in; else only once an
administrator confirmed it, against the sandbox, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from syncer.connections.connections import Connections
from syncer.connectors.errors import NotAllowed
from syncer.core.records import System
from syncer.infra.database.tables import ConnectionRow, SignInRow, table
from tests.connections.test_connections import client, made, sign_in
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, RunningSandbox
from tests.support.signing_in import answer_of


@pytest.fixture
def connections(engine: Engine, sandbox: RunningSandbox) -> Connections:
    return made(engine, sandbox)


def came_back_elsewhere(
    connections: Connections, sandbox: RunningSandbox, began: str | None, browser: str
) -> str:
    """The state of a sign-in begun in one browser and answered by another."""
    begun = connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET, began)
    assert connections.finish_salesforce(answer_of(begun.authorize_url), browser) is None
    return begun.state


@pytest.mark.parametrize(("began", "browser"), [("mine", "another's"), ("mine", ""), ("", ""), (None, "")])
def test_a_sign_in_that_comes_back_from_another_browser_is_not_in_force(
    connections: Connections, sandbox: RunningSandbox, began: str | None, browser: str
) -> None:
    state = came_back_elsewhere(connections, sandbox, began, browser)
    assert connections.view(System.SALESFORCE) is None
    assert connections.sign_in_outcome(state) is None
    (waiting,) = connections.unconfirmed_sign_ins()
    assert (waiting.state, waiting.organization_id[:3]) == (state, "00D")
    assert "@" in waiting.username


def test_a_sign_in_in_the_browser_that_it_was_begun_in_is_in_force(
    connections: Connections, sandbox: RunningSandbox
) -> None:
    begun = connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET, "mine")
    assert connections.finish_salesforce(answer_of(begun.authorize_url), "mine")
    assert connections.unconfirmed_sign_ins() == []


def test_a_sign_in_from_elsewhere_is_in_force_once_it_is_confirmed(
    connections: Connections, sandbox: RunningSandbox
) -> None:
    state = came_back_elsewhere(connections, sandbox, "mine", "another's")
    connections.confirm_sign_in(state)
    assert connections.sign_in_outcome(state) == ""
    assert ("Contact", "Contact") in client(connections).entities()
    with pytest.raises(NotAllowed, match="was completed already"):
        connections.confirm_sign_in(state)


def test_a_sign_in_from_elsewhere_that_is_discarded_leaves_what_was_connected(
    connections: Connections, sandbox: RunningSandbox
) -> None:
    sign_in(connections, sandbox)
    state = came_back_elsewhere(connections, sandbox, "mine", "another's")
    connections.discard_sign_in(state)
    assert (connections.unconfirmed_sign_ins(), bool(connections.sign_in_outcome(state))) == ([], True)
    assert ("Contact", "Contact") in client(connections).entities()
    with pytest.raises(NotAllowed):
        connections.confirm_sign_in(state)


def test_a_sign_in_is_not_confirmed_where_another_organization_was_connected_meanwhile(
    connections: Connections, sandbox: RunningSandbox, engine: Engine
) -> None:
    state = came_back_elsewhere(connections, sandbox, "mine", "another's")
    sign_in(connections, sandbox)
    with engine.begin() as connection:
        other = {"organization_id": "00D000000000001AAA"}
        connection.execute(update(table(ConnectionRow)).values(account=other))
    with pytest.raises(NotAllowed, match="another Salesforce organization"):
        connections.confirm_sign_in(state)
    assert "another Salesforce organization" in str(connections.sign_in_outcome(state))


def test_a_sign_in_that_nobody_confirmed_in_time_is_refused(
    connections: Connections, sandbox: RunningSandbox, engine: Engine
) -> None:
    state = came_back_elsewhere(connections, sandbox, "mine", "another's")
    with engine.begin() as connection:
        late = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(update(table(SignInRow)).values(expires_at=late))
    assert connections.unconfirmed_sign_ins() == []
    with pytest.raises(NotAllowed, match="longer than ten minutes"):
        connections.confirm_sign_in(state)
