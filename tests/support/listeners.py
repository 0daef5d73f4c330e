"""Servers on this machine that take alerts: a webhook, and a mail server that speaks as much SMTP as a sender
needs."""

import base64
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import BaseServer, StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

USER, PASSWORD = "sync@school.edu", "hunter2@/"


@dataclass
class Hook:
    """What was posted, and the status that is answered."""

    url: str = ""
    status: int = 204
    posted: list[dict[str, Any]] = field(default_factory=list)

    @property
    def alerts(self) -> list[tuple[str, str]]:
        """(alert, state) of everything posted."""
        return [(body["alert"], body["state"]) for body in self.posted]


@contextmanager
def webhook() -> Iterator[Hook]:
    """A webhook on a free loopback port."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if 200 <= hook.status < 300:
                hook.posted.append(json.loads(body))
            self.send_response(hook.status)
            if 300 <= hook.status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server, _served(server):
        hook.url = f"http://127.0.0.1:{server.server_port}/services/hunter2"
        yield hook


@dataclass
class MailBox:
    """What was taken: (sender, receivers, the mail as it came), and over which protection."""

    port: int = 0
    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    protected: list[bool] = field(default_factory=list)
    refused: frozenset[str] = frozenset()


@contextmanager
def mail_server(
    certificate: Path | None = None, key: Path | None = None, *, tls: bool = False, sign_in: bool = False
) -> Iterator[MailBox]:
    """A mail server on a free loopback port: with a certificate it offers STARTTLS (``tls``: speaks TLS from
    the first byte); ``sign_in``: it takes nothing before the client signed in."""
    box = MailBox()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if certificate else None
    if context and certificate:
        context.load_cert_chain(certificate, key)

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            try:
                MailSession(self, box, context, tls, sign_in).serve()
            except (OSError, ssl.SSLError):
                return  # a client that does not like our certificate goes away

    class Server(ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server, _served(server):
        box.port = server.server_address[1]
        yield box


class MailSession:
    """One client of the mail server."""

    def __init__(
        self,
        handler: StreamRequestHandler,
        box: MailBox,
        context: ssl.SSLContext | None,
        tls: bool,
        sign_in: bool,
    ) -> None:
        self.socket, self.box, self.context = handler.connection, box, context
        self.encrypted, self.signed_in = False, not sign_in
        self.sender, self.receivers = "", list[str]()
        if tls:
            self._protect()
        self.lines = self.socket.makefile("rb")

    def serve(self) -> None:
        """Answer until the client quits."""
        self._reply("220 mail")
        while line := self.lines.readline():
            word, _, rest = line.decode().strip().partition(" ")
            if word.upper() == "QUIT":
                self._reply("221 bye")
                break
            self._answer(word.upper(), rest)
        self.lines.close()
        self.socket.close()

    def _answer(self, word: str, rest: str) -> None:
        if word == "EHLO":
            offers = [
                "mail",
                *(["STARTTLS"] if self.context and not self.encrypted else []),
                *([] if self.signed_in else ["AUTH PLAIN"]),
            ]
            self._reply(
                *(f"250{'-' if at < len(offers) - 1 else ' '}{offer}" for at, offer in enumerate(offers))
            )
        elif word == "STARTTLS":
            self._reply("220 go")
            self.lines.close()
            self._protect()
            self.lines = self.socket.makefile("rb")
        elif word == "AUTH":
            given = base64.b64decode(rest.split()[1]).decode().split("\0")[1:]
            self.signed_in = given == [USER, PASSWORD]
            self._reply("235 welcome" if self.signed_in else "535 wrong password hunter2")
        elif word == "MAIL":
            self.sender = rest.partition(":")[2].strip("<>").split(">")[0]
            self._reply("250 ok" if self.signed_in else "530 sign in first")
        elif word == "RCPT":
            receiver = rest.partition(":")[2].strip("<>")
            self._reply("550 nobody of that name" if receiver in self.box.refused else "250 ok")
            self.receivers += [] if receiver in self.box.refused else [receiver]
        elif word == "DATA":
            self._reply("354 go on")
            text = b"".join(iter(self.lines.readline, b".\r\n"))
            self.box.mails.append((self.sender, self.receivers, text))
            self.box.protected.append(self.encrypted)
            self._reply("250 taken")
        else:
            self._reply("250 ok")

    def _protect(self) -> None:
        assert self.context
        self.socket = self.context.wrap_socket(self.socket, server_side=True)
        self.encrypted = True

    def _reply(self, *lines: str) -> None:
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def _served(server: BaseServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
