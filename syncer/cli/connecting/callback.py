"""A small HTTP listener on the callback's address, for a sign-in from the command line while no dashboard
runs there."""

import socket
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

from syncer.connections.connections import Connections
from syncer.connectors.errors import Fault
from syncer.core.hosts import is_loopback
from syncer.infra.settings.environment import BadSettings, Settings

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}}</style>
<h1>{title}</h1>
<p>{text}</p></html>"""


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits until the browser has its page

    def __init__(self, host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a browser that went away."""


class Callback:
    """Listens for the browser's return and completes the sign-in; `Connections.sign_in_outcome` then tells
    the outcome."""

    def __init__(self, servers: list[_Server]) -> None:
        self._servers = servers
        self._threads = [
            threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True) for server in servers
        ]

    @classmethod
    def listening(cls, settings: Settings, connections: Connections) -> "Callback | None":
        """A listener on PUBLIC_URL; None where that is not this machine, needs TLS, or is taken (by the
        dashboard, which answers there itself)."""
        parts = urlsplit(settings.public_url)
        if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
            return None
        handler = _handler(urlsplit(settings.callback_url).path, settings.public_url, connections)
        hosts = ["127.0.0.1", "::1"] if parts.hostname == "localhost" else [parts.hostname or ""]
        servers: list[_Server] = []
        for host in hosts:
            try:
                servers.append(_Server(host, parts.port or 80, handler))
            except OSError:
                if not servers:
                    return None  # taken; of localhost's two addresses, the second may be missing
        return cls(servers)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()


def _handler(path: str, public_url: str, connections: Connections) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 2  # browsers open connections in advance, and send nothing on them

        def do_GET(self) -> None:
            if urlsplit(self.path).path != path:
                self._answer(
                    404, "Nothing here", "This address only awaits the browser's return from Salesforce."
                )
                return
            try:
                connections.finish_salesforce(
                    f"{public_url.removesuffix(urlsplit(public_url).path)}{self.path}"
                )
            except (Fault, BadSettings) as error:
                self._answer(400, "Not connected", str(error))
            except Exception:  # the person at the browser has to learn of it
                self._answer(
                    500, "Not connected", "Something went wrong that should not. The command line says more."
                )
            else:
                self._answer(200, "Salesforce is connected", "You can close this page.")

        def log_message(self, format: str, *args: Any) -> None:
            """Log nothing: the address contains the sign-in's code."""

        def _answer(self, status: int, title: str, text: str) -> None:
            body = _PAGE.format(title=escape(title), text=escape(text)).encode()
            self.send_response(status)
            for name, value in (
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("Referrer-Policy", "no-referrer"),
                (
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
                ),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler
