"""The REST API's frame: calls, replies, and the table that finds a handler for an address. Composite calls go
through the same table."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from sandbox.salesforce.errors import SalesforceError, not_found
from sandbox.salesforce.org import NEWEST, OLDEST, Org

LONGEST_ADDRESS = 16_384  # bytes
ADDRESS = re.compile(r"/services/data/v(\d+)\.0(?:/([^?]*))?(?:\?(.*))?", re.DOTALL)


@dataclass
class Call:
    """One call of the REST API. ``parts`` is the address below the version, decoded piece by piece; ``body``
    the parsed JSON (None if empty)."""

    org: Org
    method: str
    version: int
    parts: list[str]
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    instance_url: str
    session: str = ""  # the access token
    inner: bool = False  # a subrequest of a composite call
    raw: bytes | None = None  # a file of CSV

    @property
    def base(self) -> str:
        """The address of this version."""
        return f"/services/data/v{self.version}.0"

    @property
    def allows_duplicates(self) -> bool:
        """Whether records are to be saved although a rule of the kind "allow" takes them for duplicates."""
        return "allowsave=true" in self.headers.get("sforce-duplicate-rule-header", "").lower().replace(
            " ", ""
        )

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object. Raises SalesforceError."""
        if self.body is None:
            raise SalesforceError(
                400,
                "JSON_PARSER_ERROR",
                "The HTTP entity body is required, but this request has no entity body.",
            )
        if not isinstance(self.body, dict):
            raise SalesforceError(
                400, "JSON_PARSER_ERROR", "Can not deserialize a JSON object out of this body"
            )
        return self.body


@dataclass
class Reply:
    """What a call is answered with; ``body`` None means an empty one. ``text`` is CSV in place of JSON."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None


Handler = Callable[[Call], Reply]


class Table:
    """Handlers by address and method. An address is pieces between slashes; ``*`` matches any piece."""

    def __init__(self) -> None:
        self._rows: list[tuple[list[str], dict[str, tuple[str, Handler]]]] = []

    def add(self, address: str, operation: str, **handlers: Handler) -> None:
        """Serve ``address`` with a handler per method (in lower case). ``operation`` is its class in the
        counters."""
        self._rows.append(
            (
                address.split("/") if address else [],
                {method.upper(): (operation, handler) for method, handler in handlers.items()},
            )
        )

    def find(self, call: Call) -> tuple[str, Handler]:
        """The operation and handler of a call. Raises SalesforceError: 404, or 405 where another method would
        do."""
        for address, handlers in self._rows:
            if len(address) == len(call.parts) and all(
                piece in ("*", given) for piece, given in zip(address, call.parts, strict=True)
            ):
                method = "GET" if call.method == "HEAD" else call.method
                if method in handlers:
                    return handlers[method]
                allowed = ",".join(sorted(handlers))
                raise SalesforceError(
                    405,
                    "METHOD_NOT_ALLOWED",
                    f"HTTP Method '{call.method}' not allowed. Allowed are {allowed}",
                )
        raise not_found()

    def answer(self, call: Call) -> Reply:
        """Run a call; a refusal becomes its error reply."""
        try:
            operation, handler = self.find(call)
            if not call.inner:
                call.org.world.counters.call("salesforce", operation)
            return handler(call)
        except SalesforceError as refusal:
            return Reply(refusal.status, [error.as_body() for error in refusal.errors])


def version_refusal(version: int) -> SalesforceError | None:
    """Why a version is not served: it is retired, or not there yet. None when it is."""
    if version < OLDEST:
        return SalesforceError(410, "UNSUPPORTED_API_VERSION", "This API version is retired.")
    return not_found() if version > NEWEST else None


def split_address(address: str) -> tuple[int, list[str], dict[str, str]] | None:
    """Take ``/services/data/v66.0/a/b?c=d`` apart: version, decoded pieces, parameters. None when it is no
    such address."""
    match = ADDRESS.fullmatch(address)
    if match is None:
        return None
    version, path, query = match.groups()
    pieces = [unquote(piece) for piece in (path or "").rstrip("/").split("/")]
    return (
        int(version),
        pieces if pieces != [""] else [],
        dict(parse_qsl(query or "", keep_blank_values=True)),
    )
