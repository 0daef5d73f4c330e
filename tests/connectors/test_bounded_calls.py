"""A call to either system ends (rule 22): one whose reply trickles at its deadline, one whose reply is too
large before it is read. Nothing is concluded from either."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from syncer.connectors.bounded_calls import MEGABYTE, BoundedAdapter, CallLimits, CallTooLong, ReplyTooLarge
from syncer.connectors.element451 import Element451Client
from syncer.connectors.errors import Unreachable
from syncer.connectors.retry import RetryPolicy
from syncer.connectors.salesforce import SalesforceClient
from tests.connectors.salesforce.scripted_server import FileStore, some_tokens

Talk = Callable[[socket.socket], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LIMITS = CallLimits(seconds=0.6, most_bytes=MEGABYTE)


@contextmanager
def talking(talk: Talk) -> Iterator[str]:
    """The address of a server that answers every call so."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        connection.recv(65536)
                        talk(connection)
                    except OSError:
                        continue  # the caller left

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def trickling(head: bytes, each: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(200):
            time.sleep(0.05)
            connection.sendall(each)

    return talk


def whole(body: bytes, *headers: bytes) -> Talk:
    head = b"".join(
        [HEAD, *(header + b"\r\n" for header in headers), b"Content-Length: %d\r\n\r\n" % len(body)]
    )
    return lambda connection: connection.sendall(head + body)


BOMB = gzip.compress(b"[" + b" " * (40 * MEGABYTE) + b"]")
TRICKLES = {
    "its body": trickling(HEAD + b"Content-Length: 1000\r\n\r\n", b" "),
    "its chunks": trickling(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a chunk's size": trickling(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "until it closes": trickling(HEAD + b"Connection: close\r\n\r\n", b" "),
    "its headers": trickling(HEAD, b"X"),
    "its status": trickling(b"", b"H"),
}
LARGE = {
    "a packed one": whole(BOMB, b"Content-Encoding: gzip"),
    "a plain one": whole(b" " * (2 * MEGABYTE)),
}


def ask_element451(url: str, _: Path) -> None:
    retry = RetryPolicy(max_attempts=5, sleep=lambda seconds: None)
    with Element451Client(f"{url}/v2", "token", retry=retry, limits=LIMITS) as client:
        client.catalogue()


def ask_salesforce(url: str, folder: Path) -> None:
    SalesforceClient(
        FileStore(folder / "grant", some_tokens(url, "00Dxx!1")),
        client_id="client",
        client_secret="secret",
        allowed_hosts=[url.removeprefix("http://")],
        retry=RetryPolicy(max_attempts=5, sleep=lambda seconds: None),
        limits=LIMITS,
    ).entities()


SYSTEMS = pytest.mark.parametrize("ask", [ask_element451, ask_salesforce])


@pytest.mark.parametrize("talk", TRICKLES.values(), ids=TRICKLES)
def test_a_reply_that_trickles_ends_at_the_deadline(talk: Talk) -> None:
    began = time.monotonic()
    with talking(talk) as url, _session() as session, pytest.raises(CallTooLong):
        session.get(url, timeout=(5, 60))
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("talk", LARGE.values(), ids=LARGE)
def test_a_reply_that_is_too_large_is_not_read(talk: Talk) -> None:
    with talking(talk) as url, _session() as session, pytest.raises(ReplyTooLarge):
        session.get(url, timeout=(5, 60))


def test_a_reply_of_the_very_size_is_read_and_the_connection_serves_again() -> None:
    with talking(whole(b" " * MEGABYTE)) as url, _session() as session:
        for _ in range(2):
            assert len(session.get(url, timeout=(5, 60)).content) == MEGABYTE


@SYSTEMS
def test_the_run_is_told_of_a_call_that_took_too_long(ask: Callable[..., Any], tmp_path: Path) -> None:
    with talking(TRICKLES["its body"]) as url, pytest.raises(Unreachable) as told:
        ask(url, tmp_path)
    assert told.value.code == "CALL_TOO_LONG"
    assert not told.value.permanent


@SYSTEMS
def test_the_run_is_told_of_a_reply_that_is_too_large(ask: Callable[..., Any], tmp_path: Path) -> None:
    with talking(LARGE["a packed one"]) as url, pytest.raises(Unreachable) as told:
        ask(url, tmp_path)
    assert told.value.code == "REPLY_TOO_LARGE"


def test_a_sign_in_ends_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncer.connectors.salesforce.oauth.http.LIMITS", LIMITS)
    from syncer.connectors.salesforce.oauth.http import post_form

    with talking(TRICKLES["its body"]) as url, pytest.raises(Unreachable) as told:
        post_form(url, "/services/oauth2/token", {})
    assert told.value.code == "CALL_TOO_LONG"


def _session() -> requests.Session:
    session = requests.Session()
    session.mount("http://", BoundedAdapter(LIMITS))
    return session
