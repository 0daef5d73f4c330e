"""Renewing the session: one at a time, rotated tokens kept, passing troubles told from lasting ones."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from syncer.connectors.errors import NotAllowed, ReconnectNeeded, Unexpected, Unreachable
from syncer.connectors.salesforce.oauth import App, TokenManager, refresh, revoke
from tests.connectors.salesforce.scripted_server import (
    HTML,
    SECRET,
    Asked,
    FileStore,
    Reply,
    Scripted,
    refused,
    scripted,
    some_tokens,
    token_reply,
)

LAPSED = refused("invalid_grant", "expired access/refresh token")
BUSY = refused("invalid_grant", "token request is already being processed")


def an_app(server: Scripted) -> App:
    return App("client", SECRET, (server.host,))


def in_turn(*replies: Reply) -> Callable[[Asked], Reply]:
    left = list(replies)
    return lambda asked: left.pop(0) if len(left) > 1 else left[0]


def test_a_rotated_refresh_token_replaces_the_old_one_and_is_stored(tmp_path: Path) -> None:
    with scripted(
        lambda asked: token_reply(f"http://{asked.headers['host']}", "00Dxx!second", "refresh-2")
    ) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address))
        tokens, asked = refresh(store, "00Dxx!first", an_app(server))
        assert asked
        assert (tokens.access_token, tokens.refresh_token) == ("00Dxx!second", "refresh-2")
        assert store.load() == tokens
        assert server.asked[0].form == {
            "grant_type": "refresh_token",
            "client_id": "client",
            "client_secret": SECRET,
            "refresh_token": "refresh-1",
        }


def test_without_rotation_the_old_refresh_token_is_kept(tmp_path: Path) -> None:
    with scripted(
        lambda asked: token_reply(f"http://{asked.headers['host']}", "00Dxx!second", None)
    ) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address))
        assert refresh(store, "00Dxx!first", an_app(server))[0].refresh_token == "refresh-1"
        assert store.load().refresh_token == "refresh-1"


def test_a_token_that_another_process_stored_meanwhile_is_used_without_asking(tmp_path: Path) -> None:
    with scripted(lambda asked: LAPSED) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address, "00Dxx!newer"))
        tokens, asked = refresh(store, "00Dxx!first", an_app(server))
        assert (tokens.access_token, asked) == ("00Dxx!newer", False)
        assert not server.asked


def test_already_being_processed_waits_at_least_a_second_and_reads_again(tmp_path: Path) -> None:
    waited: list[float] = []
    with scripted(lambda asked: BUSY) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address))

        def sleep(seconds: float) -> None:
            waited.append(seconds)
            store.save(some_tokens(server.address, "00Dxx!from-the-other", "refresh-2"))

        tokens, asked = refresh(store, "00Dxx!first", an_app(server), sleep=sleep)
        assert (tokens.access_token, asked) == ("00Dxx!from-the-other", False)
        assert len(waited) == 1
        assert waited[0] >= 1
        assert not store.sentence


def test_a_token_that_is_processed_for_ever_passes_and_does_not_end_the_connection(tmp_path: Path) -> None:
    with scripted(lambda asked: BUSY) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address))
        with pytest.raises(Unreachable):
            refresh(store, "00Dxx!first", an_app(server), sleep=lambda seconds: None)
        assert not store.sentence


@pytest.mark.parametrize(
    "first",
    [
        Reply(cut=True),
        Reply(HTML, 503),
        Reply("", 502),
        Reply(HTML),
        refused("rate_limit_exceeded", "login rate exceeded"),
    ],
    ids=repr,
)
def test_a_renewal_whose_answer_got_lost_is_repeated_once_with_the_old_token(
    tmp_path: Path, first: Reply
) -> None:
    with scripted(lambda asked: LAPSED) as server:
        server.script = in_turn(first, token_reply(server.address, "00Dxx!second", "refresh-2"))
        store = FileStore(tmp_path / "grant", some_tokens(server.address))
        assert refresh(store, "00Dxx!first", an_app(server))[0].refresh_token == "refresh-2"
        assert [asked.form["refresh_token"] for asked in server.asked] == ["refresh-1", "refresh-1"]


def test_a_renewal_that_was_rotated_but_whose_answer_got_lost_says_that_someone_must_connect_again(
    tmp_path: Path,
) -> None:
    with scripted(in_turn(Reply(cut=True), LAPSED)) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address))
        with pytest.raises(ReconnectNeeded) as lost:
            refresh(store, "00Dxx!first", an_app(server))
        assert "Connect to Salesforce again" in lost.value.sentence
        assert store.sentence == lost.value.sentence
        assert len(server.asked) == 2


def test_a_sign_in_service_that_stays_down_passes_and_does_not_end_the_connection(tmp_path: Path) -> None:
    with scripted(lambda asked: Reply(HTML, 503)) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address))
        with pytest.raises(Unreachable):
            refresh(store, "00Dxx!first", an_app(server))
        assert len(server.asked) == 2
        assert not store.sentence


@pytest.mark.parametrize(
    ("reply", "fault", "words"),
    [
        (LAPSED, ReconnectNeeded, "expired or was revoked"),
        (refused("invalid_client", "invalid client credentials"), ReconnectNeeded, "consumer key or secret"),
        (refused("inactive_user", "user is inactive"), NotAllowed, "user is inactive"),
        (refused("inactive_org", "organization is inactive"), NotAllowed, "organization is inactive"),
        (refused("invalid_client_id", "client identifier invalid"), NotAllowed, "consumer key"),
        (refused("invalid_grant", "ip restricted"), NotAllowed, "network address"),
        (refused("invalid_grant", "user hasn't approved this consumer"), NotAllowed, "not approved"),
        (refused("invalid_app_access", "user not admitted"), NotAllowed, "not admitted"),
        (refused("app_not_found", "gone"), NotAllowed, "no longer exists"),
        (refused("something_new", "whatever"), Unexpected, "whatever"),
    ],
)
def test_each_refusal_says_what_to_do(
    tmp_path: Path, reply: Reply, fault: type[Exception], words: str
) -> None:
    with scripted(lambda asked: reply) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address))
        with pytest.raises(fault) as raised:
            refresh(store, "00Dxx!first", an_app(server))
        assert words in str(raised.value)
        assert bool(store.sentence) == (fault is ReconnectNeeded)
        assert len(server.asked) == 1


def test_a_renewal_that_names_a_strange_address_keeps_the_new_token_but_never_sends_it_there(
    tmp_path: Path,
) -> None:
    with scripted(lambda asked: Reply([])) as thief, scripted(lambda asked: LAPSED) as server:
        server.script = lambda asked: token_reply(
            server.address, "00Dxx!second", "refresh-2", instance=thief.address
        )
        store = FileStore(tmp_path / "grant", some_tokens(server.address))
        with pytest.raises(NotAllowed):
            refresh(store, "00Dxx!first", an_app(server))
        assert store.load() == some_tokens(server.address, "00Dxx!second", "refresh-2")
        assert not thief.asked


def test_a_renewal_is_not_followed_to_another_address(tmp_path: Path) -> None:
    with (
        scripted(lambda asked: Reply({"access_token": "x"})) as thief,
        scripted(lambda asked: LAPSED) as server,
    ):
        server.script = lambda asked: Reply(None, 307, {"Location": thief.address + "/services/oauth2/token"})
        store = FileStore(tmp_path / "grant", some_tokens(server.address))
        with pytest.raises(Unreachable):
            refresh(store, "00Dxx!first", an_app(server))
        assert not thief.asked


def test_many_threads_whose_token_expired_renew_it_once(tmp_path: Path) -> None:
    with scripted(
        lambda asked: token_reply(f"http://{asked.headers['host']}", "00Dxx!second", "refresh-2")
    ) as server:
        token_manager = TokenManager(
            FileStore(tmp_path / "grant", some_tokens(server.address)), an_app(server)
        )
        seen: list[str] = []
        threads = [
            threading.Thread(target=lambda: seen.append(token_manager.renew("00Dxx!first")[0].access_token))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == ["00Dxx!second"] * 8
        assert len(server.asked) == 1


def test_renewing_again_and_again_ends_after_some_times_a_minute(tmp_path: Path) -> None:
    number = iter(range(100))
    with scripted(
        lambda asked: token_reply(f"http://{asked.headers['host']}", f"00Dxx!{next(number)}")
    ) as server:
        time = [0.0]
        token_manager = TokenManager(
            FileStore(tmp_path / "grant", some_tokens(server.address)),
            an_app(server),
            per_minute=3,
            clock=lambda: time[0],
        )
        for _ in range(3):
            token_manager.renew(token_manager.current().access_token)
        with pytest.raises(Unreachable):
            token_manager.renew(token_manager.current().access_token)
        time[0] = 61
        token_manager.renew(token_manager.current().access_token)
        assert len(server.asked) == 4


def test_a_stored_address_that_is_no_longer_allowed_gets_no_token(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "grant", some_tokens("https://elsewhere.test"))
    with pytest.raises(NotAllowed) as refusal:
        TokenManager(store, App("client", SECRET)).current()
    assert "elsewhere.test" in refusal.value.sentence


@pytest.mark.parametrize(
    "reply",
    [
        Reply(None),
        refused("invalid_token", "x"),
        refused("unsupported_token_type", "x"),
        Reply(HTML, 503),
        Reply(cut=True),
    ],
    ids=repr,
)
def test_disconnecting_revokes_the_tokens_whatever_salesforce_says_of_it(reply: Reply) -> None:
    with scripted(lambda asked: reply) as server:
        revoke(some_tokens(server.address), an_app(server))
        assert server.asked[0].path == "/services/oauth2/revoke"
        assert server.asked[0].form == {"token": "refresh-1"}
