"""Calls that end: how long a whole call may take, and how large its reply may be once unpacked. requests and
urllib3 bound the time between two bytes and nothing else, so that a reply that trickles, or a few packed
bytes that stand for gigabytes, would hold a run for ever.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.client import HTTPResponse
from time import monotonic
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ReadTimeoutError

from syncer.connectors.retry import TransientFault
from syncer.core.records import System

MEGABYTE = 1024 * 1024
_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class CallLimits:
    """``seconds`` from the request to the last byte of its reply; ``most_bytes`` of a reply, unpacked."""

    seconds: float = 300.0
    most_bytes: int = 64 * MEGABYTE


class CallTooLong(requests.Timeout):
    """The reply was not complete in time."""


class ReplyTooLarge(requests.RequestException):
    """The reply is larger than is read."""


def told(system: System, error: Exception) -> TransientFault | None:
    """The fault for a call that ended by its limits; None for any other ``error``. The system may have acted
    upon the call."""
    if isinstance(error, CallTooLong):
        sentence = (
            f"{system.label} did not finish its answer in time (CALL_SECONDS). It is tried again later."
        )
        return TransientFault(system, sentence, code="CALL_TOO_LONG", max_attempts=_ATTEMPTS)
    if isinstance(error, ReplyTooLarge):
        sentence = f"{system.label} sent an answer that is too large to be read (REPLY_MEGABYTES)."
        return TransientFault(system, sentence, code="REPLY_TOO_LARGE", max_attempts=1)
    return None


class BoundedAdapter(HTTPAdapter):
    """Sends the requests of a session within ``limits``. Besides what requests raises, `CallTooLong` and
    `ReplyTooLarge`."""

    def __init__(self, limits: CallLimits | None = None, **options: Any) -> None:
        self._limits = limits or CallLimits()
        super().__init__(**options)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Of connections that know the deadline."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._limits.seconds)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        """The same by way of a proxy."""
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = _pools(self._limits.seconds)
        return manager

    def send(self, *arguments: Any, **options: Any) -> requests.Response:
        """The reply, whose content is read within the limits, whoever reads it."""
        began = monotonic()
        try:
            response = super().send(*arguments, **options)
        except requests.Timeout as error:
            if self._is_over(began):
                raise CallTooLong(str(error)) from error
            raise
        raw: Any = response.raw
        raw.stream = partial(self._stream, raw, raw.stream, began)  # requests reads the content by it
        return response

    def _stream(
        self, raw: Any, stream: Any, began: float, *arguments: Any, **options: Any
    ) -> Iterator[bytes]:
        size = 0
        try:
            for part in stream(*arguments, **options):
                size += len(part)
                if size > self._limits.most_bytes:
                    raw.close()
                    raise ReplyTooLarge(f"more than {self._limits.most_bytes} bytes")
                yield part
        except ReadTimeoutError as error:
            if self._is_over(began):
                raise CallTooLong(str(error)) from error
            raise

    def _is_over(self, began: float) -> bool:
        return monotonic() - began >= self._limits.seconds


class _Until(io.RawIOBase):
    """The bytes that come in by a socket until a moment: no read of them waits beyond it."""

    def __init__(self, sock: Any, deadline: float) -> None:
        self._socket, self._deadline = sock, deadline
        self._between_bytes: float | None = sock.gettimeout()
        self._raw = sock.makefile("rb", buffering=0)

    def makefile(self, *_: object) -> io.BufferedReader:
        """What `http.client` asks a socket for."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - monotonic()
        if left <= 0:
            raise TimeoutError("the whole call took too long")
        self._socket.settimeout(left if self._between_bytes is None else min(left, self._between_bytes))
        found: int | None = self._raw.readinto(buffer)
        return found

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Reply(HTTPResponse):
    """A reply of which every byte, those of its headers too, comes before ``deadline``."""

    def __init__(self, sock: Any, *arguments: Any, deadline: float, **options: Any) -> None:
        super().__init__(_Until(sock, deadline), *arguments, **options)  # type: ignore[arg-type]  # it asks for `makefile` alone


class _Bounded:
    """A connection that gives each call so many ``seconds``; those of a proxy's answer count on their own."""

    seconds: float

    def connect(self) -> None:
        self._begin()
        super().connect()  # type: ignore[misc]  # mixed into a connection

    def request(self, *arguments: Any, **options: Any) -> None:
        self._begin()
        super().request(*arguments, **options)  # type: ignore[misc]  # mixed into a connection

    def _begin(self) -> None:
        self.response_class = partial(_Reply, deadline=monotonic() + self.seconds)


def _pools(seconds: float) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools, of connections that give each call so many seconds."""
    bound = {"seconds": seconds}
    plain = type("Connection", (_Bounded, HTTPConnection), bound)
    secure = type("SecureConnection", (_Bounded, HTTPSConnection), bound)
    return {
        "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }
