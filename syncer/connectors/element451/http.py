"""Requests to Element451: one session, credentials, patience with what passes by itself, and faults in plain
words for what does not.

Every request may be sent again after a lost reply: reads change nothing; an update carries whole values, so
that doing it twice is doing it once; a creation matches on the Salesforce ID, so that the second one finds
the contact that the first one made.
"""

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import orjson
import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, ContentDecodingError
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from syncer.connectors.element451 import contract
from syncer.connectors.element451.address import check_element451_url
from syncer.connectors.errors import (
    Fault,
    FieldRefused,
    LimitReached,
    NotAllowed,
    ReconnectNeeded,
    Unexpected,
    Unreachable,
)
from syncer.connectors.response_headers import retry_after, server_time
from syncer.core.hosts import is_loopback_url
from syncer.core.records import System

TIMEOUT = (5, 60)  # seconds to connect, and without a byte of the reply
_OURS = System.ELEMENT451
_PASSING_ERRORS = (requests.ConnectionError, requests.Timeout, ChunkedEncodingError, ContentDecodingError)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a passing error is tried again (``tries`` in all), waiting up to ``longest`` seconds,
    ``first`` at most before the second try. A server that asks for more than ``longest`` ends the run instead
    (`LimitReached`)."""

    tries: int = 5
    first: float = 0.5
    longest: float = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A JSON reply, the server's time, and whether the request was sent more than once."""

    body: Mapping[str, Any]
    time: datetime
    repeated: bool = False


class _Passing(Exception):
    """An error that may pass: what to say if it does not, and how long the server asks to wait."""

    def __init__(self, fault: Fault, after: float | None = None) -> None:
        super().__init__(fault.sentence)
        self.fault, self.after = fault, after


class Http:
    """Requests as JSON, counted. Safe to use from several threads."""

    def __init__(
        self,
        api_url: str,
        feature_token: str,
        api_key: str | None = None,
        *,
        connections: int = 8,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises ValueError, with a sentence, for an address that is not Element451's."""
        self._base = check_element451_url(api_url)
        self._patience, self._sleep = patience or Patience(), sleep
        self._wait = wait_random_exponential(multiplier=self._patience.first, max=self._patience.longest)
        self._calls, self._lock = 0, Lock()
        self._session = requests.Session()
        self._session.headers.update(
            {"Feature": feature_token, "Content-Type": "application/json", "Accept": "application/json"}
        )
        if api_key:
            self._session.headers["Authorization"] = f"Bearer E451.{api_key}"
        # Proxies and certificates come from the environment, but a ~/.netrc must not replace our credentials.
        self._session.auth = _as_it_is
        self._session.trust_env = not is_loopback_url(self._base)
        if not self._session.trust_env:
            self._session.verify = (
                os.environ.get("REQUESTS_CA_BUNDLE") or True
            )  # a loopback server may have an authority of its own
        self._session.mount(
            self._base,
            HTTPAdapter(pool_connections=1, pool_maxsize=connections, pool_block=True, max_retries=0),
        )

    @property
    def calls(self) -> int:
        """Requests sent so far, repeated ones too."""
        return self._calls

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(self, path: str, params: Mapping[str, int]) -> Reply:
        """The reply to a GET. Raises a `Fault`."""
        return self._patiently("GET", path, params=params)

    def post(self, path: str, body: contract.Body, before: Callable[[], None] | None = None) -> Reply:
        """The reply to a POST; ``before`` is called right before each time that it is sent. Raises a `Fault`,
        or what ``before`` raises."""
        return self._patiently("POST", path, body=body, before=before)

    def _patiently(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, int] | None = None,
        body: contract.Body | None = None,
        before: Callable[[], None] | None = None,
    ) -> Reply:
        attempts = Retrying(
            retry=retry_if_exception_type(_Passing),
            wait=self._pause,
            stop=stop_after_attempt(self._patience.tries),
            sleep=self._sleep,
            reraise=True,
        )
        sent = garbled = 0
        try:
            for attempt in attempts:
                with attempt:
                    if before:
                        before()
                    sent += 1
                    try:
                        return replace(self._once(method, path, params, body), repeated=sent > 1)
                    except _Garbled as error:
                        garbled += 1
                        if (
                            garbled > 1
                        ):  # an answer that is no JSON passes once; twice, it is what the server has to say
                            raise error.fault from None
                        raise
        except _Passing as error:
            raise error.fault from error.__cause__
        raise AssertionError("Retrying ends with a reply or an error")

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.after if isinstance(error, _Passing) else None
        return asked if asked is not None else float(self._wait(state))

    def _once(
        self, method: str, path: str, params: Mapping[str, int] | None, body: contract.Body | None
    ) -> Reply:
        data = None if body is None else orjson.dumps(body)
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
        except _PASSING_ERRORS as error:
            raise _Passing(
                Unreachable(_OURS, "Element451 could not be reached.", code="NETWORK", detail=str(error))
            ) from error
        except requests.RequestException as error:
            raise Unexpected(
                _OURS, "The request to Element451 could not be sent.", code="REQUEST", detail=str(error)
            ) from error
        answered = _answered(response)
        if response.status_code not in {200, 201}:
            raise self._fault(response, answered, body)
        if answered is None:
            raise _Garbled(_unexpected(response, "Element451 answered with something that is not JSON."))
        return Reply(answered, server_time(response))

    def _fault(
        self, response: requests.Response, answered: Mapping[str, Any] | None, body: contract.Body | None
    ) -> Fault | _Passing:
        """What a reply that is not a success means (contract A10, A11)."""
        status = response.status_code
        detail = contract.message_of(answered) or response.reason or ""
        if contract.passes(status):
            return self._passing(response, f"HTTP {status}", detail)
        if status == contract.WRONG_TOKEN:
            sentence = (
                "Element451 did not accept the feature token or the API key: connect again with valid ones."
            )
            return ReconnectNeeded(_OURS, sentence, code=f"HTTP {status}", detail=detail)
        if status == contract.NOT_ALLOWED:
            sentence = "Element451 does not allow this with the feature token in use."
            return NotAllowed(_OURS, sentence, code=f"HTTP {status}", detail=detail)
        refused = _named(detail, contract.slugs_of(body)) if status in contract.NAMES_A_FIELD else None
        if refused:
            return FieldRefused(
                _OURS, f"Element451 refused the field {refused}.", code=f"HTTP {status}", detail=detail
            )
        if 300 <= status < 400:
            return _unexpected(response, "Element451 answered from another address: check the API address.")
        return _unexpected(
            response,
            f"Element451 refused the request: {detail}" if detail else "Element451 refused the request.",
            detail,
        )

    def _passing(self, response: requests.Response, code: str, detail: str) -> Fault | _Passing:
        after = retry_after(response)
        if after is not None and after > self._patience.longest:
            until = datetime.now(UTC) + timedelta(seconds=after)
            sentence = f"Element451 takes no more requests until {until:%H:%M} UTC."
            return LimitReached(_OURS, sentence, until=until, code=code, detail=detail)
        what = "takes no more requests" if response.status_code == contract.TOO_MANY else "is not available"
        return _Passing(
            Unreachable(_OURS, f"Element451 {what} at the moment.", code=code, detail=detail), after
        )


class _Garbled(_Passing):
    """A success whose body is not the JSON object that the contract promises."""


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _answered(response: requests.Response) -> Mapping[str, Any] | None:
    try:
        answered = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return None
    return answered if isinstance(answered, dict) else None


def _unexpected(response: requests.Response, sentence: str, detail: str = "") -> Unexpected:
    return Unexpected(
        _OURS, sentence, code=f"HTTP {response.status_code}", detail=detail or response.text[:300]
    )


def _named(text: str, slugs: set[str]) -> str | None:
    """The slug among those sent that ``text`` is about."""
    return next(
        (slug for slug in sorted(slugs) if re.search(rf"(?<![\w-]){re.escape(slug)}(?![\w*-])", text)), None
    )
