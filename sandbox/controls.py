"""Controls of both systems under ``/_sandbox``: JSON in and out, no sign-in, loopback only."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox.world import World

Handler = Callable[[Request], Awaitable[Response]]
LINES = 500
Rows = Callable[
    [str], Iterator[Mapping[str, object]]
]  # object name -> every row, deleted ones too; KeyError for an unknown object


@dataclass(frozen=True)
class Size:
    """How large a school is. ``in_step``: a dull one for measuring, everybody paired and equal on both
    sides."""

    contacts: int = 0
    conversations: int = 0
    seed: int = 1
    in_step: bool = False


def guarded(handler: Handler) -> Handler:
    """Answer 400 with the reason when a control was used wrongly (ValueError, TypeError, KeyError)."""

    async def wrapped(request: Request) -> Response:
        try:
            return await handler(request)
        except (ValueError, TypeError, KeyError) as error:
            reason = error.args[0] if error.args else error
            return JSONResponse({"error": str(reason)}, 400)

    return wrapped


async def body_of(request: Request) -> dict[str, Any]:
    """The JSON object sent, {} for an empty body. Raises ValueError for anything else."""
    raw = await request.body()
    body = orjson.loads(raw) if raw.strip() else {}
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body


def json(content: object) -> Response:
    """A JSON reply."""
    return Response(orjson.dumps(content), media_type="application/json")


async def _lines(rows: Iterator[Mapping[str, object]]) -> AsyncIterator[bytes]:
    """The rows as a JSON list, some hundreds at a time; made in the server's own thread, where the database
    lives."""
    separator = b"["
    while some := list(islice(rows, LINES)):
        yield separator + b",".join(map(orjson.dumps, some))
        separator = b","
    yield b"]" if separator == b"," else b"[]"


def _only(names: str, rows: Iterator[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    """The rows with the fields that were asked for; all fields when none was."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    return ({name: row.get(name) for name in wanted} for row in rows) if wanted else rows


class WorldControls:
    """The controls of the world itself.

    ``fill`` makes a school of a size, ``size`` is the one that reset returns to, ``rows`` reads each system's
    rows.
    """

    def __init__(
        self, world: World, fill: Callable[[Size], None], size: Size, rows: Mapping[str, Rows]
    ) -> None:
        self._world, self._fill, self._size, self._rows = world, fill, size, rows

    def routes(self) -> list[Route]:
        """Their addresses."""
        table: list[tuple[str, Handler, list[str]]] = [
            ("reset", self._reset, ["POST"]),
            ("clock", self._clock, ["GET", "POST"]),
            ("options", self._options, ["GET", "POST"]),
            ("faults", self._faults, ["GET", "POST", "DELETE"]),
            ("counters", self._counters, ["GET"]),
            ("counters/reset", self._reset_counters, ["POST"]),
            ("journal", self._journal, ["GET"]),
            ("records", self._records, ["GET"]),
        ]
        return [
            Route(f"/_sandbox/{path}", guarded(handler), methods=methods) for path, handler, methods in table
        ]

    async def _reset(self, request: Request) -> Response:
        given = await body_of(request)
        now = given.pop("now", None)
        new = Size(**{**asdict(self._size), **given})
        self._world.reset()
        if now:
            self._world.clock.set(datetime.fromisoformat(now))
        self._fill(new)
        return json(asdict(new))

    async def _clock(self, request: Request) -> Response:
        given = await body_of(request) if request.method == "POST" else {}
        if unknown := set(given) - {"now", "advance"}:
            raise ValueError(f"the clock takes now or advance, not {', '.join(sorted(unknown))}")
        if "now" in given:
            self._world.clock.set(datetime.fromisoformat(given["now"]))
        if "advance" in given:
            self._world.clock.advance(given["advance"])
        return json({"now": self._world.clock.now().isoformat()})

    async def _options(self, request: Request) -> Response:
        if request.method == "POST":
            self._world.options.set(await body_of(request))
        return json(self._world.options.as_json())

    async def _faults(self, request: Request) -> Response:
        if request.method == "POST":
            self._world.faults.add(await body_of(request))
        elif request.method == "DELETE":
            self._world.faults.clear(request.query_params.get("name", ""))
        return json(self._world.faults.rules)

    async def _counters(self, request: Request) -> Response:
        return json(self._world.counters.as_json())

    async def _reset_counters(self, request: Request) -> Response:
        self._world.counters.reset()
        return json(self._world.counters.as_json())

    async def _journal(self, request: Request) -> Response:
        asked = request.query_params
        lines = self._world.journal.after(int(asked.get("after", 0)), int(asked.get("limit", 10_000)))
        return json(list(lines))

    async def _records(self, request: Request) -> Response:
        read = self._rows.get(request.query_params.get("system", "salesforce"))
        if read is None:
            raise ValueError(f"system is one of {', '.join(self._rows)}")
        found = read(request.query_params.get("object", ""))
        return StreamingResponse(
            _lines(_only(request.query_params.get("fields", ""), found)), media_type="application/json"
        )
