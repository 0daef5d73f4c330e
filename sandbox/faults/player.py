"""Plays the faults that the controls ordered. Plain ASGI, so that a connection can be cut."""

import asyncio
import sys
from collections.abc import Callable, Iterable
from typing import Any, cast

import orjson
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.bodies import read_all, replayed
from sandbox.faults.calls import Seen, system_of
from sandbox.faults.replies import altered
from sandbox.faults.rules import Rule
from sandbox.options import GeneralOptions
from sandbox.world import World

CUT = "sandbox.cut"  # the scope extension by which the server lets a connection be closed
BUSY_PAGE = (
    "<html><head><title>503</title></head><body><h1>Service Unavailable</h1><p>Server temporarily"
    " unavailable.</p></body></html>"
)


def close_connection(scope: Scope) -> None:
    """Close the connection of a call without a reply."""
    cast(Callable[[], None], scope["extensions"][CUT]["close"])()


class FaultPlayer:
    """Answers each call of the two systems, or makes it fail."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
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
        rules: list[Rule] = []
        if self._world.faults.rules:
            body = await read_all(receive)
            receive = replayed(body, receive)
            query = scope["query_string"].decode("latin-1")
            path = scope["path"] + ("?" + query if query else "")
            rules = self._world.faults.for_call(Seen(system, scope["method"], path, body))
        if wait := self._world.options.of(GeneralOptions).delay_ms + sum(rule.ms for rule in rules):
            await asyncio.sleep(wait / 1000)
        await self._act(rules, "before")
        changes = [rule for rule in rules if rule.action == "alter"]
        fault = next((rule for rule in rules if rule.action not in ("delay", "alter", "act")), None)
        if fault is not None:
            await self._fail(fault, system, scope, receive, send)
        elif changes:
            await _altered(self._app, changes, scope, receive, send)
        else:
            await self._app(scope, receive, send)
        await self._act(rules, "after")

    async def _fail(self, fault: Rule, system: str, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.action in ("cut_after", "status_after"):
            await self._app(scope, receive, _swallow)
        else:
            self._world.counters.call(system, "fault")
        if fault.action in ("cut_before", "cut_after"):
            close_connection(scope)
        else:
            await _answer(fault)(scope, receive, send)

    async def _act(self, rules: Iterable[Rule], moment: str) -> None:
        for rule in rules:
            if rule.action == "act" and rule.moment == moment:
                status, reply = await _inside(self._app, rule.control)
                rule.failure = reply.decode() if status >= 400 else ""
                if rule.failure:
                    print(
                        f"sandbox: the control {rule.control['path']} was refused: {rule.failure}",
                        file=sys.stderr,
                    )


def _answer(rule: Rule) -> Response:
    if rule.action == "html503":
        return Response(BUSY_PAGE, 503, media_type="text/html")
    if isinstance(rule.body, str):
        return Response(rule.body, rule.status, {"Content-Type": "text/html;charset=UTF-8", **rule.headers})
    return JSONResponse(rule.body, rule.status, rule.headers)


async def _swallow(message: Message) -> None:
    """Take a reply that nobody will see."""


async def _altered(app: ASGIApp, rules: Iterable[Rule], scope: Scope, receive: Receive, send: Send) -> None:
    """Let the call be handled and send its reply with the changes made."""
    start, body = await _handled(app, scope, receive)
    headers = MutableHeaders(scope=start)
    for rule in rules:
        if start["status"] < 300:
            body = altered(body, rule.changes)
        headers.update(rule.headers)
    headers["Content-Length"] = str(len(body))
    await send(start)
    await send({"type": "http.response.body", "body": body})


async def _handled(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """The start and the whole body of a reply."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    return messages[0], b"".join(message.get("body", b"") for message in messages[1:])


async def _inside(app: ASGIApp, control: dict[str, Any]) -> tuple[int, bytes]:
    """Use a control from within: its status and reply."""
    path = f"/_sandbox/{control['path']}"
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": str(control.get("method", "POST")),
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"content-type", b"application/json")],
        "server": None,
        "client": None,
    }

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    start, reply = await _handled(app, scope, replayed(orjson.dumps(control.get("body") or {}), nothing))
    return int(start["status"]), reply
