"""Connecting both systems, against the sandbox, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import requests
from cryptography.fernet import Fernet
from sqlalchemy import Engine, text, update

from syncer.connections.connections import Connections
from syncer.connections.token_store import DatabaseTokenStore
from syncer.connectors.errors import Fault, NotAllowed, ReconnectNeeded
from syncer.connectors.salesforce.client import SalesforceClient
from syncer.core.records import System
from syncer.infra.database.tables import ConnectionRow, SignInRow, table
from syncer.infra.vault import Vault
from tests.support.sandbox import CALLBACK, CLIENT_ID, CLIENT_SECRET, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN, answer_of

KEY = Fernet.generate_key().decode()


@pytest.fixture
def connections(engine: Engine, sandbox: RunningSandbox) -> Connections:
    return made(engine, sandbox)


def made(engine: Engine, sandbox: RunningSandbox, key: str = KEY) -> Connections:
    return Connections(engine, Vault((key,)), CALLBACK, frozenset({sandbox.url.removeprefix("http://")}))


def sign_in(connections: Connections, sandbox: RunningSandbox) -> str:
    begun = connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET)
    connections.finish_salesforce(answer_of(begun.authorize_url))
    return begun.state


def client(connections: Connections) -> SalesforceClient:
    app, store = connections.salesforce_app_and_tokens()
    return SalesforceClient(
        store,
        client_id=app.client_id,
        client_secret=app.client_secret,
        allowed_hosts=app.allowed_hosts,
        login_url=app.login_url,
    )


def test_nothing_is_connected_at_first(connections: Connections) -> None:
    assert connections.view(System.SALESFORCE) is None
    for ask in (connections.salesforce_app_and_tokens, connections.element451_credentials):
        with pytest.raises(ReconnectNeeded, match="is not connected yet"):
            ask()


def test_element451_is_connected_once_it_answered(connections: Connections, sandbox: RunningSandbox) -> None:
    view = connections.connect_element451(f"{sandbox.url}/v2/", FEATURE_TOKEN)
    assert (view.state, view.address) == ("connected", f"{sandbox.url}/v2")
    assert connections.element451_credentials().feature_token == FEATURE_TOKEN
    assert FEATURE_TOKEN not in repr(connections.element451_credentials())


@pytest.mark.parametrize(
    ("address", "token"),
    [("{}/v2", "wrong"), ("{}/v2", " "), ("https://example.com", FEATURE_TOKEN), ("nonsense", FEATURE_TOKEN)],
)
def test_credentials_that_do_not_work_are_not_kept(
    connections: Connections, sandbox: RunningSandbox, address: str, token: str
) -> None:
    with pytest.raises(Fault) as caught:
        connections.connect_element451(address.format(sandbox.url), token)
    assert caught.value.sentence.endswith(".")
    assert connections.view(System.ELEMENT451) is None


def test_element451_is_not_spoken_to_on_this_machine_unless_a_setting_names_the_address(
    engine: Engine, sandbox: RunningSandbox
) -> None:
    sandbox.reset_counters()
    with pytest.raises(NotAllowed, match="ALLOWED_SALESFORCE_HOSTS"):
        Connections(engine, Vault((KEY,)), CALLBACK).connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
    assert not sandbox.counters()["calls"].get("element451")


def test_a_working_connection_stays_when_new_credentials_are_wrong(
    connections: Connections, sandbox: RunningSandbox
) -> None:
    connections.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
    with pytest.raises(Fault):
        connections.connect_element451(f"{sandbox.url}/v2", "wrong")
    assert connections.element451_credentials().feature_token == FEATURE_TOKEN


def test_a_sign_in_connects_salesforce(connections: Connections, sandbox: RunningSandbox) -> None:
    begun = connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET)
    assert connections.sign_in_outcome(begun.state) is None
    view = connections.finish_salesforce(answer_of(begun.authorize_url))
    assert connections.sign_in_outcome(begun.state) == ""
    assert view
    assert view.state == "connected"
    assert view.account["organization_id"].startswith("00D")
    assert view.account["username"]
    assert ("Contact", "Contact") in client(connections).entities()


def test_a_sign_in_works_once(connections: Connections, sandbox: RunningSandbox) -> None:
    begun = connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET)
    answer = answer_of(begun.authorize_url)
    connections.finish_salesforce(answer)
    with pytest.raises(NotAllowed, match="was completed already"):
        connections.finish_salesforce(answer)
    assert ("Contact", "Contact") in client(connections).entities()


def test_of_two_processes_that_get_the_same_answer_one_completes_the_sign_in(
    connections: Connections, sandbox: RunningSandbox
) -> None:
    answer = answer_of(connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET).authorize_url)

    def finish(_: int) -> bool:
        try:
            connections.finish_salesforce(answer)
        except NotAllowed:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(finish, range(4))) == 1
    assert ("Contact", "Contact") in client(connections).entities()


def test_a_sign_in_that_took_too_long_is_refused(
    connections: Connections, sandbox: RunningSandbox, engine: Engine
) -> None:
    answer = answer_of(connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET).authorize_url)
    with engine.begin() as connection:
        connection.execute(
            update(table(SignInRow)).values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
        )
    with pytest.raises(NotAllowed, match="longer than ten minutes"):
        connections.finish_salesforce(answer)


@pytest.mark.parametrize("answer", ["", "https://example.com/?code=x&state=unknown", "the code"])
def test_an_address_of_no_sign_in_is_refused(connections: Connections, answer: str) -> None:
    with pytest.raises(NotAllowed, match="belongs to no sign-in that was begun here"):
        connections.finish_salesforce(answer)


def test_a_denied_sign_in_is_explained_to_whoever_waits_for_it(
    connections: Connections, sandbox: RunningSandbox
) -> None:
    begun = connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET)
    with pytest.raises(NotAllowed, match="choose Allow"):
        connections.finish_salesforce(answer_of(begun.authorize_url, approve=False))
    assert "choose Allow" in str(connections.sign_in_outcome(begun.state))
    assert connections.view(System.SALESFORCE) is None


def test_only_salesforces_own_hosts_are_signed_in_to(connections: Connections) -> None:
    with pytest.raises(NotAllowed):
        connections.begin_salesforce("https://salesforce.example.com", CLIENT_ID, CLIENT_SECRET)
    with pytest.raises(NotAllowed, match="consumer secret"):
        connections.begin_salesforce("https://login.salesforce.com", CLIENT_ID, "")


def test_another_organization_cannot_take_the_place_of_the_first_even_after_a_disconnect(
    connections: Connections, sandbox: RunningSandbox, engine: Engine
) -> None:
    sign_in(connections, sandbox)
    with engine.begin() as connection:
        connection.execute(
            update(table(ConnectionRow)).values(account={"organization_id": "00D000000000001AAA"})
        )
    connections.disconnect(System.SALESFORCE)
    with pytest.raises(NotAllowed, match="another Salesforce organization"):
        sign_in(connections, sandbox)
    view = connections.view(System.SALESFORCE)
    assert view
    assert view.state == "disconnected"


def test_connecting_again_replaces_the_tokens_and_revokes_the_former_ones(
    connections: Connections, sandbox: RunningSandbox, engine: Engine
) -> None:
    sign_in(connections, sandbox)
    former = DatabaseTokenStore(engine, Vault((KEY,))).load()
    sign_in(connections, sandbox)
    assert ("Contact", "Contact") in client(connections).entities()
    assert DatabaseTokenStore(engine, Vault((KEY,))).load().refresh_token != former.refresh_token
    refused = requests.get(
        f"{sandbox.url}/services/oauth2/userinfo",
        headers={"Authorization": f"Bearer {former.access_token}"},
        timeout=30,
    )
    assert refused.status_code == 403


def test_a_disconnect_revokes_the_tokens_and_forgets_the_secrets(
    connections: Connections, sandbox: RunningSandbox, engine: Engine
) -> None:
    sign_in(connections, sandbox)
    tokens = DatabaseTokenStore(engine, Vault((KEY,))).load()
    connections.disconnect(System.SALESFORCE)
    connections.disconnect(System.SALESFORCE)
    refused = requests.get(
        f"{sandbox.url}/services/oauth2/userinfo",
        headers={"Authorization": f"Bearer {tokens.access_token}"},
        timeout=30,
    )
    assert refused.status_code == 403
    with pytest.raises(ReconnectNeeded):
        connections.salesforce_app_and_tokens()
    sign_in(connections, sandbox)
    assert ("Contact", "Contact") in client(connections).entities()


def test_of_many_clients_whose_token_expired_one_renews_it_and_all_go_on(
    connections: Connections, sandbox: RunningSandbox
) -> None:
    sign_in(connections, sandbox)
    clients = [client(connections) for _ in range(4)]
    for one in clients:
        one.entities()
    sandbox.expire_tokens()
    sandbox.reset_counters()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(SalesforceClient.entities, clients))
    assert all(("Contact", "Contact") in objects for objects in found)
    assert sandbox.counters()["calls"]["salesforce"]["oauth"] == 1


def test_lost_tokens_are_remembered_with_the_reason(
    connections: Connections, sandbox: RunningSandbox, engine: Engine
) -> None:
    sign_in(connections, sandbox)
    DatabaseTokenStore(engine, Vault((KEY,))).mark_reconnect_needed("The sign-in to Salesforce has expired.")
    view = connections.view(System.SALESFORCE)
    assert view
    assert (view.state, view.message) == ("reconnect needed", "The sign-in to Salesforce has expired.")
    for ask in (connections.salesforce_app_and_tokens, DatabaseTokenStore(engine, Vault((KEY,))).load):
        with pytest.raises(ReconnectNeeded, match="has expired"):
            ask()
    sign_in(connections, sandbox)
    assert ("Contact", "Contact") in client(connections).entities()


def test_a_pause_is_remembered(connections: Connections, sandbox: RunningSandbox) -> None:
    connections.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
    for moment in (datetime.now(UTC) + timedelta(hours=1), None):
        connections.pause(System.ELEMENT451, moment)
        view = connections.view(System.ELEMENT451)
        assert view
        assert view.paused_until == moment


def test_no_secret_is_readable_in_the_database(
    connections: Connections, sandbox: RunningSandbox, engine: Engine
) -> None:
    connections.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
    sign_in(connections, sandbox)
    tokens = DatabaseTokenStore(engine, Vault((KEY,))).load()
    with engine.connect() as connection:
        stored = [
            repr(tuple(row))
            for statement in ("SELECT * FROM connections", "SELECT * FROM sign_ins")
            for row in connection.execute(text(statement))
        ]
    for secret in (FEATURE_TOKEN, CLIENT_SECRET, tokens.access_token, tokens.refresh_token):
        assert not any(secret in row for row in stored)


def test_a_lost_key_is_explained_and_connecting_anew_mends_it(
    connections: Connections, sandbox: RunningSandbox, engine: Engine
) -> None:
    connections.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
    sign_in(connections, sandbox)
    other = made(engine, sandbox, Fernet.generate_key().decode())
    for ask in (other.element451_credentials, other.salesforce_app_and_tokens):
        with pytest.raises(ReconnectNeeded, match="SYNC_SECRET_KEY: The stored secrets"):
            ask()
    other.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
    sign_in(other, sandbox)
    assert ("Contact", "Contact") in client(other).entities()
    assert other.element451_credentials().feature_token == FEATURE_TOKEN
