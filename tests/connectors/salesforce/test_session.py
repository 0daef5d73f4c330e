"""The session of an org: tokens on every call, and renewing them."""

from pathlib import Path

import pytest

from syncer.connectors.errors import (
    Fault,
    NotAllowed,
    ReconnectNeeded,
)
from tests.connectors.salesforce.replying_org import OBJECTS, data_calls, error, org
from tests.connectors.salesforce.scripted_server import (
    EXPIRED,
    FileStore,
    Reply,
    refused,
    some_tokens,
)


def test_calls_carry_the_token_the_version_and_who_we_are(tmp_path: Path) -> None:
    with org(tmp_path, OBJECTS) as (server, client):
        assert client.entities() == [("Contact", "Contact")]
        asked = server.asked[0]
        assert asked.path == "/services/data/v66.0/sobjects"
        assert asked.token == "00Dxx!1"
        assert asked.headers["sforce-call-options"] == "client=element451-sync"
        assert asked.headers["sforce-mru"] == "updateMru=false"
        assert "x-prettyprint" not in asked.headers
        assert client.calls == 1


def test_an_expired_session_is_renewed_once_and_the_call_repeated(tmp_path: Path) -> None:
    with org(tmp_path, Reply(EXPIRED, 401), OBJECTS) as (server, client):
        assert client.entities()
        assert [asked.token for asked in data_calls(server)] == ["00Dxx!1", "00Dxx!2"]
        assert len(server.paths("token")) == 1
        client.entities()
        assert server.asked[-1].token == "00Dxx!2"


def test_a_newer_token_of_another_process_that_has_expired_as_well_is_renewed(tmp_path: Path) -> None:
    with org(tmp_path, OBJECTS, Reply(EXPIRED, 401), Reply(EXPIRED, 401), OBJECTS) as (server, client):
        client.entities()
        FileStore(tmp_path / "grant", some_tokens(server.address, "00Dxx!other"))
        assert client.entities()
        assert [asked.token for asked in data_calls(server)] == [
            "00Dxx!1",
            "00Dxx!1",
            "00Dxx!other",
            "00Dxx!2",
        ]


def test_a_session_that_is_refused_for_ever_does_not_loop(tmp_path: Path) -> None:
    with org(tmp_path, Reply(EXPIRED, 401)) as (server, client):
        with pytest.raises(NotAllowed):
            client.entities()
        assert (len(data_calls(server)), len(server.paths("token"))) == (2, 1)
        for _ in range(20):
            with pytest.raises(Fault):
                client.entities()
        assert len(server.paths("token")) == 10


@pytest.mark.parametrize(
    "message",
    ["This session is not valid for use with the REST API", "Connected app is not attached to Agent"],
)
def test_a_refusal_that_a_new_session_does_not_cure_renews_nothing(tmp_path: Path, message: str) -> None:
    with org(tmp_path, error("INVALID_SESSION_ID", message, 401)) as (server, client):
        with pytest.raises(NotAllowed):
            client.entities()
        assert (len(data_calls(server)), len(server.paths("token"))) == (1, 0)


def test_a_lapsed_sign_in_says_that_someone_must_connect_again(tmp_path: Path) -> None:
    with org(tmp_path, Reply(EXPIRED, 401)) as (server, client):
        usual = server.script
        server.script = lambda asked: (
            refused("invalid_grant", "expired access/refresh token")
            if asked.path.endswith("/token")
            else usual(asked)
        )
        with pytest.raises(ReconnectNeeded):
            client.entities()
