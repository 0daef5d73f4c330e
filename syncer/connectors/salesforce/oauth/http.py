"""How this package and the Salesforce connector reach the network: no redirects, no cookies, no netrc,
time-outs always."""

import re
from collections.abc import Mapping

import requests

from syncer.connectors import json_bodies, network
from syncer.connectors.bounded_calls import MEGABYTE, BoundedAdapter, CallLimits, told
from syncer.connectors.errors import Unreachable
from syncer.connectors.network import prepare
from syncer.connectors.system_text import without_values
from syncer.core.records import System

TIMEOUT = (5.0, 30.0)
"""Seconds to connect, and between two bytes of a sign-in's answer."""
LIMITS = CallLimits(seconds=60.0, most_bytes=MEGABYTE)
"""Of a whole sign-in call."""


def post_form(
    address: str, path: str, form: Mapping[str, str], timeout: tuple[float, float] = TIMEOUT
) -> requests.Response:
    """POST a form to a checked address. Raises `Unreachable` when no answer came (which leaves open whether
    it was acted upon)."""
    return _send("POST", address, path, timeout, data=dict(form), headers={"Accept": "application/json"})


def get(
    address: str, path: str, bearer: str | None = None, timeout: tuple[float, float] = TIMEOUT
) -> requests.Response:
    """GET from a checked address, with a token where one is given. Raises `Unreachable` when no answer
    came."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    return _send("GET", address, path, timeout, headers=headers)


def json_of(response: requests.Response) -> object:
    """The decoded body, or None where it is no JSON (an HTML error page, an empty body)."""
    if "json" not in response.headers.get("Content-Type", "").lower():
        return None
    try:
        return json_bodies.decode(response.content)
    except ValueError:
        return None


def no_answer(error: Exception) -> Unreachable:
    """The fault for a request that got no answer, or none that could be read."""
    if ended := told(System.SALESFORCE, error):
        return ended
    # The address may hold people's data: what was searched for. So may what was read of a broken reply.
    detail = without_values(re.sub(r"\?\S*", "?…", str(error)))
    cause = network.cause_of(error)
    sentence = network.sentence(cause, System.SALESFORCE.label)
    return Unreachable(System.SALESFORCE, sentence, code=cause, detail=detail)


def _send(
    method: str,
    address: str,
    path: str,
    timeout: tuple[float, float],
    *,
    headers: Mapping[str, str],
    data: Mapping[str, str] | None = None,
) -> requests.Response:
    with requests.Session() as session:
        prepare(session, address)
        session.mount(address, BoundedAdapter(LIMITS))
        try:
            return session.request(
                method, address + path, headers=headers, data=data, timeout=timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            raise no_answer(error) from error
