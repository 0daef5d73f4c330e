"""The imitation Salesforce org: REST v66, OAuth, describe, SOQL. Strict: it refuses what Salesforce refuses,
in Salesforce's words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from starlette.routing import Route

from sandbox.salesforce import controls as _controls
from sandbox.salesforce import seeding
from sandbox.salesforce.oauth.routes import oauth_routes
from sandbox.salesforce.org import Org
from sandbox.salesforce.rest.http import data_endpoint
from sandbox.salesforce.rest.resources import make_table
from sandbox.world import World

METHODS = ["GET", "POST", "PATCH", "DELETE", "PUT"]


def routes(world: World, callbacks: Iterable[str] = ()) -> list[Route]:
    """Every address of the org. ``callbacks`` are registered besides the app's own."""
    org = world.part(Org)
    org.client.register(callbacks)
    endpoint = data_endpoint(org, make_table())
    addresses = [
        Route(path, endpoint, methods=METHODS) for path in ("/services/data", "/services/data/{rest:path}")
    ]
    return [*oauth_routes(org), *addresses]


def controls(world: World) -> list[Route]:
    """What people and administrators do in the org."""
    return _controls.controls(world.part(Org))


def rows(world: World, object: str) -> Iterator[Mapping[str, object]]:
    """Every row of an object, deleted ones too, by id. Raises KeyError for an unknown object."""
    return seeding.rows(world.part(Org), object)


def seed(world: World, object: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Store rows as they have long been there: no journal. System fields (Id, CreatedDate, SystemModstamp,
    IsDeleted ...) may be given.

    Returns their ids, in order. Raises ValueError for a value that the org would refuse, KeyError for an
    unknown object.
    """
    return seeding.seed(world.part(Org), object, rows)
