"""What every call passes before it is handled: credentials, rate limit, method, content type, size, JSON."""

from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.element451.api import words
from sandbox.element451.api.refusal import Refusal, bad
from sandbox.element451.options import Element451Options
from sandbox.world import World

Handler = Callable[[Any, Request], tuple[int, Any]]
"""Takes the JSON body (None of a GET) and the request; gives status and answer. Raises Refusal."""

_ALL = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]


class Endpoints:
    """The account's addresses. Calls are counted by the minute of the world's clock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._minute = self._calls = 0

    def reset(self) -> None:
        """Count from zero again."""
        self._minute = self._calls = 0

    def route(self, path: str, operation: str, method: str | None, handler: Handler) -> Route:
        """A guarded route; the counters know its calls as ``operation``. Without ``method`` any will do."""

        async def answer(request: Request) -> Response:
            self._world.counters.call("element451", operation)
            try:
                self._check_credentials(request)
                self._check_rate()
                if method and request.method != method:
                    raise Refusal(
                        405, f"{request.method} is not allowed here, only {method}.", {"Allow": method}
                    )
                body = await self._body(request) if method == "POST" else None
                status, content = handler(body, request)
            except Refusal as refusal:
                return self._json(refusal.status, {"message": refusal.message}, refusal.headers)
            return self._json(status, content)

        return Route(path, answer, methods=_ALL)

    @property
    def _other_words(self) -> bool:
        return self._world.options.of(Element451Options).element451_words == "other"

    def _json(self, status: int, content: Any, headers: dict[str, str] | None = None) -> Response:
        raw = orjson.dumps(content)
        answer = words.write(raw) if self._other_words else raw
        return Response(answer, status, headers, media_type="application/json")

    def not_found(self, path: str) -> Route:
        """The route of every other address: 404."""

        def refuse(_body: Any, request: Request) -> tuple[int, Any]:
            raise Refusal(404, f"There is nothing at {request.url.path}.")

        return self.route(path, "unknown", None, refuse)

    def _check_credentials(self, request: Request) -> None:
        options = self._world.options.of(Element451Options)
        status = options.element451_wrong_token
        if request.headers.get("feature") != options.element451_feature_token:
            raise Refusal(status, "The Feature header is missing or its token is wrong.")
        given, key = request.headers.get("authorization"), options.element451_api_key
        if key and given is None:
            raise Refusal(status, "The Authorization header is missing.")
        if given is not None and given != f"Bearer E451.{key}":
            raise Refusal(status, "The API key is wrong.")

    def _check_rate(self) -> None:
        options = self._world.options.of(Element451Options)
        now = int(self._world.clock.now().timestamp())
        minute, passed = divmod(now, 60)
        if minute != self._minute:
            self._minute, self._calls = minute, 0
        self._calls += 1
        if 0 < options.element451_calls_per_minute < self._calls:
            raise Refusal(
                429,
                "Too many requests.",
                {"Retry-After": str(60 - passed)} if options.element451_retry_after else {},
            )

    async def _body(self, request: Request) -> Any:
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind != "application/json":
            raise bad("The Content-Type must be application/json.")
        raw = await request.body()
        if self._other_words:
            raw = words.read(raw)
        most = self._world.options.of(Element451Options).element451_most_bytes
        if len(raw) > most:
            raise Refusal(413, f"The body is larger than {most} bytes.")
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise bad(f"The body is not JSON: {error}.") from None
