"""A proxy that leads host names of the compose file to servers of this machine, as the containers' network
does. CONNECT only (RFC 9110, 9.3.6)."""

import socket
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress


class _Tunnel(socketserver.StreamRequestHandler):
    """One connection: led on to where its name belongs, or refused."""

    server: "_Server"

    def handle(self) -> None:
        method, target, _ = self.rfile.readline().decode("ascii").split(" ", 2)
        while self.rfile.readline().strip():
            pass
        port = self.server.ports.get(target) if method == "CONNECT" else None
        if port is None:
            self.wfile.write(b"HTTP/1.1 502 Unknown host\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", port)) as there:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_copy, args=(there, self.connection))
            back.start()
            _copy(self.connection, there)
            back.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):  # either end may leave at any moment
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):  # the other end left already
        sink.shutdown(socket.SHUT_WR)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, ports: Mapping[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.ports = ports


@contextmanager
def names_led_to(ports: Mapping[str, int]) -> Iterator[str]:
    """The address of a proxy that leads each ``host:port`` to a port of this machine, and anything else
    nowhere."""
    with _Server(ports) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
