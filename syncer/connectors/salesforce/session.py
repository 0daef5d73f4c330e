"""The HTTP session of one org, used by simple-salesforce too: what every call needs happens here, once.

It sends only to the address that the tokens name, sets the current token, compresses, times out, counts,
renews the session on 401, tries again what passes, and turns every other failure into a `Fault`, so that
callers (simple-salesforce among them) see successes only.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from syncer.connectors import json_bodies
from syncer.connectors.bounded_calls import BoundedAdapter, CallLimits, ReplyTooLarge, told
from syncer.connectors.errors import Unexpected
from syncer.connectors.network import TLS, prepare
from syncer.connectors.retry import RetryPolicy, TransientFault
from syncer.connectors.salesforce import responses
from syncer.connectors.salesforce.api_budget import ApiBudget
from syncer.connectors.salesforce.oauth import API_VERSION, TokenManager, Tokens
from syncer.connectors.salesforce.oauth.http import no_answer
from syncer.core.records import System

DATA_PATH = f"/services/data/v{API_VERSION}/"
TIMEOUT = (5.0, 120.0)
CLIENT = "element451-sync"
_COMPRESS_FROM = 1024
_LOST = (
    requests.exceptions.ConnectionError,
    requests.exceptions.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    ReplyTooLarge,
)
_HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/json",
    # Marks our own changes in the org's change events; keeps the user's "recently used" list clean; asks for
    # the largest pages (A2).
    "Sforce-Call-Options": f"client={CLIENT}",
    "Sforce-Mru": "updateMru=false",
    "Sforce-Query-Options": "batchSize=2000",
}


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """The response to a successful call, and its decoded ``body``. ``repeated``: an earlier attempt may have
    been carried out, its response lost."""

    http: requests.Response
    body: Any
    repeated: bool


class OrgSession(requests.Session):
    """See the module. ``before_send`` is called immediately before every request that writes, repeated ones
    too. Safe for threads."""

    def __init__(
        self,
        token_manager: TokenManager,
        budget: ApiBudget,
        retry: RetryPolicy,
        *,
        clock: Callable[[], datetime],
        before_send: Callable[[], None] = lambda: None,
        connections: int = 8,
        limits: CallLimits | None = None,
    ) -> None:
        super().__init__()
        self.token_manager, self.budget, self._retry, self._clock, self._before_send = (
            token_manager,
            budget,
            retry,
            clock,
            before_send,
        )
        self._compress, self._ready = True, False
        for scheme in ("https://", "http://"):
            self.mount(
                scheme,
                BoundedAdapter(
                    limits, pool_connections=1, pool_maxsize=connections, max_retries=0, pool_block=True
                ),
            )

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """What simple-salesforce calls: any request to the org, by its whole address. Returns successes that
        it can decode, raises `Fault`s."""
        full = requests.Request("GET", _text(url), params=kwargs.get("params")).prepare().url or _text(url)
        data = kwargs.get("data")
        response = self.call(_text(method), full, data.encode() if isinstance(data, str) else data)
        if response.body is not None:
            response.http._content = json_bodies.encode(response.body)  # as it was read here: leniently
        return response.http

    def fetch(self, path: str) -> ApiResponse:
        """GET a path of this org."""
        return self.call("GET", path)

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        writes: bool = False,
        repeatable: bool = True,
    ) -> ApiResponse:
        """Make one call, with the attempts it needs. ``repeatable`` false: it is not repeated once Salesforce
        may have acted upon it. Raises `Fault`s (see `responses`)."""
        maybe_executed = False

        def attempt() -> ApiResponse:
            nonlocal maybe_executed
            try:
                response, decoded = self._send_authorized(method, path, body, writes)
                responses.check(response, decoded, self._clock)
            except TransientFault as failed:
                maybe_executed = maybe_executed or failed.executed
                raise
            return ApiResponse(response, decoded, maybe_executed)

        return self._retry.call(attempt, repeatable=repeatable)

    def _send_authorized(
        self, method: str, path: str, body: bytes | None, writes: bool
    ) -> tuple[requests.Response, object]:
        """One attempt; where the session has expired, again with a renewed one (A1.7)."""
        tokens = self.token_manager.current()
        for _ in range(3):
            response = self._send(tokens, method, path, body, writes)
            if response.status_code == 415 and self._compress and body:
                self._compress = False
                response = self._send(tokens, method, path, body, writes)
            decoded = responses.decoded_body(response)
            if response.status_code != 401:
                return response, decoded
            if any(
                error.message.startswith(responses.SESSION_NOT_RENEWABLE)
                for error in responses.errors_in(decoded)
            ):
                break
            # Another process may have stored a newer token: it is tried as well, and may have expired too.
            tokens, asked = self.token_manager.renew(tokens.access_token)
            if asked:
                response = self._send(tokens, method, path, body, writes)
                decoded = responses.decoded_body(response)
                if response.status_code != 401:
                    return response, decoded
                break
        raise responses.session_refused(response, decoded)

    def _send(
        self, tokens: Tokens, method: str, path: str, body: bytes | None, writes: bool
    ) -> requests.Response:
        url = _own_url(tokens.instance_url, path)
        sent = {**_HEADERS, "Authorization": f"Bearer {tokens.access_token}"}
        if body is not None and self._compress and len(body) >= _COMPRESS_FROM:
            body, sent["Content-Encoding"] = gzip.compress(body, compresslevel=1), "gzip"
        if not self._ready:
            prepare(self, tokens.instance_url)
            self._ready = True
        self.budget.spend()
        if writes:
            self._before_send()
        try:
            response = super().request(
                method, url, data=body, headers=sent, timeout=TIMEOUT, allow_redirects=False
            )
        except _LOST as error:
            if ended := told(System.SALESFORCE, error):
                raise ended from error
            fault = no_answer(error)
            if fault.code == TLS:
                raise fault from error  # that does not pass within seconds
            reason = getattr(error.args[0] if error.args else None, "reason", None)
            executed = not isinstance(reason, NewConnectionError | ConnectTimeoutError)
            raise TransientFault(
                System.SALESFORCE, fault.sentence, code=fault.code, detail=fault.detail, executed=executed
            ) from error
        except requests.RequestException as error:
            # Only the kind of error is named: its text may hold the token.
            raise Unexpected(
                System.SALESFORCE, "The request to Salesforce could not be made.", detail=type(error).__name__
            ) from None
        self.budget.update(response.headers.get("Sforce-Limit-Info"))
        return response


def _own_url(instance_url: str, path: str) -> str:
    """``path`` at the org's own address. simple-salesforce writes https:// always; the scheme is that of the
    tokens' address. Another host is refused."""
    if path.startswith("/") and not path.startswith("//"):
        return instance_url + path
    parts, own = urlsplit(path), urlsplit(instance_url)
    if parts.scheme not in ("http", "https") or parts.netloc != own.netloc:
        raise Unexpected(
            System.SALESFORCE,
            "Salesforce pointed to another address, which was not followed.",
            code="address",
            detail=parts.netloc,
        )
    return parts._replace(scheme=own.scheme, netloc=own.netloc).geturl()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
