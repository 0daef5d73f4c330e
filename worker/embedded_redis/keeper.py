"""Runs the embedded Redis server and starts it again when it dies, as long as any process uses it (see
`worker.embedded_redis.server`)."""

import os
import secrets
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import quote

import orjson

from worker.processes.os_locks import FileLock, tied_to_us

LONGEST_SOCKET_PATH = 103
"""Bytes; sun_path holds 104 on macOS and 108 on Linux, with a zero at the end (unix(7))."""
_QUICK_DEATH, _GIVE_UP_AFTER = 1.0, 5
_STOP_SECONDS = 10


class Keeper:
    """Keeps the server of one folder. Must be used from the main thread: it handles signals, and the server
    is tied to it."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program, self._folder = program, folder
        self._kept = FileLock(folder / "keeper")
        self._server: subprocess.Popen[bytes] | None = None
        self._leaving = False

    def run(self) -> int:
        """Keep the server until nobody uses it, or SIGTERM. Where another keeper is at work, wait for its end
        first.

        Returns the exit code: 0, or 1 where the server does not start.
        """
        self._kept.take()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._leave)
        signal.signal(signal.SIGALRM, self._kill)
        (self._folder / "server.log").unlink(missing_ok=True)
        threading.Thread(target=self._until_unused, daemon=True).start()
        deaths = 0
        while not self._leaving and deaths < _GIVE_UP_AFTER:
            began = time.monotonic()
            self._server = self._start()
            if self._leaving:
                self._leave()
            self._server.wait()
            deaths = deaths + 1 if time.monotonic() - began < _QUICK_DEATH else 0
        (self._folder / "server.json").unlink(missing_ok=True)
        return 0 if self._leaving else 1

    def _until_unused(self) -> None:
        FileLock(self._folder / "users").take()
        os.kill(os.getpid(), signal.SIGTERM)

    def _leave(self, *_: object) -> None:
        self._leaving = True
        signal.alarm(_STOP_SECONDS)
        if self._server:
            self._server.terminate()

    def _kill(self, *_: object) -> None:
        if self._server:
            self._server.kill()

    def _start(self) -> "subprocess.Popen[bytes]":
        """Start the server. It holds the keeper's lock too, so that no other one ever works on its files."""
        lines = [
            f"dir {_quoted(self._folder)}",
            f"logfile {_quoted(self._folder / 'server.log')}",
            "loglevel warning",
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            *self._listen(),
        ]
        server = subprocess.Popen(
            [self._program, "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[self._kept.descriptor()],
            # SIGKILL, so that it ends at once: what the server has confirmed is in its file already.
            preexec_fn=tied_to_us(signal.SIGKILL),
        )
        if server.stdin:
            server.stdin.write("\n".join([*lines, ""]).encode())
            server.stdin.close()
        return server

    def _listen(self) -> list[str]:
        """Where the server listens: a socket that only our user may open, or, where its path is too long, a
        loopback port with a password."""
        path = self._folder / "redis.sock"
        if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
            self._announce(f"unix://{quote(os.fsencode(path))}")
            return ["port 0", f"unixsocket {_quoted(path)}", "unixsocketperm 700"]
        port, password = self._port(), self._password()
        self._announce(f"redis://127.0.0.1:{port}")
        return ["bind 127.0.0.1", f"port {port}", f"requirepass {password}"]

    def _announce(self, url: str) -> None:
        _write(self._folder / "server.json", orjson.dumps({"url": url, "keeper": os.getpid()}))

    def _port(self) -> int:
        """The port of the server before, so that its clients find this one, or a free one."""
        try:
            before = int(orjson.loads((self._folder / "server.json").read_bytes())["url"].rpartition(":")[2])
            with socket.create_server(("127.0.0.1", before)):
                return before
        except (OSError, ValueError, KeyError):
            with socket.create_server(("127.0.0.1", 0)) as listener:
                found: int = listener.getsockname()[1]
                return found

    def _password(self) -> str:
        path = self._folder / "password"
        if not path.is_file():
            _write(path, secrets.token_urlsafe(32).encode())
        return path.read_text().strip()


def _quoted(path: Path) -> str:
    """A path as Redis's configuration writes it: between quotation marks, other signs as ``\\xHH``."""
    plain = frozenset(range(0x20, 0x7F)) - frozenset(b'"\\')
    signs = (chr(sign) if sign in plain else f"\\x{sign:02x}" for sign in os.fsencode(path))
    return f'"{"".join(signs)}"'


def _write(path: Path, content: bytes) -> None:
    """Replace a file at once by one that only our own user may read."""
    draft = path.with_suffix(".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
