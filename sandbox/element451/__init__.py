"""The imitation Element451 account: the contract under ``/v2``, its controls under
``/_sandbox/element451``."""

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.element451 import store
from sandbox.element451.api import exports, imports, segments, words
from sandbox.element451.api.endpoints import Endpoints
from sandbox.element451.api.refusal import Refusal
from sandbox.element451.controls import controls
from sandbox.element451.options import Element451Options
from sandbox.element451.store import CONTACT, CONVERSATION
from sandbox.world import World

__all__ = ["controls", "routes", "rows"]


def routes(world: World) -> list[Route]:
    """The account's calls. Makes its tables in ``world``, now and after every reset."""
    endpoints = Endpoints(world)

    def setup(world: World) -> None:
        world.options.of(Element451Options)
        store.setup(world)
        segments.setup(world)
        endpoints.reset()

    def mappings(_body: Any, request: Request) -> tuple[int, Any]:
        return exports.mappings(world, request)

    def conversations(body: Any, request: Request) -> tuple[int, Any]:
        path = words.CONVERSATIONS[world.options.of(Element451Options).element451_words]
        if not request.url.path.endswith(path):
            raise Refusal(404, f"There is nothing at {request.url.path}.")
        return exports.export(world, CONVERSATION, body)

    world.register(setup)
    return [
        endpoints.route("/v2/mappings", "mappings", "GET", mappings),
        endpoints.route(
            "/v2/users/export", "export", "POST", lambda body, _: exports.export(world, CONTACT, body)
        ),
        endpoints.route(
            "/v2/users/export/search", "search", "POST", lambda body, _: exports.search(world, CONTACT, body)
        ),
        endpoints.route("/v2/users/import", "import", "POST", lambda body, _: imports.run(world, body)),
        *(
            endpoints.route(f"/v2/{path}", "conversations", "POST", conversations)
            for path in words.CONVERSATIONS.values()
        ),
        endpoints.not_found("/v2/{rest:path}"),
    ]


def rows(world: World, object: str) -> Iterator[Mapping[str, object]]:
    """Every record of a kind (``contact`` or ``conversation``), for checkers. Raises KeyError for another
    word."""
    return store.rows(world, object)
