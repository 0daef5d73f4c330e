"""The addresses of sign-in."""

from collections.abc import Awaitable, Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.salesforce.oauth.authorize import authorize
from sandbox.salesforce.oauth.identity import identity, introspect, revoke, userinfo
from sandbox.salesforce.oauth.token import NO_STORE, OAuthError, token
from sandbox.salesforce.org import Org

Endpoint = Callable[[Org, Request], Awaitable[Response]]


def _bound(org: Org, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def bound(request: Request) -> Response:
        org.world.counters.call("salesforce", "oauth")
        try:
            return await endpoint(org, request)
        except OAuthError as refusal:
            body = orjson.dumps({"error": refusal.error, "error_description": refusal.description})
            return Response(body, refusal.status, NO_STORE, "application/json;charset=UTF-8")

    return bound


def oauth_routes(org: Org) -> list[Route]:
    """Every address of sign-in."""
    table: list[tuple[str, Endpoint, list[str]]] = [
        ("/services/oauth2/authorize", authorize, ["GET", "POST"]),
        ("/services/oauth2/token", token, ["POST"]),
        ("/services/oauth2/revoke", revoke, ["GET", "POST"]),
        ("/services/oauth2/introspect", introspect, ["POST"]),
        ("/services/oauth2/userinfo", userinfo, ["GET", "POST"]),
        ("/id/{org}/{user}", identity, ["GET"]),
    ]
    return [Route(path, _bound(org, endpoint), methods=methods) for path, endpoint, methods in table]
