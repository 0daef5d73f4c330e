"""Runs the app on uvicorn, on loopback or over TLS, with connections that a fault can cut."""

import ipaddress
import signal
import socket

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.faults.player import CUT
from sandbox.tls import TlsFiles


class CuttableProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose calls carry, as a scope extension, the means to close their connection without a
    reply."""

    def on_message_begin(self) -> None:
        """Start a call."""
        super().on_message_begin()
        self.scope["extensions"] = {CUT: {"close": self._cut}}

    def _cut(self) -> None:
        if self.cycle is not None:
            self.cycle.disconnected = True  # else uvicorn would answer 500 for a call that nobody answered
        self.transport.close()


class AnnouncingServer(uvicorn.Server):
    """Prints one line once it listens, so that whoever started it can wait for that."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        print(self._announcement, flush=True)


def listen(host: str, port: int, tls: bool = False) -> socket.socket:
    """A bound socket. Raises ValueError when ``host`` is not loopback, which only ``tls`` may leave, OSError
    when the port is taken. Port 0 takes any free one."""
    address = "127.0.0.1" if host == "localhost" else host
    if not (tls or ipaddress.ip_address(address).is_loopback):
        raise ValueError(f"without --tls the sandbox listens on loopback only, not on {host}")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    return listener


def serve(app: ASGIApp, listener: socket.socket, announcement: str, tls: TlsFiles | None = None) -> None:
    """Answer calls, over TLS where ``tls`` is given, until SIGTERM or Ctrl-C; then stop within a second, open
    connections or not."""
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=CuttableProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=65536,
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(
            number, lambda *_: None
        )  # uvicorn raises the signal again once it has stopped: that must not kill us
    AnnouncingServer(config, announcement).run(sockets=[listener])
