"""The whole sandbox as one app: Salesforce under ``/services`` and ``/id``, Element451 under ``/v2``, controls under ``/_sandbox``."""

import importlib
import importlib.util
from collections.abc import Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from sandbox import salesforce
from sandbox.controls import Rows, Size, controls
from sandbox.middleware import ClockDate, FaultPlayer, UnpackBody
from sandbox.world import World


def _part(name: str) -> Any:
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def create_app(world: World, size: Size | None = None, callbacks: Iterable[str] = ()) -> Starlette:
    """The app over ``world``; a new world is filled with a school of ``size`` (default: nobody).

    ``callbacks`` are OAuth callbacks that the org registers besides its own.
    """
    size = size or Size()
    element451, school = _part("sandbox.element451"), _part("sandbox.school")
    rows: dict[str, Rows] = {"salesforce": lambda object: salesforce.rows(world, object)}
    routes = [*salesforce.routes(world, callbacks), *salesforce.controls(world)]
    if element451:
        routes += [*element451.routes(world), *element451.controls(world)]
        rows["element451"] = lambda object: element451.rows(world, object)

    def fill(new: Size) -> None:
        if school and (new.contacts or new.conversations):
            school.fill(world, new.contacts, new.conversations, new.seed)

    app = Starlette(
        routes=[*routes, *controls(world, fill, size, rows)],
        middleware=[
            Middleware(ClockDate, world=world),
            Middleware(FaultPlayer, world=world),
            Middleware(GZipMiddleware, minimum_size=2048, compresslevel=1),
            Middleware(UnpackBody),
        ],
    )
    if world.is_new:
        fill(size)
    return app
