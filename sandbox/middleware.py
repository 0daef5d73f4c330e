"""What wraps every call: the Date header, and bodies that came packed."""

import gzip
import zlib
from datetime import timedelta
from email.utils import format_datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.bodies import read_all, replayed
from sandbox.faults.calls import system_of
from sandbox.options import GeneralOptions
from sandbox.world import World


class ClockDate:
    """Puts a Date header from the world's clock on every reply that has none, as far off as the options say."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Date", self._date(system_of(scope["path"])))
            await send(message)

        await self._app(scope, receive, dated if scope["type"] == "http" else send)

    def _date(self, system: str) -> str:
        options = self._world.options.of(GeneralOptions)
        off = {"salesforce": options.salesforce_date_off, "element451": options.element451_date_off}
        moment = self._world.clock.now() + timedelta(seconds=off.get(system, 0))
        return format_datetime(moment, usegmt=True)


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
            body = gzip.decompress(await read_all(receive))
        except ClientDisconnect:
            return
        except (OSError, EOFError, zlib.error):
            await Response("The body is not gzip.", 400, media_type="text/plain")(scope, receive, send)
            return
        await self._app(scope, replayed(body, receive), send)
