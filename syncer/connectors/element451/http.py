"""Requests to Element451: one session, credentials, retries of what may pass, and faults in plain words for
what does not.

Every request may be sent again after a lost response: reads change nothing; an update carries whole values,
so that doing it twice is doing it once; a creation matches on the Salesforce ID, so that the second one finds
the contact that the first one made.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any

import requests
from requests.exceptions import ChunkedEncodingError, ContentDecodingError

from syncer.connectors import json_bodies, network
from syncer.connectors.bounded_calls import BoundedAdapter, CallLimits, ReplyTooLarge, told
from syncer.connectors.element451 import contract
from syncer.connectors.element451.account_settings import AccountSettings
from syncer.connectors.element451.address import check_element451_url
from syncer.connectors.errors import (
    Fault,
    FieldRefused,
    NotAllowed,
    ReconnectNeeded,
    Unexpected,
)
from syncer.connectors.response_headers import retry_after, server_time
from syncer.connectors.retry import RetryPolicy, TransientFault
from syncer.connectors.skipped_rows import SkippedRows
from syncer.connectors.system_text import described, without_values
from syncer.core.records import System

TIMEOUT = (5, 60)  # seconds to connect, and without a byte of the response
_SYSTEM = System.ELEMENT451
_TRANSIENT_ERRORS = (
    requests.ConnectionError,
    requests.Timeout,
    ChunkedEncodingError,
    ContentDecodingError,
    ReplyTooLarge,
)
_SENTENCES = {
    410: (
        "Element451 no longer offers what this program asks for. Check the API address under Connection;"
        " whoever runs this installation may have to install a newer release."
    ),
    414: (
        "A question to Element451 was longer than it takes. Map fewer fields, and tell whoever runs this"
        " installation."
    ),
}

DEFAULT_RETRY = RetryPolicy(max_attempts=5, max_delay=60.0)
"""A server that asks to wait longer than this ends the run (`LimitReached`)."""


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """A JSON response, the server's time, and whether the request was sent more than once."""

    body: Mapping[str, Any]
    time: datetime
    repeated: bool = False


class _GarbledReply(TransientFault):
    """A success whose body is not the JSON object that the contract promises: that passes once; twice,
    it is ``fault``, what the server has to say."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(_SYSTEM, fault.sentence, code=fault.code, detail=fault.detail, max_attempts=2)
        self.fault = fault


class ApiSession:
    """Requests as JSON, counted. Safe to use from several threads. ``skipped`` counts the rows without an id
    that were left out of the responses."""

    def __init__(
        self,
        api_url: str,
        feature_token: str,
        api_key: str | None = None,
        *,
        connections: int = 8,
        retry: RetryPolicy | None = None,
        account: AccountSettings | None = None,
        limits: CallLimits | None = None,
    ) -> None:
        """``account``: where the account differs from the contract. Raises ValueError, with a sentence, for
        an address that is not Element451's."""
        self._base = check_element451_url(api_url)
        self.account = account or AccountSettings()
        self._retry = retry or DEFAULT_RETRY
        self._calls, self._lock, self.skipped = 0, Lock(), SkippedRows()
        self._resumes = (
            0.0  # when the account takes requests again, by `monotonic`: asked of one, kept by all
        )
        self._session = requests.Session()
        self._session.headers.update(
            {"Feature": feature_token, "Content-Type": "application/json", "Accept": "application/json"}
        )
        if api_key:
            self._session.headers["Authorization"] = f"Bearer E451.{api_key}"
        network.prepare(self._session, self._base)
        self._session.mount(
            self._base,
            BoundedAdapter(
                limits, pool_connections=1, pool_maxsize=connections, pool_block=True, max_retries=0
            ),
        )

    @property
    def calls(self) -> int:
        """Requests sent so far, repeated ones too."""
        return self._calls

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(self, path: str, params: Mapping[str, int]) -> ApiResponse:
        """The response to a GET. Raises a `Fault`."""
        return self._with_retries("GET", path, params=params)

    def post(self, path: str, body: contract.Body, before: Callable[[], None] | None = None) -> ApiResponse:
        """The response to a POST; ``before`` is called right before each time that it is sent. Raises a
        `Fault`, or what ``before`` raises."""
        return self._with_retries("POST", path, body=body, before=before)

    def _with_retries(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, int] | None = None,
        body: contract.Body | None = None,
        before: Callable[[], None] | None = None,
    ) -> ApiResponse:
        sent, path = 0, self.account.path(path)
        body = None if body is None else dict(self.account.request(body))

        def attempt() -> ApiResponse:
            nonlocal sent
            if not sent and (wait := self._resumes - monotonic()) > 0:
                self._retry.sleep(wait)
            if before:
                before()
            sent += 1
            try:
                return replace(self._send(method, path, params, body), repeated=sent > 1)
            except TransientFault as fault:
                self._resumes = max(self._resumes, monotonic() + self._asked_to_wait(fault))
                raise

        try:
            return self._retry.call(attempt)
        except _GarbledReply as garbled:
            raise garbled.fault from None

    def _asked_to_wait(self, fault: TransientFault) -> float:
        """The seconds that the account asks every request to wait; one that asks for more than we wait ends
        the run, and holds up nothing."""
        asked = fault.retry_after or 0.0
        return asked if asked <= self._retry.max_delay else 0.0

    def _send(
        self, method: str, path: str, params: Mapping[str, int] | None, body: contract.Body | None
    ) -> ApiResponse:
        data = None if body is None else json_bodies.encode(body)
        with self._lock:
            self._calls += 1
        try:
            response = self._session.request(
                method,
                f"{self._base}/{path}",
                params=params,
                data=data,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except _TRANSIENT_ERRORS as error:
            cause = network.cause_of(error)
            raise told(_SYSTEM, error) or TransientFault(
                _SYSTEM,
                network.sentence(cause, _SYSTEM.label),
                code="NETWORK" if cause == network.NETWORK else cause,
                detail=without_values(str(error)),
                max_attempts=1 if cause == network.TLS else None,  # that does not pass within seconds
            ) from error
        except requests.RequestException as error:
            raise Unexpected(
                _SYSTEM,
                "The request to Element451 could not be sent.",
                code="REQUEST",
                detail=without_values(str(error)),
            ) from error
        content = _json_object(response)
        if response.status_code not in {200, 201}:
            raise self._fault(response, content, body)
        if content is None:
            raise _GarbledReply(_unexpected(response, "Element451 answered with something that is not JSON."))
        return ApiResponse(self.account.response(content), server_time(response))

    def _fault(
        self, response: requests.Response, content: Mapping[str, Any] | None, body: contract.Body | None
    ) -> Fault:
        """What a response that is not a success means (contract A10, A11)."""
        status = response.status_code
        detail = without_values(contract.message_of(content)) or response.reason or ""
        if contract.is_transient(status):
            return self._transient(response, f"HTTP {status}", detail)
        if status == contract.UNAUTHORIZED:
            sentence = (
                "Element451 did not accept the feature token or the API key: connect again with valid ones."
            )
            return ReconnectNeeded(_SYSTEM, sentence, code=f"HTTP {status}", detail=detail)
        if status == contract.FORBIDDEN:
            sentence = "Element451 does not allow this with the feature token in use."
            return NotAllowed(_SYSTEM, sentence, code=f"HTTP {status}", detail=detail)
        refused = _named(detail, contract.slugs_of(body)) if status in contract.NAMES_A_FIELD else None
        if refused:
            refused = self.account.slug(refused)
            sentence = f"Element451 refused the field {refused}."
            return FieldRefused(_SYSTEM, sentence, code=f"HTTP {status}", detail=detail, fields=(refused,))
        if status in _SENTENCES:
            return _unexpected(response, _SENTENCES[status], detail)
        if 300 <= status < 400:
            return _unexpected(response, "Element451 answered from another address: check the API address.")
        return _unexpected(
            response,
            f"Element451 refused the request: {detail}" if detail else "Element451 refused the request.",
            detail,
        )

    def _transient(self, response: requests.Response, code: str, detail: str) -> Fault:
        what = (
            "takes no more requests"
            if response.status_code == contract.TOO_MANY_REQUESTS
            else "is not available"
        )
        sentence = f"Element451 {what} at the moment."
        return TransientFault(_SYSTEM, sentence, code=code, detail=detail, retry_after=retry_after(response))


def _json_object(response: requests.Response) -> Mapping[str, Any] | None:
    try:
        content = json_bodies.decode(response.content)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _unexpected(response: requests.Response, sentence: str, detail: str = "") -> Unexpected:
    return Unexpected(
        _SYSTEM, sentence, code=f"HTTP {response.status_code}", detail=detail or described(response)
    )


def _named(text: str, slugs: set[str]) -> str | None:
    """The slug among those sent that ``text`` is about."""
    return next(
        (slug for slug in sorted(slugs) if re.search(rf"(?<![\w-]){re.escape(slug)}(?![\w*-])", text)), None
    )
