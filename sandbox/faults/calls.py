"""What a rule can know of a call: its system, its address, its body, and whether it reads or writes."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal

import orjson

Kind = Literal["read", "write", "sign_in"]
KINDS: tuple[Kind, ...] = ("read", "write", "sign_in")
SYSTEMS = ("salesforce", "element451")
_COLLECTIONS = "/composite/sobjects"


def system_of(path: str) -> str:
    """Which system a path belongs to: ``salesforce``, ``element451``, or nothing (the controls)."""
    if path.startswith("/v2/"):
        return "element451"
    return "" if path.startswith("/_sandbox") else "salesforce"


@dataclass(frozen=True)
class Seen:
    """One call. ``path`` includes the query; ``body`` is unpacked."""

    system: str
    method: str
    path: str
    body: bytes = b""

    @cached_property
    def kind(self) -> Kind:
        """Whether it reads or writes records, or signs in. A composite call that writes anything is a
        write."""
        if self.system == "element451":
            return "write" if self.path.partition("?")[0].endswith("/import") else "read"
        if not self.path.startswith("/services/data"):
            return "sign_in"
        return "write" if _writes(self.method, self.path.partition("?")[0].rstrip("/"), self.body) else "read"

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def digest(self) -> bytes:
        """What a repeated call has in common with its first try."""
        return sha256(b"\0".join((self.method.encode(), self.path.encode(), self.body))).digest()


def _writes(method: str, path: str, body: bytes) -> bool:
    if method in ("GET", "HEAD"):
        return False
    if path.endswith(("/composite", "/composite/batch")):
        return any(
            _writes(str(part.get("method", "GET")).upper(), str(part.get("url", "")).partition("?")[0], b"")
            for part in _parts(body)
        )
    _, collections, rest = path.partition(_COLLECTIONS)
    retrieves = bool(collections) and rest.count("/") == 1
    return not (method == "POST" and retrieves)


def _parts(body: bytes) -> list[dict[str, Any]]:
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    parts = given.get("compositeRequest", given.get("batchRequests")) if isinstance(given, dict) else None
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
