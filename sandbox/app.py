"""The whole sandbox as one app: Salesforce under ``/services`` and ``/id``, Element451 under ``/v2``,
controls under ``/_sandbox``, screens for people."""

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from sandbox import element451, salesforce, school
from sandbox.controls import Size, WorldControls
from sandbox.faults.player import FaultPlayer
from sandbox.middleware import ClockDate, UnpackBody
from sandbox.screens import screens
from sandbox.world import World


def create_app(world: World, size: Size | None = None, callbacks: Iterable[str] = ()) -> Starlette:
    """The app over ``world``; a new world is filled with a school of ``size`` (default: nobody).

    ``callbacks`` are OAuth callbacks that the org registers besides its own.
    """
    size = size or Size()

    def fill(new: Size) -> None:
        if new.contacts or new.conversations:
            (school.fill_pairs if new.in_step else school.fill)(
                world, new.contacts, new.conversations, new.seed
            )

    rows = {
        "salesforce": lambda object: salesforce.rows(world, object),
        "element451": lambda object: element451.rows(world, object),
    }
    routes = [
        *salesforce.routes(world, callbacks),
        *salesforce.controls(world),
        *element451.routes(world),
        *element451.controls(world),
    ]
    app = Starlette(
        routes=[*routes, *WorldControls(world, fill, size, rows).routes(), *screens(world)],
        middleware=[
            Middleware(ClockDate, world=world),
            Middleware(GZipMiddleware, minimum_size=2048, compresslevel=1),
            Middleware(UnpackBody),
            Middleware(FaultPlayer, world=world),
        ],
    )
    if world.is_new:
        fill(size)
    return app
