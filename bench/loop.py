"""What the sync is compared with: a loop with simple-salesforce, one record a call, as most integrations
begin."""

import time
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce, SFType

from demo.imitation import Imitation
from demo.program import CLIENT_ID, CLIENT_SECRET

API_VERSION = "66.0"
VERIFIER, CHALLENGE = (
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
)
"""The pair of RFC 7636, appendix B."""


class _PlainHttp(HTTPAdapter):
    """simple-salesforce always builds https addresses, whatever it is given; the sandbox speaks http on
    loopback."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send the request without TLS."""
        request.url = (request.url or "").replace("https://", "http://", 1)
        return super().send(request, *args, **kwargs)


def sign_in(sandbox: Imitation, callback: str) -> str:
    """An access token of the benchmark's own, from the sandbox's OAuth."""
    query = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": callback,
        "scope": "api refresh_token",
        "code_challenge": CHALLENGE,
    }
    back = sandbox.approve(f"{sandbox.url}/services/oauth2/authorize?{urlencode(query)}")
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(back).query)["code"][0],
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uri": callback,
        "code_verifier": VERIFIER,
    }
    reply = requests.post(f"{sandbox.url}/services/oauth2/token", data=form, timeout=30)
    reply.raise_for_status()
    token: str = reply.json()["access_token"]
    return token


def connect(sandbox: Imitation, token: str) -> Salesforce:
    """simple-salesforce on the sandbox."""
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", _PlainHttp())
    return Salesforce(instance_url=sandbox.url, session_id=token, session=session, version=API_VERSION)


def read_loop(salesforce: Salesforce, ids: Sequence[str]) -> float:
    """Records a second when each record is read by a call of its own."""
    contact = cast(SFType, salesforce.Contact)
    began = time.perf_counter()
    for id in ids:
        contact.get(id)
    return len(ids) / (time.perf_counter() - began)


def write_loop(salesforce: Salesforce, ids: Sequence[str]) -> float:
    """Records a second when each record is updated by a call of its own."""
    contact = cast(SFType, salesforce.Contact)
    began = time.perf_counter()
    for number, id in enumerate(ids):
        contact.update(id, {"Department": f"Loop {number}"})
    return len(ids) / (time.perf_counter() - began)
