"""What stands before every answer of the dashboard's server: under which names it may be asked, what nobody
may ask, and what browsers may do with the answers."""

import base64
import hashlib
import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncer.core.hosts import is_loopback
from syncer.infra.settings.urls import split

HIDDEN = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
"""Parts of Streamlit's server that nobody here needs: they ask nobody who they are."""
ALIVE = "/healthz"
_WRONG_NAME = (
    "The dashboard does not answer under this name. Open it at PUBLIC_URL, or set PUBLIC_URL to the address"
    " that people use."
)


class Door:
    """Middleware. ``public_url``: the address that people use; besides its name, only this machine's own are
    answered to, so that no other site can borrow a browser by pointing its own name here (DNS rebinding)."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app, self._public = app, urlsplit(public_url)
        self._headers = _headers(self._public.scheme == "https")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it in, or answer in its place."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif (refusal := self._refusal(scope)) is None:
            await self._app(scope, receive, self._with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, self._with_headers(send))

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers, path = Headers(scope=scope), scope["path"]
        if any(hidden in path for hidden in HIDDEN):
            return PlainTextResponse("Not found", 404)
        if path.endswith(ALIVE):
            return None  # whoever watches over the process asks by its number
        host = headers.get("host", "")
        if not self._is_ours(host):
            return PlainTextResponse(_WRONG_NAME, 421)
        origin = headers.get("origin")
        from_elsewhere = origin is not None and urlsplit(origin).netloc not in (host, self._public.netloc)
        if from_elsewhere and (scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")):
            return PlainTextResponse("This came from another site.", 403)
        return None

    def _is_ours(self, host: str) -> bool:
        parts = split(f"//{host}")
        name = (parts.hostname if parts else None) or ""
        return is_loopback(name) or name.rstrip(".") == (self._public.hostname or "")

    def _with_headers(self, send: Send) -> Send:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message))
            await send(message)

        return answer

    def _add(self, headers: MutableHeaders) -> None:
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        if self._public.scheme == "https":
            for at, (field, cookie) in enumerate(headers.raw):
                if field == b"set-cookie" and b"; secure" not in cookie.lower():
                    headers.raw[at] = (field, cookie + b"; Secure")


def _headers(https: bool) -> MutableMapping[str, str]:
    """What Streamlit's pages need, and no more: scripts of their own only, styles that they make themselves,
    nothing from elsewhere."""
    policy: dict[str, str] = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *_inline_scripts()]),
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
    headers: dict[str, Any] = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    return headers | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})


def _inline_scripts() -> list[str]:
    """The hashes of the scripts within Streamlit's own page, as this version of it has them."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    ]
