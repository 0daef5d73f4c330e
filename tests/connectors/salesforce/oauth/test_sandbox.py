"""The whole sign-in against a running org: allowed, denied, under every policy, and renewed by two processes
at once."""

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from syncer.connectors.errors import Fault, NotAllowed, ReconnectNeeded
from syncer.connectors.salesforce import SalesforceClient
from syncer.connectors.salesforce.oauth import App, refresh, revoke
from tests.connectors.salesforce.sandbox_client import app_of, client_of, connect
from tests.connectors.salesforce.scripted_server import FileStore
from tests.support.sandbox import RunningSandbox


def test_a_person_who_allows_is_connected_with_tokens_that_last(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    tokens = connect(sandbox)
    assert tokens.instance_url == sandbox.url
    assert tokens.organization_id.startswith("00D")
    assert tokens.user_id.startswith("005")
    assert tokens.username
    store = FileStore(tmp_path / "grant", tokens)
    renewed, asked = refresh(store, tokens.access_token, app_of(sandbox))
    assert asked
    assert renewed.refresh_token != tokens.refresh_token


def test_a_person_who_denies_is_told_how_to_go_on(sandbox: RunningSandbox) -> None:
    with pytest.raises(NotAllowed) as raised:
        connect(sandbox, approve=0)
    assert "choose Allow" in raised.value.sentence


def test_the_policy_that_ends_a_sign_in_at_once_is_recognised_while_connecting(
    sandbox: RunningSandbox,
) -> None:
    sandbox.options(refresh_policy="Zero")
    with pytest.raises(ReconnectNeeded) as raised:
        connect(sandbox)
    assert "immediately expire" in raised.value.sentence


@pytest.mark.parametrize("policy", ["Infinite", "SpecificLifetime", "SpecificInactivity"])
@pytest.mark.parametrize("rotation", [True, False])
def test_every_other_policy_connects(
    sandbox: RunningSandbox, tmp_path: Path, policy: str, rotation: bool
) -> None:
    sandbox.options(refresh_policy=policy, rotation=rotation)
    tokens = connect(sandbox)
    renewed, _ = refresh(FileStore(tmp_path / "grant", tokens), tokens.access_token, app_of(sandbox))
    assert (renewed.refresh_token != tokens.refresh_token) == rotation


def test_a_sign_in_past_its_lifetime_asks_to_connect_again(sandbox: RunningSandbox, tmp_path: Path) -> None:
    sandbox.options(refresh_policy="SpecificLifetime", refresh_validity_hours=1.0)
    tokens = connect(sandbox)
    store = FileStore(tmp_path / "grant", tokens)
    sandbox.clock(advance=3700)
    with pytest.raises(ReconnectNeeded):
        refresh(store, tokens.access_token, app_of(sandbox))
    assert "Connect to Salesforce again" in store.sentence


def test_a_refresh_token_used_twice_ends_the_tokens_for_its_holder_too(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    tokens = connect(sandbox)
    store, thief = FileStore(tmp_path / "grant", tokens), FileStore(tmp_path / "copy", tokens)
    renewed, _ = refresh(store, tokens.access_token, app_of(sandbox))
    with pytest.raises(ReconnectNeeded):
        refresh(thief, tokens.access_token, app_of(sandbox))
    with pytest.raises(ReconnectNeeded):
        refresh(store, renewed.access_token, app_of(sandbox))


def test_a_renewal_whose_answer_is_lost_is_recognised(sandbox: RunningSandbox, tmp_path: Path) -> None:
    tokens = connect(sandbox)
    store = FileStore(tmp_path / "grant", tokens)
    sandbox.options(lose_refresh_replies=1)
    with pytest.raises(ReconnectNeeded):
        refresh(store, tokens.access_token, app_of(sandbox))
    assert store.sentence


def test_a_wrong_secret_or_callback_is_explained(sandbox: RunningSandbox) -> None:
    app = app_of(sandbox)
    with pytest.raises(ReconnectNeeded) as raised:
        connect(sandbox, app=App(app.client_id, "wrong", app.allowed_hosts))
    assert "consumer key or secret" in raised.value.sentence
    with pytest.raises(Fault) as other:
        connect(sandbox, callback="http://localhost:8501/elsewhere")
    assert "callback address" in other.value.sentence
    with pytest.raises(ReconnectNeeded):
        connect(sandbox, verifier="not-the-verifier-that-the-sign-in-began-with-00")


def test_revoked_tokens_are_dead(sandbox: RunningSandbox, tmp_path: Path) -> None:
    client = client_of(sandbox, tmp_path)
    assert client.entities()
    revoke(FileStore(tmp_path / "grant").load(), app_of(sandbox))
    with pytest.raises(ReconnectNeeded):
        client.entities()


def _work(path: Path, host: str, client_id: str, secret: str, barrier: Barrier, times: int) -> None:
    client = SalesforceClient(
        FileStore(path), client_id=client_id, client_secret=secret, allowed_hosts=[host]
    )
    for _ in range(times):
        barrier.wait(30)
        assert client.entities()
        barrier.wait(30)


def test_two_processes_whose_session_expires_at_the_same_moment_renew_it_once_and_both_go_on(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    app = app_of(sandbox)
    FileStore(tmp_path / "grant", connect(sandbox))
    sandbox.options(refresh_ms=300)
    context = multiprocessing.get_context("spawn")
    barrier, times = context.Barrier(3), 3
    work = (
        tmp_path / "grant",
        next(iter(app.allowed_hosts)),
        app.client_id,
        app.client_secret,
        barrier,
        times,
    )
    both = [context.Process(target=_work, args=work) for _ in range(2)]
    for process in both:
        process.start()
    sandbox.reset_counters()
    for _ in range(times):
        sandbox.expire_tokens()
        barrier.wait(30)
        barrier.wait(30)
    for process in both:
        process.join(30)
    assert [process.exitcode for process in both] == [0, 0]
    assert sandbox.counters()["calls"]["salesforce"]["oauth"] == times
