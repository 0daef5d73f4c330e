"""A proxy as schools have them: it ends TLS under an authority of its own, looks into what is said, and says
it on; and now and then it drops a connection. CONNECT only (RFC 9110, 9.3.6)."""

import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sandbox.tls import tls_files


class InspectingProxy:
    """``address`` is for HTTPS_PROXY, ``authority`` for REQUESTS_CA_BUNDLE. ``ports`` leads each
    ``host:port`` to a port of this machine. Every ``drop_every``-th connection is dropped in the middle of
    the handshake (0: none); ``dropped`` and ``inspected`` count."""

    def __init__(self, folder: Path, names: Mapping[str, int]) -> None:
        files = tls_files(folder, [name.rpartition(":")[0] for name in names])
        assert files.authority
        self.authority, self.ports, self.address = files.authority, dict(names), ""
        self.drop_every = self.dropped = self.inspected = self._seen = 0
        self.here = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.here.load_cert_chain(files.certificate, files.key)
        self.there = ssl.create_default_context()
        self.there.check_hostname, self.there.verify_mode = False, ssl.CERT_NONE
        self._lock = threading.Lock()

    def drops(self) -> bool:
        """Whether the connection that has just come is to be dropped."""
        with self._lock:
            self._seen += 1
            drop = bool(self.drop_every) and self._seen % self.drop_every == 0
            self.dropped += drop
            self.inspected += not drop
            return drop


class _Tunnel(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        proxy = self.server.proxy
        method, target, _ = self.rfile.readline().decode("ascii").split(" ", 2)
        while self.rfile.readline().strip():
            pass
        port = proxy.ports.get(target) if method == "CONNECT" else None
        if port is None:
            self.wfile.write(b"HTTP/1.1 502 Unknown host\r\n\r\n")
            return
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        if proxy.drops():
            return
        with (
            suppress(OSError),
            proxy.here.wrap_socket(self.connection, server_side=True) as near,
            _reached(proxy, port) as far,
        ):
            _say_on(near, far)


def _reached(proxy: InspectingProxy, port: int) -> socket.socket:
    """A connection to the server behind: over TLS where it speaks that."""
    plain = socket.create_connection(("127.0.0.1", port))
    try:
        return proxy.there.wrap_socket(plain)
    except ssl.SSLError:
        return socket.create_connection(("127.0.0.1", port))


def _say_on(near: ssl.SSLSocket, far: socket.socket) -> None:
    """Say on what either end says, until one of them has ended."""
    ends = {near: far, far: near}
    while True:
        ready = [end for end in ends if isinstance(end, ssl.SSLSocket) and end.pending()]
        for end in ready or select.select(list(ends), [], [])[0]:
            end.settimeout(0.02)
            try:
                data = end.recv(65536)
            except TimeoutError:  # TLS spoke of its own affairs
                continue
            if not data:
                return
            ends[end].settimeout(30)
            ends[end].sendall(data)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, proxy: InspectingProxy) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.proxy = proxy

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust us goes away."""


@contextmanager
def inspecting_proxy(folder: Path, names: Mapping[str, int]) -> Iterator[InspectingProxy]:
    """Such a proxy on a free loopback port, until the end of the block."""
    proxy = InspectingProxy(folder, names)
    with _Server(proxy) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        proxy.address = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()
