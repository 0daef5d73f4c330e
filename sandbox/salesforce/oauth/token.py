"""The token endpoint: codes and refresh tokens turned into access tokens (contracts/salesforce.md A1.3,
A1.4)."""

import asyncio
import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.faults.player import close_connection
from sandbox.salesforce.ids import USER_ID
from sandbox.salesforce.org import Org

NO_STORE = {"Cache-Control": "no-cache, no-store", "Pragma": "no-cache"}


@dataclass
class OAuthError(Exception):
    """A refusal of the sign-in endpoints."""

    error: str
    description: str
    status: int = 400


class LostReply(Response):
    """A reply that never arrives: the connection is closed instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close the connection."""
        close_connection(scope)


async def form_of(request: Request) -> dict[str, str]:
    """The form fields, or the query's parameters of a GET. Raises OAuthError for a body that is not a
    form."""
    if request.method == "GET":
        return dict(request.query_params)
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise OAuthError("invalid_request", "the body must be application/x-www-form-urlencoded")
    return {name: str(value) for name, value in (await request.form()).items()}


def check_client(org: Org, request: Request, form: Mapping[str, str], secret_needed: bool) -> None:
    """Check the client's id and secret, from the body or from Basic, not from both. Raises OAuthError."""
    client, secret = form.get("client_id"), form.get("client_secret")
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        if secret is not None:
            raise OAuthError(
                "invalid_request", "client credentials must be sent once, in the header or in the body"
            )
        try:
            client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise OAuthError("invalid_client", "invalid client credentials") from None
    if client != org.client.id:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    if secret is None and not secret_needed:
        return
    if secret is None or not hmac.compare_digest(secret.encode(), org.client.secret.encode()):
        raise OAuthError("invalid_client", "invalid client credentials")


async def token(org: Org, request: Request) -> Response:
    """``POST /services/oauth2/token``. Raises OAuthError."""
    form = await form_of(request)
    if org.options.login_rate_exceeded:
        raise OAuthError("rate_limit_exceeded", "login rate exceeded")
    grant_type = form.get("grant_type")
    if grant_type == "authorization_code":
        check_client(org, request, form, secret_needed=True)
        return _shaped(request, form, _exchange(org, request, form))
    if grant_type == "refresh_token":
        check_client(org, request, form, secret_needed=org.options.secret_required_for_refresh)
        reply = await _refresh(org, request, form)
        if org.options.lose_refresh_replies > 0:
            org.options.lose_refresh_replies -= 1
            return LostReply()
        return _shaped(request, form, reply)
    raise OAuthError("unsupported_grant_type", "grant type not supported")


def identity_url(org: Org, request: Request) -> str:
    """The address of the user's identity."""
    return f"{str(request.base_url).rstrip('/')}/id/{org.options.organization}/{USER_ID}"


def _exchange(org: Org, request: Request, form: Mapping[str, str]) -> dict[str, str]:
    if "code" not in form:
        raise OAuthError("invalid_request", "missing required parameter: code")
    code, expired = org.sessions.take_code(form["code"])
    if code is None:
        raise OAuthError("invalid_grant", "invalid authorization code")
    if expired:
        raise OAuthError("invalid_grant", "expired authorization code")
    if form.get("redirect_uri") != code.redirect_uri:
        raise OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration")
    if code.challenge:
        verifier = form.get("code_verifier")
        if not verifier:
            raise OAuthError("invalid_grant", "missing required code verifier")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if not hmac.compare_digest(digest, code.challenge.rstrip("=")):
            raise OAuthError("invalid_request", "invalid code verifier")
    _check_user(org)
    grant = org.sessions.approve(code.client_id, code.scope)
    refreshable = "refresh_token" in code.scope.split() and org.options.refresh_policy != "Zero"
    return _reply(org, request, grant, org.sessions.new_refresh(grant) if refreshable else None)


async def _refresh(org: Org, request: Request, form: Mapping[str, str]) -> dict[str, str]:
    given = form.get("refresh_token")
    if not given:
        raise OAuthError("invalid_request", "missing required parameter: refresh_token")
    if given in org.refreshing:
        raise OAuthError("invalid_grant", "token request is already being processed")
    org.refreshing.add(given)
    try:
        if org.options.refresh_ms:
            await asyncio.sleep(org.options.refresh_ms / 1000)
        _check_user(org)
        grant = org.sessions.grant_of(given, org.client.id)
        if grant is None:
            raise OAuthError("invalid_grant", "expired access/refresh token")
        return _reply(
            org, request, grant, org.sessions.rotate(grant, given) if org.options.rotation else None
        )
    finally:
        org.refreshing.discard(given)


def _check_user(org: Org) -> None:
    if not org.options.user_active:
        raise OAuthError("inactive_user", "user is inactive")


def _reply(org: Org, request: Request, grant: int, refresh: str | None) -> dict[str, str]:
    identity = identity_url(org, request)
    issued = str(int(org.world.clock.now().timestamp() * 1000))
    signature = hmac.new(org.client.secret.encode(), (identity + issued).encode(), hashlib.sha256).digest()
    return {
        "access_token": org.sessions.new_access(grant),
        **({"refresh_token": refresh} if refresh else {}),
        "signature": base64.b64encode(signature).decode(),
        "scope": org.sessions.scope_of(grant),
        "instance_url": str(request.base_url).rstrip("/"),
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued,
    }


def _shaped(request: Request, form: Mapping[str, str], reply: Mapping[str, str]) -> Response:
    accept = request.headers.get("accept", "")
    shape = form.get("format") or (
        "xml"
        if "application/xml" in accept
        else "urlencoded"
        if "x-www-form-urlencoded" in accept
        else "json"
    )
    if shape == "xml":
        inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in reply.items())
        return Response(
            f'<?xml version="1.0" encoding="UTF-8"?><OAuth>{inside}</OAuth>',
            200,
            NO_STORE,
            "application/xml;charset=UTF-8",
        )
    if shape == "urlencoded":
        return Response(urlencode(reply), 200, NO_STORE, "application/x-www-form-urlencoded;charset=UTF-8")
    return Response(orjson.dumps(reply), 200, NO_STORE, "application/json;charset=UTF-8")
