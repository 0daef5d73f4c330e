"""Identity, userinfo, introspection and revocation (contracts/salesforce.md A1.6)."""

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox.salesforce.ids import USER_ID
from sandbox.salesforce.oauth.authorize import USERNAME
from sandbox.salesforce.oauth.token import OAuthError, check_client, form_of, identity_url
from sandbox.salesforce.org import Org

JSON = "application/json;charset=UTF-8"
REVOCABLE = ("access_token", "refresh_token")


def _json(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type=JSON)


def _signed_in(org: Org, request: Request) -> bool:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return kind.lower() in ("bearer", "oauth") and org.sessions.use(token.strip())


def _urls(org: Org, request: Request) -> dict[str, str]:
    base = str(request.base_url).rstrip("/")
    rest = f"{base}/services/data/v{{version}}/"
    return {
        "enterprise": f"{base}/services/Soap/c/{{version}}/{org.options.organization[:15]}",
        "rest": rest,
        "sobjects": f"{rest}sobjects/",
        "query": f"{rest}query/",
        "profile": f"{base}/{USER_ID}",
    }


async def identity(org: Org, request: Request) -> Response:
    """``GET /id/{org}/{user}``."""
    if not _signed_in(org, request):
        return PlainTextResponse("Bad_OAuth_Token", 403)
    if (
        request.path_params["org"][:15] != org.options.organization[:15]
        or request.path_params["user"][:15] != USER_ID[:15]
    ):
        return PlainTextResponse("Bad_Id", 403)
    return _json(
        {
            "id": identity_url(org, request),
            "asserted_user": True,
            "user_id": USER_ID,
            "organization_id": org.options.organization,
            "username": USERNAME,
            "nick_name": "integration",
            "display_name": "Element451 Integration",
            "email": USERNAME,
            "email_verified": True,
            "first_name": "Element451",
            "last_name": "Integration",
            "timezone": "America/New_York",
            "photos": {
                "picture": f"{request.base_url}profilephoto/005/F",
                "thumbnail": f"{request.base_url}profilephoto/005/T",
            },
            "active": org.options.user_active,
            "user_type": "STANDARD",
            "language": "en_US",
            "locale": "en_US",
            "utcOffset": -18000000,
            "last_modified_date": org.store.now(),
            "urls": _urls(org, request),
        }
    )


async def userinfo(org: Org, request: Request) -> Response:
    """``GET /services/oauth2/userinfo``."""
    if not _signed_in(org, request):
        return PlainTextResponse("Bad_OAuth_Token", 403)
    return _json(
        {
            "sub": identity_url(org, request),
            "user_id": USER_ID,
            "organization_id": org.options.organization,
            "preferred_username": USERNAME,
            "nickname": "integration",
            "name": "Element451 Integration",
            "email": USERNAME,
            "email_verified": True,
            "given_name": "Element451",
            "family_name": "Integration",
            "zoneinfo": "America/New_York",
            "urls": _urls(org, request),
            "active": org.options.user_active,
            "user_type": "STANDARD",
            "language": "en_US",
            "locale": "en_US",
            "utcOffset": -18000000,
        }
    )


async def introspect(org: Org, request: Request) -> Response:
    """``POST /services/oauth2/introspect``. Raises OAuthError."""
    form = await form_of(request)
    check_client(org, request, form, secret_needed=True)
    found = org.sessions.describe(form.get("token", ""))
    return _json(
        {"active": False}
        if found is None
        else {"active": True, "username": USERNAME, "sub": identity_url(org, request), **found}
    )


async def revoke(org: Org, request: Request) -> Response:
    """``/services/oauth2/revoke``, GET or POST. Raises OAuthError."""
    form = await form_of(request)
    if form.get("token_type_hint", "access_token") not in REVOCABLE:
        raise OAuthError("unsupported_token_type", "this token type is not supported")
    if not org.sessions.revoke(form.get("token", "")):
        raise OAuthError("invalid_token", "invalid token")
    return Response(b"", 200)
