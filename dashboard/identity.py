"""What is kept of whoever signs in. Streamlit keeps all that the provider says in cookies, with the ID token
beside it: for somebody in a hundred groups of a directory, more than a server takes of a request."""

from typing import Any

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from streamlit.web.server.starlette import starlette_auth_routes as sign_in

USED = ("sub", "email", "email_verified", "iat", "exp")
"""The claims that anything here asks for."""
_STREAMLITS_OWN = ("origin", "is_logged_in", "provider")
MAX_COOKIE_BYTES = 6_000
"""Bytes of a request's cookies; the connection behind a page is refused from 8 kB of all headers on."""
_STREAMLIT_COOKIE_PREFIX = "_streamlit"
_SIGN_IN_AGAIN_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in again</title>
<body style="font-family: sans-serif; max-width: 40rem; margin: 4rem auto">
<h1>Sign in again</h1><p>This browser sends more cookies to this address than the dashboard can take, so that
its pages would stay empty. Those of your sign-in were removed. <a href="{address}">Sign in again</a>; if this
page comes back, remove the cookies of this site in the browser.</p></body></html>"""


def keep_what_is_used() -> None:
    """Patch Streamlit, so that it keeps of an identity only what is `USED`, and no token."""
    allowed, original = (*USED, *_STREAMLITS_OWN), sign_in._set_auth_cookie

    async def store_allowed(response: Response, user: dict[str, Any], _: dict[str, Any]) -> None:
        await original(response, {name: user[name] for name in allowed if name in user}, {})

    vars(sign_in)["_set_auth_cookie"] = store_allowed


def cookie_overflow_response(headers: Headers, path: str) -> Response | None:
    """For a request with more cookies than the page's connection could bear: a page that says so, and signs
    out. ``path`` is that of PUBLIC_URL."""
    sent = headers.get("cookie", "")
    if len(sent) <= MAX_COOKIE_BYTES:
        return None
    page = _SIGN_IN_AGAIN_PAGE.format(address=f"{path}/")
    response = HTMLResponse(page, 431, {"Cache-Control": "no-store"})
    names = {part.partition("=")[0].strip() for part in sent.split(";")}
    for name in (name for name in names if name.startswith(_STREAMLIT_COOKIE_PREFIX)):
        for place in {"/", path or "/"}:
            response.delete_cookie(name, path=place)
    return response
