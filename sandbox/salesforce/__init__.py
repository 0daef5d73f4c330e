"""The imitation Salesforce org."""

from collections.abc import Iterable, Iterator, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.world import World


def routes(world: World, callbacks: Iterable[str] = ()) -> list[Route]:
    """Every address of the org. ``callbacks`` are further registered OAuth callbacks."""

    async def versions(request: Request) -> Response:
        return JSONResponse([{"label": "Spring '26", "url": "/services/data/v66.0", "version": "66.0"}])

    return [Route("/services/data", versions)]


def controls(world: World) -> list[Route]:
    """The org's own controls."""
    return []


def rows(world: World, object: str) -> Iterator[Mapping[str, object]]:
    """Every row of an object, deleted ones too. Raises KeyError for an unknown object."""
    raise KeyError(object)
