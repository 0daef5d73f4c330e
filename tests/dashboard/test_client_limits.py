"""What one client may ask of the dashboard's server: no file from anybody who was not asked for one, and
nothing large; and whatever is asked of it, it ends when it is told to."""

import asyncio
import os
import secrets
import signal
import socket
import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.client_limits import BURST, MESSAGES_A_SECOND, MOST_BYTES, ClientLimits
from tests.support.dashboard import Installed, dashboard_process


@pytest.fixture
def served(_empty: Installed) -> Iterator[tuple[str, int]]:
    with dashboard_process(_empty.environment) as found:
        yield found


def connection(address: str) -> socket.socket:
    """An open connection for messages, of nobody in particular."""
    host = address.removeprefix("http://")
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {b64encode(secrets.token_bytes(16)).decode()}",
    ]
    opened = socket.create_connection(("127.0.0.1", int(host.partition(":")[2])), timeout=10)
    opened.sendall("\r\n".join([*lines, "", ""]).encode())
    assert b"101" in opened.recv(200)
    return opened


def frame(payload: bytes) -> bytes:
    """A masked binary frame (RFC 6455, 5.2), for a payload below 126 bytes."""
    return bytes([0x82, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def test_of_a_flood_of_messages_no_more_gets_through_than_a_person_sends() -> None:
    seen = list[Message]()

    async def streamlit(_: Scope, receive: Receive, __: Send) -> None:
        while True:
            seen.append(await receive())

    async def flood() -> Message:
        await asyncio.sleep(0)
        return {"type": "websocket.receive", "bytes": b"again"}

    async def nothing(_: Message) -> None:
        """Send nothing."""

    async def serve() -> None:
        with suppress(TimeoutError):
            limits = ClientLimits(streamlit)
            await asyncio.wait_for(limits({"type": "websocket", "path": "/"}, flood, nothing), 0.2)

    with ThreadPoolExecutor(1) as beside_the_browsers_loop:
        beside_the_browsers_loop.submit(asyncio.run, serve()).result()
    assert BURST <= len(seen) <= BURST + 0.2 * MESSAGES_A_SECOND + 1


def test_a_server_that_is_flooded_with_messages_serves_others_and_can_be_ended(
    served: tuple[str, int],
) -> None:
    address, pid = served
    rerun = BackMsg()
    rerun.rerun_script.query_string = ""
    flood = frame(rerun.SerializeToString()) * 4000
    opened = [connection(address) for _ in range(3)]
    for one in opened:
        one.settimeout(0.5)
        try:
            one.sendall(flood)
        except OSError:
            continue  # the server reads no more of it: so it should
    assert requests.get(f"{address}/healthz", timeout=20).ok, "others are served meanwhile"
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 25
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=1).close()
            time.sleep(0.2)
        except OSError:
            break
    else:
        pytest.fail("the server did not end")
    for one in opened:
        one.close()


def test_three_people_right_after_the_start_get_their_pages(served: tuple[str, int]) -> None:
    """What pages need is imported before anybody is served: half imported by one, it breaks the others'."""
    address, pid = served
    imported = Path(f"/proc/{pid}/maps").read_text()
    rerun = BackMsg()
    rerun.rerun_script.query_string = ""
    opened = [connection(address) for _ in range(3)]
    for one in opened:
        one.sendall(frame(rerun.SerializeToString()))
    pages = [_until_it_is_drawn(one) for one in opened]
    assert ["pandas/_libs" in imported, "pyarrow/lib" in imported] == [True, True]
    assert [b"Something went wrong" in page for page in pages] == [False] * 3


def test_a_file_from_a_page_without_a_place_for_it_is_not_read(served: tuple[str, int]) -> None:
    """Not even for somebody who opened a page and says so rightly, which Streamlit would be content with."""
    address, _ = served
    with requests.Session() as browser:
        browser.get(f"{address}/_stcore/health", timeout=30)
        token = browser.cookies.get("_streamlit_xsrf", "")
        assert token
        page = connection(address)
        rerun = BackMsg()
        rerun.rerun_script.query_string = ""
        page.sendall(frame(rerun.SerializeToString()))
        place = f"{address}/_stcore/upload_file/{_session(page)}/file"
        for size, status in ((10, 403), (MOST_BYTES + 1, 413)):
            sent = {"file": ("x.csv", b"x" * size)}
            reply = browser.put(place, files=sent, headers={"X-Xsrftoken": token}, timeout=30)
            assert reply.status_code == status
        page.close()


def _session(page: socket.socket) -> str:
    """The id that a page's connection is told to be its own."""
    while True:
        head = page.recv(2, socket.MSG_WAITALL)
        more = {126: 2, 127: 8}.get(head[1], 0)
        length = int.from_bytes(page.recv(more, socket.MSG_WAITALL)) if more else head[1]
        message = ForwardMsg.FromString(page.recv(length, socket.MSG_WAITALL))
        if message.WhichOneof("type") == "new_session":
            return str(message.new_session.initialize.session_id)


def _until_it_is_drawn(one: socket.socket) -> bytes:
    """What a page's connection is sent until its script has ended."""
    one.settimeout(1)
    sent, deadline = b"", time.monotonic() + 60
    while b"Overview" not in sent and time.monotonic() < deadline:
        with suppress(TimeoutError):
            sent += one.recv(2**20)
    with suppress(TimeoutError):  # whatever follows within a second
        while more := one.recv(2**20):
            sent += more
    one.close()
    return sent
