"""What one client may send to the dashboard's server, whoever it is: small requests, files only from a page
with a place for them, and no more messages than a person causes. Without it, somebody who has not signed in
could fill the memory, or keep the server busy for minutes."""

import asyncio
import re
import time

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import upload_permits

MEGABYTE = 1024 * 1024
MOST_BYTES = MEGABYTE + 64 * 1024
"""Of a request: a file of a megabyte, and what is around it."""
BURST, MESSAGES_A_SECOND = 50, 10
"""Of one page's connection: so many messages at once, and then so many a second. What comes faster waits in
the client."""
_UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+$")


class ClientLimits:
    """Refuses requests before they are read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and (refusal := _refusal(scope)):
            await refusal(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, _paced(receive), send)
        else:
            await self._app(scope, receive, send)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    if length.isascii() and length.isdecimal() and int(length) > MOST_BYTES:
        return PlainTextResponse("This is too large.", 413)
    upload = _UPLOAD.search(scope["path"])
    if not upload or scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return None
    if not upload_permits.is_allowed(upload["session"]):
        return PlainTextResponse("This page takes no file.", 403)
    if scope["method"] != "DELETE" and not length:
        return PlainTextResponse("Say how large it is.", 411)
    return None


def _paced(receive: Receive) -> Receive:
    """``receive``, which hands out messages no faster than a token bucket allows."""
    tokens, filled_at = float(BURST), time.monotonic()

    async def receive_in_time() -> Message:
        nonlocal tokens, filled_at
        message = await receive()
        if message["type"] != "websocket.receive":
            return message
        now = time.monotonic()
        tokens = min(BURST, tokens + (now - filled_at) * MESSAGES_A_SECOND) - 1
        filled_at = now
        if tokens < 0:
            await asyncio.sleep(-tokens / MESSAGES_A_SECOND)
        return message

    return receive_in_time
