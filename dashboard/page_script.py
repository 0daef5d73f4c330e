"""Puts scripts of our own before those of Streamlit's page: what is said when there is no connection cannot
come by that connection, and what Streamlit draws wrong can be amended nowhere else."""

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPTS = {
    f"/{name.replace('_', '-')}": Path(__file__).with_name(name)
    for name in ("connection_watch.js", "streamlit_amendments.js")
}
"""The file of each script, by its path below that of PUBLIC_URL."""
_BEFORE = b"<head>"
_WHOLE_AND_PLAIN = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
"""Headers of a request for a page that are not passed on, so that all of it comes, and readable."""


class PageScript:
    """Adds the scripts to every page. ``base`` is the path of PUBLIC_URL."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app = app
        self._tags = "".join(f'<script src="{base}{path}"></script>' for path in SCRIPTS).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and change the page that comes back."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return
        kept = [(name, value) for name, value in scope["headers"] if name not in _WHOLE_AND_PLAIN]
        await self._app({**scope, "headers": kept}, receive, self._adding_tags(send))

    def _adding_tags(self, send: Send) -> Send:
        looks = False

        async def send_with_tags(message: Message) -> None:
            nonlocal looks
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                looks = message["status"] == 200 and headers.get("content-type", "").startswith("text/html")
                if looks and "content-length" in headers:
                    # Chunked: whether the tags find their place shows only later.
                    del headers["content-length"]
            elif looks and _BEFORE in message.get("body", b""):
                message = {**message, "body": message["body"].replace(_BEFORE, _BEFORE + self._tags, 1)}
                looks = False
            await send(message)

        return send_with_tags
