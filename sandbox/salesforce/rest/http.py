"""The REST API over HTTP: sign-in, limits and bodies around the table of resources (contracts/salesforce.md
A2, A7)."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from sandbox.salesforce.errors import SalesforceError, not_found
from sandbox.salesforce.org import Org
from sandbox.salesforce.rest.api import LONGEST_ADDRESS, Call, Reply, Table, split_address, version_refusal
from sandbox.salesforce.rest.resources import versions

JSON = "application/json;charset=UTF-8"


def to_response(reply: Reply) -> Response:
    """A reply as JSON, or the CSV that it holds."""
    if reply.text is not None:
        return Response(reply.text, reply.status, reply.headers, media_type="text/csv")
    body = b"" if reply.body is None else orjson.dumps(reply.body)
    return Response(body, reply.status, reply.headers, media_type=JSON if body else None)


def error_reply(refusal: SalesforceError) -> Reply:
    """A refusal as the error array."""
    return Reply(refusal.status, [error.as_body() for error in refusal.errors])


def data_endpoint(org: Org, table: Table) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint below ``/services/data``."""

    async def endpoint(request: Request) -> Response:
        query = request.scope["query_string"].decode("latin-1")
        address = request.scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        if address.rstrip("/") == "/services/data":
            return to_response(Reply(200, versions()))
        raw = await request.body()
        session = _session(request)
        try:
            _check_size(request, address)
            if not org.sessions.use(session):
                raise SalesforceError(401, "INVALID_SESSION_ID", "Session expired or invalid")
        except SalesforceError as refusal:
            response = to_response(error_reply(refusal))
            if refusal.status == 401:
                response.headers["WWW-Authenticate"] = "Token"
                return response
        else:
            try:
                _check_limits(org)
                org.count_call()
                _check_body(org, request, raw)
                response = to_response(table.answer(_call(org, request, address, raw, session)))
            except SalesforceError as refusal:
                response = to_response(error_reply(refusal))
        response.headers["Sforce-Limit-Info"] = f"api-usage={org.calls_used}/{org.options.daily_api_limit}"
        return response

    return endpoint


def _call(org: Org, request: Request, address: str, raw: bytes, session: str) -> Call:
    split = split_address(address)
    if split is None:
        raise not_found()
    version, parts, params = split
    refusal = version_refusal(version)
    if refusal:
        raise refusal
    method = request.method
    if method == "POST" and "_HttpMethod" in params:
        method = params["_HttpMethod"].upper()
    body, file = None, None
    if raw.strip():
        kind = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
        if kind == "text/csv" and parts[-1:] == ["batches"]:
            file = raw
        elif kind != "application/json":
            raise SalesforceError(415, "UNSUPPORTED_MEDIA_TYPE", f"Content-Type {kind} is not supported")
        else:
            body = _json(raw)
    headers = {name.lower(): value for name, value in request.headers.items()}
    base = str(request.base_url).rstrip("/")
    return Call(org, method, version, parts, params, headers, body, base, session, raw=file)


def _json(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        text = f"{error.msg} at [line:{error.lineno}, column:{error.colno}]"
        raise SalesforceError(400, "JSON_PARSER_ERROR", text) from None


def _check_size(request: Request, address: str) -> None:
    if len(address) > LONGEST_ADDRESS:
        raise SalesforceError(414, "URI_TOO_LONG", f"The URI is longer than {LONGEST_ADDRESS} bytes")
    if len(address) + sum(len(name) + len(value) for name, value in request.headers.raw) > LONGEST_ADDRESS:
        raise SalesforceError(
            431,
            "REQUEST_HEADER_FIELDS_TOO_LARGE",
            f"The URI and headers are longer than {LONGEST_ADDRESS} bytes",
        )


def _session(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() in ("bearer", "oauth") else ""


def _check_body(org: Org, request: Request, raw: bytes) -> None:
    most = org.options.most_request_bytes
    if len(raw) > most and not request.url.path.endswith(
        "/batches"
    ):  # those of jobs have a limit of their own
        text = f"Maximum size of request reached. Maximum size of request is {most} bytes."
        raise SalesforceError(400, "JSON_PARSER_ERROR", text)


def _check_limits(org: Org) -> None:
    if not org.options.api_enabled:
        raise SalesforceError(
            403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization."
        )
    if org.calls_used >= org.options.daily_api_limit:
        raise SalesforceError(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    most = org.options.concurrent_limit
    if most and org.world.running["salesforce"] > most:
        raise SalesforceError(
            403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
        )
