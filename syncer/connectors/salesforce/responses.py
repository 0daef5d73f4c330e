"""Salesforce's responses to whole calls: what each means for the caller (contracts/salesforce.md A2, A8). No
I/O."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests

from syncer.connectors import json_bodies
from syncer.connectors.errors import (
    Fault,
    FieldRefused,
    LimitReached,
    NotAllowed,
    Refusal,
    Unexpected,
    Unreachable,
)
from syncer.connectors.response_headers import retry_after
from syncer.connectors.retry import TransientFault
from syncer.connectors.system_text import described, without_values
from syncer.core.error_codes.entry import CallFailure
from syncer.core.error_codes.table import codes_of_calls, find
from syncer.core.records import System

TRANSIENT_STATUSES = frozenset({406, 420, 429, 500, 502, 503, 504})
TRANSIENT_CODES = codes_of_calls(CallFailure.TRANSIENT)
QUERY_TOO_HEAVY = codes_of_calls(CallFailure.TOO_LARGE)
"""Codes of queries that have to ask for less."""
SESSION_NOT_RENEWABLE = (
    "This session is not valid for use with the REST API",
    "Connected app is not attached to Agent",
)
"""Texts of a 401 that a new session does not cure (A1.7)."""
_SENTENCES = {
    410: (
        "Salesforce no longer offers the version of its API that this program uses. Whoever runs this"
        " installation has to install a newer release."
    ),
    414: (
        "A question to Salesforce was longer than it takes. Map fewer fields, and tell whoever runs this"
        " installation."
    ),
}
"""What certain statuses mean, whatever the body says (A2)."""
_COLUMN = re.compile(r"column '(\w+)'")
"""The field that a query is refused for."""
_UNKNOWN = codes_of_calls(CallFailure.FIELD_REFUSED)
_FORBIDDEN = codes_of_calls(CallFailure.NOT_ALLOWED)


@dataclass(frozen=True, slots=True)
class ApiError:
    """One error as Salesforce reports it, of a call (``errorCode``) or of a record (``statusCode``)."""

    code: str
    message: str = ""
    fields: tuple[str, ...] = ()


def errors_in(body: object) -> list[ApiError]:
    """The errors in a decoded body; empty where it holds none."""
    items: Iterable[object] = body if isinstance(body, list) else [body]
    found = []
    for item in items:
        code = (item.get("errorCode") or item.get("statusCode")) if isinstance(item, dict) else None
        if isinstance(item, dict) and isinstance(code, str):
            named = item.get("fields")
            fields = tuple(str(name) for name in named) if isinstance(named, list) else ()
            found.append(ApiError(code, str(item.get("message") or ""), fields))
    return found


def is_json(response: requests.Response) -> bool:
    """Whether the body says that it is JSON. HTML pages and empty bodies are not to be decoded (A2)."""
    return "json" in response.headers.get("Content-Type", "").lower() and bool(response.content)


def decoded_body(response: requests.Response) -> object:
    """The decoded body; None where it is no JSON."""
    if not is_json(response):
        return None
    try:
        return json_bodies.decode(response.content)
    except ValueError:
        return None


def check(response: requests.Response, body: object, clock: Callable[[], datetime]) -> None:
    """Return if the call succeeded; else raise its fault, a `TransientFault` if it may be tried again. A
    401 is the session's affair."""
    status = response.status_code
    if 200 <= status < 300:
        if status != 204 and body is None:
            raise TransientFault(
                System.SALESFORCE,
                "Salesforce answered with something that is not data. It is tried again later.",
                code=f"HTTP {status}",
                detail=described(response),
            )
        return
    errors = errors_in(body)
    if not errors:
        raise _fault_without_json(response, clock)
    fault = fault_of(errors, status, clock)
    if isinstance(fault, TransientFault):
        fault.retry_after = retry_after(response, clock)
    raise fault


def fault_of_connection(refusals: Iterable[Refusal], clock: Callable[[], datetime]) -> Fault | None:
    """The fault of the whole connection that one of these refusals of single records tells of; None where
    none does."""
    for refusal in refusals:
        known = find(refusal.code)
        if known and known.of_connection:
            fault = fault_of([ApiError(refusal.code, refusal.detail)], 0, clock)
            return None if isinstance(fault, TransientFault) else fault
    return None


def fault_of(errors: list[ApiError], status: int, clock: Callable[[], datetime]) -> Fault:
    """The fault for a call, or a subrequest of a composite call, that failed as a whole with these errors."""
    first = errors[0]
    code, detail = first.code, "; ".join(without_values(error.message) for error in errors)
    if status in _SENTENCES:
        return Unexpected(System.SALESFORCE, _SENTENCES[status], code=f"HTTP {status}", detail=detail)
    if code == "STORAGE_LIMIT_EXCEEDED":
        sentence = "Salesforce's data storage is full, so that nothing new can be stored. It is tried again."
        return Unreachable(System.SALESFORCE, sentence, code=code, detail=detail)
    if code == "REQUEST_LIMIT_EXCEEDED":
        return _limit(first, detail, clock)
    if code == "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE":
        until = clock() + timedelta(hours=1)
        sentence = (
            f"Salesforce is in maintenance and accepts no changes. It is tried again at {until:%H:%M} UTC."
        )
        return LimitReached(System.SALESFORCE, sentence, until=until, code=code, detail=detail)
    if code in TRANSIENT_CODES or (status in TRANSIENT_STATUSES and code not in QUERY_TOO_HEAVY):
        executed = code != "SERVER_UNAVAILABLE" and status != 429
        return TransientFault(
            System.SALESFORCE,
            "Salesforce is not available at the moment. It is tried again later.",
            code=code,
            detail=detail,
            executed=executed,
            max_attempts=4 if code == "UNKNOWN_EXCEPTION" else None,
        )
    if code in QUERY_TOO_HEAVY:
        return Unreachable(
            System.SALESFORCE,
            "Salesforce took too long to answer a question. It is tried again later.",
            code=code,
            detail=detail,
        )
    if code in _UNKNOWN:
        sentence = (
            "Salesforce does not know a field or an object that the sync uses, or hides it from the connected"
            " user."
        )
        named = tuple(dict.fromkeys(_COLUMN.findall(detail)))
        return FieldRefused(System.SALESFORCE, sentence, code=code, detail=detail, fields=named)
    if status == 403 or code in _FORBIDDEN:
        sentence = (
            "The connected Salesforce user may not do this. Check the user's permission for the API and for"
            " the object."
        )
        return NotAllowed(System.SALESFORCE, sentence, code=code, detail=detail)
    return Unexpected(
        System.SALESFORCE, "Salesforce refused a request of the sync.", code=code, detail=detail
    )


def subrequest_responses(body: Any) -> dict[str, dict[str, Any]]:
    """The responses to the subrequests of a composite request, by their reference ids (A4.2)."""
    found = body.get("compositeResponse") if isinstance(body, dict) else None
    if not isinstance(found, list):
        raise Unexpected(System.SALESFORCE, "Salesforce's answer to a composite request was not understood.")
    return {str(one.get("referenceId")): one for one in found if isinstance(one, dict)}


def session_refused(response: requests.Response, body: object) -> NotAllowed:
    """The fault for a 401 that renewing the session does not cure."""
    errors = errors_in(body)
    sentence = (
        "Salesforce refuses the calls of the connected user although the sign-in is valid. Check that the"
        " user and the External Client App may use the API, then connect again."
    )
    code = errors[0].code if errors else "401"
    return NotAllowed(
        System.SALESFORCE,
        sentence,
        code=code,
        detail=without_values(errors[0].message) if errors else described(response),
    )


def _limit(error: ApiError, detail: str, clock: Callable[[], datetime]) -> Fault:
    if "concurrent" in error.message.lower():
        sentence = "Salesforce is busy with too many requests at once. It is tried again later."
        return TransientFault(System.SALESFORCE, sentence, code=error.code, detail=detail, executed=False)
    until = clock() + timedelta(hours=1)
    sentence = (
        "Salesforce's daily limit of API calls is used up. It frees up over the next hours; the sync tries"
        f" again at {until:%H:%M} UTC."
    )
    return LimitReached(System.SALESFORCE, sentence, until=until, code=error.code, detail=detail)


def _fault_without_json(response: requests.Response, clock: Callable[[], datetime]) -> Fault:
    """The fault for an error that says nothing in JSON: an edge server's page, a redirect to one, or
    something in between."""
    status, detail = response.status_code, described(response)
    if status in TRANSIENT_STATUSES or status >= 500 or 301 <= status < 400:
        wait = retry_after(response, clock)
        sentence = "Salesforce is not available at the moment. It is tried again later."
        return TransientFault(
            System.SALESFORCE,
            sentence,
            code=f"HTTP {status}",
            detail=detail,
            executed=status != 429,
            retry_after=wait,
        )
    return Unexpected(
        System.SALESFORCE,
        _SENTENCES.get(status, f"Salesforce answered in a way that is not understood (HTTP {status})."),
        code=f"HTTP {status}",
        detail=detail,
    )
