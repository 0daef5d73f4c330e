"""What wraps every call: the Date header, gzip bodies, delays and faults. Plain ASGI, so that a connection
can be cut."""

import asyncio
import gzip
import zlib
from collections.abc import Callable
from typing import cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.faults import Rule
from sandbox.options import GeneralOptions
from sandbox.world import World

CUT = "sandbox.cut"  # the scope extension by which the server lets a connection be closed
BUSY_PAGE = (
    "<html><head><title>503</title></head><body><h1>Service Unavailable</h1><p>Server temporarily"
    " unavailable.</p></body></html>"
)


def system_of(path: str) -> str:
    """Which system a path belongs to: ``salesforce``, ``element451``, or nothing (the controls)."""
    if path.startswith("/v2/"):
        return "element451"
    return "" if path.startswith("/_sandbox") else "salesforce"


class ClockDate:
    """Puts a Date header from the world's clock on every reply."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Date"] = self._world.clock.http_date()
            await send(message)

        await self._app(scope, receive, dated if scope["type"] == "http" else send)


class FaultPlayer:
    """Plays the delays and faults that the controls ordered."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call, or spoil it."""
        system = system_of(scope["path"]) if scope["type"] == "http" else ""
        if not system:
            await self._app(scope, receive, send)
            return
        self._world.running[system] += 1
        try:
            await self._play(system, scope, receive, send)
        except ClientDisconnect:
            return  # the caller died while it spoke: nobody is left to answer
        finally:
            self._world.running[system] -= 1

    async def _play(self, system: str, scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"].decode("latin-1")
        rules = self._world.faults.for_call(
            system, scope["method"], scope["path"] + ("?" + query if query else "")
        )
        wait = self._world.options.of(GeneralOptions).delay_ms + sum(
            rule.ms for rule in rules if rule.action == "delay"
        )
        if wait:
            await asyncio.sleep(wait / 1000)
        fault = next((rule for rule in rules if rule.action != "delay"), None)
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.action == "cut_after":
            await self._app(scope, receive, _swallow)
            close_connection(scope)
        else:
            self._world.counters.call(system, "fault")
            if fault.action == "cut_before":
                close_connection(scope)
            else:
                await _read_all(receive)
                await _answer(fault)(scope, receive, send)


def _answer(rule: Rule) -> Response:
    if rule.action == "html503":
        return Response(BUSY_PAGE, 503, media_type="text/html")
    if isinstance(rule.body, str):
        return Response(rule.body, rule.status, {"Content-Type": "text/html;charset=UTF-8", **rule.headers})
    return JSONResponse(rule.body, rule.status, rule.headers)


async def _swallow(message: Message) -> None:
    """Take a reply that nobody will see."""


def close_connection(scope: Scope) -> None:
    """Close the connection of a call without a reply."""
    cast(Callable[[], None], scope["extensions"][CUT]["close"])()


async def _read_all(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return b"".join(parts)


class UnpackBody:
    """Unpacks request bodies that came with ``Content-Encoding: gzip``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call, its body unpacked."""
        if scope["type"] != "http" or Headers(scope=scope).get("content-encoding", "").lower() != "gzip":
            await self._app(scope, receive, send)
            return
        try:
            body = gzip.decompress(await _read_all(receive))
        except (OSError, EOFError, zlib.error):
            await Response("The body is not gzip.", 400, media_type="text/plain")(scope, receive, send)
            return
        sent = False

        async def unpacked() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, unpacked, send)
