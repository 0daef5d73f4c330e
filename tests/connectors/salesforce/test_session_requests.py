"""How requests are sent: only to the org's own address, compressed, and while the run may write."""

import gzip
from pathlib import Path

import pytest

from syncer.connectors.errors import (
    FieldRefused,
    Unexpected,
    Unreachable,
)
from syncer.connectors.protocol import Write
from tests.connectors.salesforce.replying_org import CONTACT, OBJECTS, ONE, WRITTEN, data_calls, org
from tests.connectors.salesforce.scripted_server import (
    EXPIRED,
    HTML,
    Reply,
    scripted,
)


def test_a_redirect_never_takes_the_token_elsewhere(tmp_path: Path) -> None:
    with (
        scripted(lambda asked: OBJECTS) as thief,
        org(tmp_path, Reply(None, 301, {"Location": thief.address})) as (_, client),
    ):
        with pytest.raises(Unreachable):
            client.entities()
        assert not thief.asked


def test_a_next_page_elsewhere_is_not_followed(tmp_path: Path) -> None:
    with scripted(lambda asked: OBJECTS) as thief:
        for address in (
            thief.address + "/services/data/v66.0/query/x",
            f"//{thief.host}/services/data/x",
            "https://evil.test/services/data/x",
        ):
            page = Reply({"totalSize": 9, "done": False, "nextRecordsUrl": address, "records": []})
            with org(tmp_path, page) as (_, client), pytest.raises(Unexpected):
                client.read(CONTACT, ["003xx000004TmiQAAS"], [])
        assert not thief.asked


def test_a_name_that_is_none_never_gets_into_an_address(tmp_path: Path) -> None:
    with org(tmp_path, OBJECTS) as (server, client):
        for name in ("../oauth2/userinfo", "//evil.test/x", "Contact/describe?x=", "", "Con tact"):
            with pytest.raises(FieldRefused):
                client.describe(name)
        assert not server.asked


def test_login_data_of_the_machine_does_not_replace_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with org(tmp_path, OBJECTS) as (server, client):
        client.entities()
        assert server.asked[0].token == "00Dxx!1"


def test_large_bodies_are_compressed_unless_the_server_cannot_read_that(tmp_path: Path) -> None:
    long = [Write("update", {"Description": "x" * 5000}, id="003xx000004TmiQAAS")]
    with org(tmp_path, WRITTEN) as (server, client):
        client.write(CONTACT, long)
        client.write(CONTACT, ONE)
        assert [asked.headers.get("content-encoding") for asked in server.asked] == ["gzip", None]
        assert b"xxxxx" in gzip.decompress(server.asked[0].raw)
    with org(tmp_path, Reply([], 415), WRITTEN) as (server, client):
        assert client.write(CONTACT, long)[0].refusal is None
        client.write(CONTACT, long)
        assert [asked.headers.get("content-encoding") for asked in server.asked] == ["gzip", None, None]


def test_whoever_owns_the_run_is_asked_before_every_request_that_writes(tmp_path: Path) -> None:
    before: list[int] = []
    with org(
        tmp_path, Reply(HTML, 503), Reply(EXPIRED, 401), WRITTEN, before_send=lambda: before.append(1)
    ) as (server, client):
        assert client.write(CONTACT, ONE)[0].refusal is None
        assert len(before) == len(data_calls(server)) == 3
        with pytest.raises(Unexpected):
            client.entities()
        assert len(before) == 3


def test_a_run_that_lost_its_lease_sends_nothing_more(tmp_path: Path) -> None:
    class LeaseLostError(Exception):
        pass

    def lost() -> None:
        raise LeaseLostError

    with org(tmp_path, WRITTEN, before_send=lost) as (server, client):
        with pytest.raises(LeaseLostError):
            client.write(CONTACT, ONE)
        assert not server.asked
