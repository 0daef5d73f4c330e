"""What somebody reads who could not sign in because the issuer was not reached: why, and which setting to
look at. Streamlit's own answer is “Authentication error”, or the page to sign in once more, and nothing
else."""

from collections.abc import Awaitable, Callable
from html import escape
from typing import Any

import structlog
from requests.utils import get_environ_proxies
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from streamlit.web.server.starlette import starlette_auth_routes as sign_in

from syncer.connectors import network

_ISSUER = "The sign-in's issuer (LOGIN_ISSUER)"
_SAID = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Not signed in</title>
<body style="font-family: sans-serif; max-width: 40rem; margin: 4rem auto">
<h1>You could not be signed in</h1><p>{sentence}</p><p>Whoever runs this installation can put it right.
<a href="{address}/">Try again</a></p></body></html>"""
_log = structlog.get_logger(__name__)
_Answer = Callable[[Request, str], Awaitable[Response]]


class _Client:
    """Authlib's client of ``issuer``, which keeps with the request why it was not reached."""

    def __init__(self, client: Any, issuer: str) -> None:
        self._client, self._issuer = client, issuer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def authorize_redirect(self, request: Request, *arguments: Any) -> Any:
        """Lead the browser to the issuer."""
        return await self._telling(self._client.authorize_redirect(request, *arguments), request)

    async def authorize_access_token(self, request: Request) -> Any:
        """Ask the issuer who came back."""
        return await self._telling(self._client.authorize_access_token(request), request)

    async def _telling(self, call: Awaitable[Any], request: Request) -> Any:
        try:
            return await call
        except Exception as error:  # raised again; those of httpx, which the sign-in brings along, are told
            kinds = {kind.__name__ for kind in type(error).__mro__}
            if "TransportError" not in kinds:
                raise
            cause = network.cause_of(error)
            if cause == network.NETWORK and "ConnectError" in kinds and get_environ_proxies(self._issuer):
                cause = network.PROXY  # it is the only one that was called
            request.state.not_reached = network.sentence(cause, _ISSUER)
            raise


def say_why(issuer: str) -> None:
    """From now on, let Streamlit's routes say why the ``issuer``, an address, was not reached."""
    routes, create = vars(sign_in), sign_in._create_oauth_client

    def telling_client(provider: str) -> tuple[Any, str]:
        client, address = create(provider)
        return _Client(client, issuer), address

    def answering(answer: _Answer) -> _Answer:
        async def answer_or_say(request: Request, base: str) -> Response:
            response = await answer(request, base)
            sentence = getattr(request.state, "not_reached", "")
            return _page(sentence, base, response) if sentence else response

        return answer_or_say

    routes["_create_oauth_client"] = telling_client
    for name in ("_auth_login", "_auth_callback"):
        routes[name] = answering(routes[name])


def _page(sentence: str, base: str, instead_of: Response) -> Response:
    """The page that says so; it takes away the cookies that Streamlit would have taken away."""
    _log.warning("nobody can sign in", reason=sentence)
    place = f"/{base.strip('/')}".rstrip("/")
    said = HTMLResponse(
        _SAID.format(sentence=escape(sentence), address=place), 502, {"Cache-Control": "no-store"}
    )
    said.raw_headers += [(name, value) for name, value in instead_of.raw_headers if name == b"set-cookie"]
    return said
