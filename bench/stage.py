"""``python -m bench.stage``: the sandbox with a school for measuring, which also notes the size of every body
on the wire.

Everything is in both systems and in step, but every second Element451 contact does not hold its Salesforce ID
yet. ``GET /_bench/transfers`` gives the sizes of the calls since it was last asked, as [[request, answer],
...].
"""

import argparse
import json
from typing import cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.app import create_app
from sandbox.element451.catalogue import SALESFORCE_ID
from sandbox.school import fill_pairs
from sandbox.server import listen, serve
from sandbox.world import World

SYSTEMS = ("/services/data", "/v2")


class Recorder:
    """Notes how many bytes each call to one of the two systems carried, sign-in calls left out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.transfers: list[tuple[int, int]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, counting on the way."""
        if scope["type"] != "http" or not scope["path"].startswith(SYSTEMS):
            await self._app(scope, receive, send)
            return
        sizes = [0, 0]

        async def counted_receive() -> Message:
            message = await receive()
            sizes[0] += len(message.get("body", b""))
            return message

        async def counted_send(message: Message) -> None:
            sizes[1] += len(message.get("body", b""))
            await send(message)

        await self._app(scope, counted_receive, counted_send)
        self.transfers.append((sizes[0], sizes[1]))


def create_stage(world: World, contacts: int, callback: str) -> Starlette:
    """The sandbox over a filled ``world``, with the recorder in front of it."""
    recorder = Recorder(create_app(world, None, [callback]))
    fill_pairs(world, contacts, 0, 1)
    world.db.execute(
        f"UPDATE e451_contact SET data = json_remove(data, '$.\"{SALESFORCE_ID}\"') WHERE rowid % 2"
    )

    async def transfers(_request: Request) -> Response:
        found, recorder.transfers = recorder.transfers, []
        return JSONResponse(found)

    return Starlette(routes=[Route("/_bench/transfers", transfers), Mount("/", cast(ASGIApp, recorder))])


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m bench.stage", description=__doc__)
    parser.add_argument("--contacts", type=int, required=True, help="how many contacts each system has")
    parser.add_argument("--callback", required=True, help="the callback address that the org registers")
    options = parser.parse_args()
    world = World(":memory:")
    listener = listen("127.0.0.1", 0)
    app = create_stage(world, options.contacts, options.callback)
    serve(app, listener, json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}))
    world.close()


if __name__ == "__main__":
    main()
