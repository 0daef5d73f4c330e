"""A tiny server on loopback that answers as a test tells it, for replies that no well-behaved account
gives."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any

import orjson

from syncer.connectors.element451 import Element451Client
from syncer.connectors.retry import RetryPolicy


@dataclass(frozen=True)
class Asked:
    """A request as the server got it."""

    method: str
    path: str  # with the query, without /v2/
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Says:
    """A reply. ``content`` becomes JSON unless it is bytes; a status of 0 cuts the connection instead."""

    content: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    date: bool = True


Answer = Callable[[Asked], Says]
KEY = "user-identities-salesforceid"
IMPORT = "users/import"


class Server(ThreadingHTTPServer):
    """Answers with ``answer``; keeps what it was asked."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.asked: list[Asked] = []
        self.heard = Condition()

    @property
    def url(self) -> str:
        """The address of the API."""
        return f"http://127.0.0.1:{self.server_address[1]}/v2"

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [asked.path for asked in self.asked]

    def wait_for(self, path: str, times: int) -> None:
        """Wait until ``path`` was asked for ``times`` times."""
        with self.heard:
            assert self.heard.wait_for(lambda: self.paths().count(path) >= times, timeout=30)

    def client(
        self,
        *,
        api_key: str | None = None,
        max_attempts: int = 3,
        max_delay: float = 60.0,
        sleep: Callable[[float], None] = lambda seconds: None,
        **more: Any,
    ) -> Element451Client:
        """A client of this server that never really waits."""
        retry = RetryPolicy(max_attempts=max_attempts, max_delay=max_delay, sleep=sleep)
        return Element451Client(self.url, "token", api_key, retry=retry, **more)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(
            self.command,
            self.path.removeprefix("/v2/"),
            dict(self.headers),
            orjson.loads(raw) if raw else None,
        )
        with self.server.heard:
            self.server.asked.append(asked)
            self.server.heard.notify_all()
        says = self.server.answer(asked)
        if not says.status:
            self.close_connection = True
            return
        content = says.content if isinstance(says.content, bytes) else orjson.dumps(says.content)
        self.send_response_only(says.status)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(content)), **says.headers}
        if says.date:
            headers.setdefault("Date", self.date_time_string())
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def answering(answer: Answer) -> Iterator[Server]:
    """A server that answers with ``answer`` until the block ends."""
    with Server(answer) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def in_turn(*replies: Says) -> Answer:
    """Answer with each reply once, then with the last one for ever."""
    waiting = list(replies)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def rows(*found: dict[str, Any], last: str | None = None) -> Says:
    """A page of an export or a search."""
    return Says({"data": list(found), "meta": {} if last is None else {"next_last_id": last}})


def imported(
    *, created: list[str] | None = None, updated: list[str] | None = None, warnings: list[Any] | None = None
) -> Says:
    """The answer to an import."""
    result = {"created": created or [], "updated": updated or []}
    stats = {name: len(ids) for name, ids in result.items()}
    return Says({"data": {"stats": stats, "error": None, "warnings": warnings or [], "result": result}}, 201)


def element_id(number: int) -> str:
    """The ``number``th Element ID."""
    return f"{number:024x}"


def sent_rows(asked: Asked) -> list[dict[str, Any]]:
    """The rows of an import, by slug."""
    item = asked.body["item"]
    slugs = {str(number): column["slug"] for number, column in enumerate(item["template"]["columns"])}
    return [{slugs[cell]: value for cell, value in row.items()} for row in item["items"]]


def imports(server: Server) -> list[Asked]:
    return [asked for asked in server.asked if asked.path == IMPORT]


class Contacts:
    """Contacts by Element ID, imported and exported as the contract says."""

    def __init__(self, **there: str) -> None:
        self.keys = {element_id(int(number.removeprefix("n"))): key for number, key in there.items()}

    def __call__(self, asked: Asked) -> Says:
        if asked.path == IMPORT:
            return self.take(asked)
        item = asked.body["item"]
        wanted = item["segment"]["users"]["filters"]["value"] if "segment" in item else []
        ids = [id for id in sorted(self.keys) if id in item.get("users", []) or self.keys[id] in wanted]
        return rows(*({"user-elementid": id, KEY: self.keys[id]} for id in ids))

    def take(self, asked: Asked) -> Says:
        made, met = [], []
        for row in sent_rows(asked):
            known = [id for id, key in self.keys.items() if key == row[KEY]]
            met += known
            if not known:
                made.append(element_id(1000 + len(self.keys)))
                self.keys[made[-1]] = row[KEY]
        return imported(created=made[::-1], updated=met)


def echo(asked: Asked) -> Says:
    """Update everything that is asked for."""
    return imported(updated=[row["user-elementid"] for row in sent_rows(asked)])
