"""A page without a connection says so, and so does a dialog whose connection was lost; what says it comes
with every page, not by the connection."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from starlette.types import Message, Receive, Scope, Send

from dashboard.page_script import SCRIPTS, PageScript

PAGE = b"<!DOCTYPE html><html><head><title>x</title></head><body></body></html>"
CONNECT = """() => new Promise((done) => {
    window.socket = new WebSocket("ws://server.example/_stcore/stream");
    window.socket.addEventListener("open", () => done(null));
})"""
IS_CLOSED = """() => new Promise((done) => {
    if (window.socket.readyState === WebSocket.CLOSED) done(null);
    window.socket.addEventListener("close", () => done(null));
})"""
DIALOG = "document.body.append(Object.assign(document.createElement('div'), {role: 'dialog'})); null"


def answer(kind: bytes, accept: bytes, body: bytes = PAGE, parts: int = 1) -> tuple[bytes, list[bytes]]:
    """What a browser gets of an answer of this type, and the headers that the application was asked with."""
    asked, sent = list[bytes](), list[Message]()

    async def application(scope: Scope, _: Receive, send: Send) -> None:
        asked.extend(name for name, _ in scope["headers"])
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        size = len(body) // parts + 1
        for at in range(0, len(body), size):
            await send(
                {
                    "type": "http.response.body",
                    "body": body[at : at + size],
                    "more_body": at + size < len(body),
                }
            )

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    async def keep(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"accept", accept), (b"accept-encoding", b"gzip")]}
    with ThreadPoolExecutor(1) as beside_the_browsers_loop:
        work = PageScript(application, "/sync")(scope, nothing, keep)
        beside_the_browsers_loop.submit(asyncio.run, work).result()
    whole = b"".join(message.get("body", b"") for message in sent)
    lengths = [value for name, value in sent[0]["headers"] if name == b"content-length"]
    assert lengths in ([], [str(len(whole)).encode()])
    return whole, asked


def test_every_page_has_our_scripts_before_all_others() -> None:
    whole, asked = answer(b"text/html; charset=utf-8", b"text/html,*/*")
    tags = "".join(f'<script src="/sync{path}"></script>' for path in SCRIPTS).encode()
    assert whole.startswith(b"<!DOCTYPE html><html><head>" + tags + b"<title>")
    assert b"accept-encoding" not in asked


@pytest.mark.parametrize(("kind", "accept"), [(b"text/css", b"text/html"), (b"text/html", b"*/*")])
def test_what_is_no_page_stays_as_it_is(kind: bytes, accept: bytes) -> None:
    assert answer(kind, accept)[0] == PAGE


Serve = Callable[[WebSocketRoute], None]


def watch(page: Page, serve: Serve) -> Locator:
    """What the script says on a page of which ``serve`` takes the connections, and whose time is the
    test's."""
    page.clock.install()
    page.route_web_socket("**/stream", serve)
    page.set_content(PAGE.decode())
    page.add_script_tag(path=SCRIPTS["/connection-watch.js"])
    return page.get_by_role("alert")


def test_a_page_whose_network_refuses_websockets_says_so_after_some_seconds(page: Page) -> None:
    alert = watch(page, lambda socket: socket.close())
    page.clock.fast_forward(9_000)
    expect(alert).to_have_count(0)
    page.clock.fast_forward(2_000)
    expect(alert).to_contain_text("refuses WebSockets")


def test_an_open_dialog_says_that_its_connection_was_lost_and_a_page_without_one_stays_quiet(
    page: Page,
) -> None:
    sockets: list[WebSocketRoute] = []

    def serve(socket: WebSocketRoute) -> None:
        sockets.append(socket)

    alert = watch(page, serve)
    page.evaluate(CONNECT)
    page.clock.fast_forward(11_000)
    sockets[-1].close()
    page.evaluate(IS_CLOSED)
    expect(alert).to_have_count(0)
    page.evaluate(DIALOG)
    page.evaluate(CONNECT)
    expect(alert).to_have_count(0)
    sockets[-1].close()
    expect(alert).to_contain_text("is lost")
    page.evaluate(CONNECT)
    expect(alert).to_contain_text("nothing of it was saved")
