"""Checks that run before every answer of the dashboard's server, and the security headers of the answers."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import browser, identity
from syncer.core.hosts import is_loopback
from syncer.infra.settings.urls import split

BLOCKED_PATHS = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
"""Endpoints of Streamlit's server that need no sign-in and that nothing here uses."""
HEALTH_PATH = "/healthz"
_SAFE_METHODS = ("GET", "HEAD")
_WRONG_HOST = (
    "The dashboard does not answer under this name. Open it at PUBLIC_URL, or set PUBLIC_URL to the address"
    " that people use."
)


class SecurityMiddleware:
    """Answers only requests for a known host that do not come from another site, and adds security headers.

    ``public_url`` is the address that people use. Besides its host, only names of this machine are accepted:
    otherwise another site could point its own name here and use a visitor's browser (DNS rebinding).
    ``asked_by_any_name`` are the ends of paths that guard themselves. Starlette's TrustedHostMiddleware does
    not know every loopback address, exempts no health check, and cannot say which setting to change.
    """

    def __init__(self, app: ASGIApp, public_url: str, asked_by_any_name: Sequence[str] = ()) -> None:
        self._app, self._asked_by_any_name = app, (HEALTH_PATH, *asked_by_any_name)
        self._public = urlsplit(public_url)
        self._https = self._public.scheme == "https"
        self._headers = _security_headers(self._https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, self._adding_headers(scope, send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, self._adding_headers(scope, send))

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that is not passed on; None for one that is."""
        path = scope["path"]
        if any(blocked in path for blocked in BLOCKED_PATHS):
            return PlainTextResponse("Not found", 404)
        if path.endswith(self._asked_by_any_name):
            return None  # monitors ask by IP address
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_known_host(host):
            return PlainTextResponse(_WRONG_HOST, 421)
        origin = headers.get("origin")
        cross_origin = origin is not None and urlsplit(origin).netloc not in (host, self._public.netloc)
        if cross_origin and (scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS):
            return PlainTextResponse("This came from another site.", 403)
        return identity.cookie_overflow_response(headers, self._public.path)

    def _is_known_host(self, host: str) -> bool:
        parts = split(f"//{host}")
        name = (parts.hostname if parts else None) or ""
        return is_loopback(name) or name.rstrip(".") == (self._public.hostname or "")

    def _adding_headers(self, scope: Scope, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if message["status"] == 200:
                    browser.give(Headers(scope=scope), headers, self._public.path)
                self.add_headers(headers)
            await send(message)

        return send_with_headers

    def add_headers(self, headers: MutableHeaders) -> None:
        """Add the security headers to an answer's; where the dashboard is served by https, mark its cookies
        as secure."""
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        if not self._https:
            return
        for index, (name_bytes, value_bytes) in enumerate(headers.raw):
            if name_bytes == b"set-cookie" and b"; secure" not in value_bytes.lower():
                headers.raw[index] = (name_bytes, value_bytes + b"; Secure")


def _security_headers(https: bool) -> Mapping[str, str]:
    """The headers that Streamlit's pages can live with: only their own scripts, inline styles, nothing from
    other sites."""
    policy = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *_inline_script_hashes()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "frame-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def _inline_script_hashes() -> list[str]:
    """The hashes of the inline scripts in the page of the installed Streamlit."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
