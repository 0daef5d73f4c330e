"""A server that answers as a test says: for what no honest imitation of Salesforce would do. And a store of
tokens in a file."""

import base64
import fcntl
import gzip
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from syncer.connectors.errors import ReconnectNeeded
from syncer.connectors.salesforce.oauth import Tokens
from syncer.core.records import System

ORG, USER = "00Dxx0000001gPLEAY", "005xx000001SwiUAAS"
SECRET = "a-secret"
HTML = "<html><body>We are down for maintenance.</body></html>"
EXPIRED = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        """The body, unpacked and decoded."""
        return json.loads(
            gzip.decompress(self.raw) if self.headers.get("content-encoding") == "gzip" else self.raw
        )

    @property
    def form(self) -> dict[str, str]:
        """The body's form fields."""
        return {key: values[0] for key, values in parse_qs(self.raw.decode()).items()}

    @property
    def token(self) -> str:
        """The Bearer token that came along."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")


@dataclass
class Reply:
    """What to answer: JSON, unless it is text. ``cut`` closes the connection without a word."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


class Scripted(ThreadingHTTPServer):
    """``script`` answers each request; ``asked`` holds them all."""

    daemon_threads = True

    def __init__(self, script: Callable[[Asked], Reply]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script, self.asked = script, list[Asked]()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    def paths(self, part: str = "") -> list[str]:
        """The paths asked for that hold ``part``."""
        return [asked.path for asked in self.asked if part in asked.path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Scripted

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        asked = Asked(
            self.command, parts.path, query, {key.lower(): value for key, value in self.headers.items()}, raw
        )
        self.server.asked.append(asked)
        reply = self.server.script(asked)
        if reply.cut:
            self.close_connection = True
            return
        text = isinstance(reply.body, str)
        body = (
            b""
            if reply.body is None
            else str(reply.body).encode()
            if text
            else json.dumps(reply.body).encode()
        )
        self.send_response_only(reply.status)
        self.send_header(
            "Content-Type", "text/html" if text or not body else "application/json;charset=UTF-8"
        )
        self.send_header("Content-Length", str(len(body)))
        for name, value in {"Date": self.date_time_string(), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def scripted(script: Callable[[Asked], Reply]) -> Iterator[Scripted]:
    """Run the script on a free port of this machine until the block ends."""
    server = Scripted(script)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def token_reply(
    address: str,
    access: str = "00Dxx!first",
    refresh: str | None = "refresh-1",
    *,
    instance: str | None = None,
    **changes: Any,
) -> Reply:
    """A token reply as Salesforce signs it (contracts/salesforce.md A1.3)."""
    identity, issued = f"{address}/id/{ORG}/{USER}", "1278448384422"
    signature = base64.b64encode(
        hmac.new(SECRET.encode(), (identity + issued).encode(), hashlib.sha256).digest()
    ).decode()
    body = {
        "access_token": access,
        "signature": signature,
        "scope": "refresh_token api",
        "instance_url": instance or address,
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued,
        **({"refresh_token": refresh} if refresh else {}),
        **changes,
    }
    return Reply({key: value for key, value in body.items() if value is not None})


def refused(error: str, description: str, status: int = 400) -> Reply:
    """A refusal of the token address (contracts/salesforce.md A1.4)."""
    return Reply({"error": error, "error_description": description}, status)


def some_tokens(address: str, access: str = "00Dxx!first", refresh: str = "refresh-1") -> Tokens:
    return Tokens(
        access,
        refresh,
        address,
        f"{address}/id/{ORG}/{USER}",
        "refresh_token api",
        "1278448384422",
        ORG,
        USER,
        "sync@school.edu",
    )


class FileStore:
    """Keeps tokens in a file, locked across processes. ``saved`` lists what this instance saved."""

    def __init__(self, path: Path, tokens: Tokens | None = None) -> None:
        self.path, self.saved, self.sentence = path, list[Tokens](), ""
        if tokens is not None:
            self._write(tokens)

    @contextmanager
    def lock(self) -> Iterator[None]:
        with self.path.with_suffix(".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def load(self) -> Tokens:
        if self.sentence:
            raise ReconnectNeeded(System.SALESFORCE, self.sentence)
        return Tokens(**json.loads(self.path.read_text()))

    def save(self, tokens: Tokens) -> None:
        self._write(tokens)
        self.saved.append(tokens)

    def mark_reconnect_needed(self, sentence: str) -> None:
        self.sentence = sentence

    def _write(self, tokens: Tokens) -> None:
        self.path.write_text(json.dumps(asdict(tokens)))
